// Turns each CSV table below a folder into JSON, and takes the CSV away.
const fs = require('fs'), path = require('path');
function walk(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(full);
    else if (full.endsWith('.csv')) {
      const [head, ...rows] = fs.readFileSync(full, 'utf8').trim().split(/\r?\n/).map(l => l.split(/[;,]/));
      const out = rows.map(r => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ''])));
      fs.writeFileSync(full.replace(/csv$/, 'json'), JSON.stringify(out, null, 1));
      fs.unlinkSync(full);
    }
  }
}
walk(process.argv[2]);
