"""A log of a program's own, renamed and packed each day; the oldest goes."""
import gzip, os, pathlib, random, shutil

folder = pathlib.Path("journaux")
folder.mkdir(exist_ok=True)
for day in range(12):
    for service in ("agenda", "lecteur", "sauvegarde", "fax"):
        log = folder / f"{service}.log"
        with log.open("a") as out:
            for line in range(2000):
                out.write(f"{day:02}:{line:04} {service} {random.random()}\n")
        for number in range(6, 0, -1):
            old, new = (folder / f"{service}.log.{n}.gz" for n in (number, number + 1))
            if old.exists():
                os.replace(old, new)
        with log.open("rb") as plain, gzip.open(folder / f"{service}.log.1.gz", "wb") as packed:
            shutil.copyfileobj(plain, packed)
        log.write_text("")
        (folder / f"{service}.log.7.gz").unlink(missing_ok=True)
