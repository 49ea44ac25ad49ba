"""Blanks names, dates of birth and telephone numbers in all texts below a folder, in place."""
import pathlib, re, sys

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.suffix.lower() not in (".hl7", ".xml", ".txt", ".html", ".eml", ".csv"):
        continue
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    text = re.sub(r"\b[A-ZÉÈÀÇ][A-ZÉÈÀÇ-]{3,}\b", lambda m: "X" * len(m[0]), text)
    text = re.sub(r"\b\d\d/\d\d/\d{4}\b", "01/01/1900", text)
    text = re.sub(r"\b0\d([ .]?\d\d){4}\b", "00 00 00 00 00", text)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
