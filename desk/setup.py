"""What is prepared once before the first start: Leaflet's files and the compiled search for rounds.

`python -m desk.setup` does it for the Makefile; the browser door asks again at
its start, so that ``streamlit run app.py`` alone works too.
"""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from patrol import orienteering

__all__ = ["STATIC_DIR", "prepare"]

STATIC_DIR = Path(__file__).resolve().parents[1] / "static"
_WANTED = ("leaflet.js", "leaflet.css", "images")


def prepare(static_dir: Path = STATIC_DIR) -> Path:
    """Copy Leaflet into the folder that Streamlit serves, unless it is there; return its folder."""
    target = static_dir / "leaflet"
    if all((target / name).exists() for name in _WANTED):
        return target
    with as_file(files("js_lib_leaflet")) as package:
        source = next((package / "static").rglob("leaflet.js")).parent
        target.mkdir(parents=True, exist_ok=True)
        for name in _WANTED:
            origin = source / name
            if origin.is_dir():
                shutil.copytree(origin, target / name, dirs_exist_ok=True)
            else:
                shutil.copyfile(origin, target / name)
    return target


if __name__ == "__main__":
    prepare()
    orienteering.prepare()  # kept on the disk: the first plan need not wait for it
