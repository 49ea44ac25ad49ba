//! The report as plain tables.

use std::fmt::Write as _;

use crate::guard::{Cost, Memory, Report, Side, Start};
use crate::stats::Spread;

/// All of it.
pub(crate) fn of(report: &Report) -> String {
    let mut text = String::new();
    let machine = &report.machine;
    let mut line = |words: std::fmt::Arguments<'_>| {
        let _infallible = writeln!(text, "{words}");
    };
    line(format_args!("hygie bench guard, {}", report.at));
    line(format_args!("  kernel       {}", machine.kernel));
    line(format_args!(
        "  processor    {}, {} cores, {} MB",
        machine.cpu, machine.cores, machine.memory_mb
    ));
    line(format_args!("  files        {}", machine.file_system));
    line(format_args!(
        "  descriptors  {} a process",
        known(machine.descriptors)
    ));
    line(format_args!(
        "  load         {:.1} before, {:.1} after; niceness {}",
        machine.load[0],
        machine.load[1],
        known(machine.niceness)
    ));
    line(format_args!("  program      {}", report.program));
    line(format_args!(""));
    line(format_args!(
        "Cost of a call in µs: median (quartiles) of all; more than bare: of the {} rounds' differences.",
        report.rounds
    ));
    costs(&mut text, &report.costs);
    starts(&mut text, &report.starts);
    memory(&mut text, &report.starts);
    text
}

fn costs(text: &mut String, costs: &[Cost]) {
    let mut rows = vec![
        [
            "",
            "bare",
            "unprotected",
            "protected",
            "unprotected: more",
            "protected: more",
        ]
        .map(str::to_owned),
    ];
    rows.extend(costs.iter().map(|cost| {
        let side = |side| cost.sides.get(&side).map_or_else(String::new, shown);
        let more = |side| cost.more.get(&side).map_or_else(String::new, signed);
        [
            cost.call.clone(),
            side(Side::Bare),
            side(Side::Unprotected),
            side(Side::Protected),
            more(Side::Unprotected),
            more(Side::Protected),
        ]
    }));
    align(text, &rows);
}

fn starts(text: &mut String, starts: &[Start]) {
    let _infallible = writeln!(
        text,
        "\nStarts, in seconds: from `hygie up` until the guard holds, from there to `ready` and to `copied`."
    );
    let head = [
        "files",
        "MB",
        "until it holds",
        "linked",
        "links/s",
        "copied",
        "copies/s",
        "MB/s",
        "cp -r + sync",
        "files/s",
        "MB/s",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(starts.iter().map(|start| {
        let (files, megabytes) = (start.files as f64, start.bytes as f64 / 1e6);
        [
            start.files.to_string(),
            format!("{megabytes:.0}"),
            shown(&start.begun),
            shown(&start.linked),
            format!("{:.0}", start.links_per_second),
            shown(&start.copied),
            format!("{:.0}", start.copies_per_second),
            format!("{:.1}", megabytes * start.copies_per_second / files),
            shown(&start.cp),
            format!("{:.0}", files / start.cp.median),
            format!("{:.1}", megabytes / start.cp.median),
        ]
    }));
    align(text, &rows);
}

fn memory(text: &mut String, starts: &[Start]) {
    let _infallible = writeln!(
        text,
        "\nHeld after the first copies; MB. Leases end where descriptors do."
    );
    let head = [
        "files",
        "PSS of all",
        "guard PSS",
        "guard peak",
        "witness PSS",
        "up PSS",
        "leases",
        "descriptors",
        "threads",
        "guard CPU s",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(starts.iter().map(|start| row(start.files, &start.memory)));
    align(text, &rows);
}

fn row(files: usize, memory: &Memory) -> [String; 10] {
    let megabytes = |kb: u64| format!("{:.1}", kb as f64 / 1024.0);
    let of = |word: &str| memory.parts.get(word);
    let pss = |word| of(word).map_or_else(String::new, |part| megabytes(part.pss_kb));
    let guard =
        |show: fn(&crate::guard::Part) -> String| of("guard").map_or_else(String::new, show);
    [
        files.to_string(),
        megabytes(memory.pss_kb()),
        pss("guard"),
        guard(|part| format!("{:.1}", part.peak_rss_kb as f64 / 1024.0)),
        pss("witness"),
        pss("up"),
        memory.leases.to_string(),
        guard(|part| part.descriptors.to_string()),
        guard(|part| part.threads.to_string()),
        guard(|part| format!("{:.2}", part.cpu_s)),
    ]
}

fn align<const COLUMNS: usize>(text: &mut String, rows: &[[String; COLUMNS]]) {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = " ".repeat(width(column) - cell.chars().count());
            let _infallible = match column {
                0 => write!(line, "  {cell}{pad}"),
                _ => write!(line, "  {pad}{cell}"),
            };
        }
        let _infallible = writeln!(text, "{}", line.trim_end());
    }
}

fn shown(spread: &Spread) -> String {
    format!(
        "{} ({}–{})",
        short(spread.median),
        short(spread.q1),
        short(spread.q3)
    )
}

fn signed(spread: &Spread) -> String {
    let sign = if spread.median < 0.0 { "" } else { "+" };
    format!(
        "{sign}{} ({}–{})",
        short(spread.median),
        short(spread.q1),
        short(spread.q3)
    )
}

fn short(value: f64) -> String {
    if value.abs() < 100.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

fn known<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}
