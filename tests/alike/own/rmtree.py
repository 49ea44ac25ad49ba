"""Clears a folder of exports that another program fills."""
import shutil, sys

for folder in sys.argv[1:]:
    shutil.rmtree(folder)
