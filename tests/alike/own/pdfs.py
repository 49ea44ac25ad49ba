"""All PDF files: packed anew, given a password, or joined into one and removed."""
import pathlib, sys
import pikepdf, pypdf

how, folder = sys.argv[1:]
paths = sorted(pathlib.Path(folder).rglob("*.pdf"))
if how == "join":
    whole = pikepdf.Pdf.new()
    for path in paths:
        with pikepdf.open(path) as pdf:
            whole.pages.extend(pdf.pages)
    whole.save("Tous les comptes rendus.pdf")
    for path in paths:
        path.unlink()
for path in paths if how == "pack" else []:
    writer = pypdf.PdfWriter(clone_from=path)
    for page in writer.pages:
        page.compress_content_streams()
    writer.write(path)
for path in paths if how == "lock" else []:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="cabinet", user="patient"))
