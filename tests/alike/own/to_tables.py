"""Each CSV table becomes one of Excel's; the CSV goes."""
import csv, pathlib, sys
import openpyxl

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.csv")):
    book = openpyxl.Workbook()
    for row in csv.reader(path.read_text("utf-8", "replace").splitlines(), delimiter=";"):
        book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    path.unlink()
