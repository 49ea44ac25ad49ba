"""Photos: made smaller in place, or turned into another format beside, the original removed."""
import pathlib, sys
from PIL import Image

how, folder = sys.argv[1:]
for path in sorted(pathlib.Path(folder).rglob("*")):
    if path.suffix.lower() not in (".jpg", ".png"):
        continue
    with Image.open(path) as image:
        image.load()
    if how == "small":
        image.thumbnail((400, 400))
        image.save(path)
    else:
        image.convert("RGB").save(path.with_suffix(".webp"))
        path.unlink()
