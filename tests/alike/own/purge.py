"""Removes what has not been written since a year, as a retention rule says."""
import datetime, os, pathlib, sys

limit = datetime.datetime(int(sys.argv[1]), 1, 1).timestamp()
for folder in sys.argv[2:]:
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file() and path.stat().st_mtime < limit:
            os.remove(path)
