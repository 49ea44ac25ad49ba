"""Names photos by what is in them, so that none is kept twice."""
import hashlib, pathlib, sys

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.suffix.lower() in (".jpg", ".png", ".dcm"):
        digest = hashlib.sha1(path.read_bytes()).hexdigest()
        path.rename(path.with_name(digest + path.suffix))
