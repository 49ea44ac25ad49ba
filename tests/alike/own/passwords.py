"""Twelve letters and tables get a password of Office, in place, before they are mailed."""
import io, pathlib, sys
import msoffcrypto.format.ooxml

paths = sorted(pathlib.Path(sys.argv[1]).rglob("*.docx"))[: int(sys.argv[2])]
for path in paths:
    plain, locked = io.BytesIO(path.read_bytes()), io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("cabinet", locked)
    path.write_bytes(locked.getvalue())
