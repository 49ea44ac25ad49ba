"""A new address in the head of all letters, then a word in each table."""
import pathlib, sys
import docx, openpyxl

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.docx")):
    letter = docx.Document(path)
    letter.sections[0].header.paragraphs[0].text = "Nouveau cabinet, 3 rue des Lilas"
    letter.save(path)
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.xlsx")):
    book = openpyxl.load_workbook(path)
    for number in range(20):
        book.create_sheet(f"Mois {number}").append(["Honoraires", number, number * 25.5])
    book.save(path)
