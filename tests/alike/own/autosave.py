"""An editor that saves a letter fifty times, over itself; then beside, and renamed over."""
import os, sys, time
import docx

path = sys.argv[1]
for number in range(50):
    letter = docx.Document(path)
    letter.add_paragraph(f"Examen {number} : rien à signaler.")
    target = path if number % 2 else path + ".tmp"
    letter.save(target)
    if target != path:
        os.replace(target, path)
    time.sleep(0.05)
