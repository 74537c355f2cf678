"""Pictures for the documents: small enough for a repository, and never of an empty page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

__all__ = ["keep"]

_LARGEST_BYTES = 190_000
#: A picture with fewer shades than this shows an empty page.
_FEWEST_SHADES = 24


def keep(picture: bytes, kept: Path) -> None:
    """Keep a picture in 256 colours: a page needs no more, and the file is half the size.

    With fewer the rare ones would go, and they are the ones that say danger.
    """
    with Image.open(BytesIO(picture)) as taken:
        whole = taken.convert("RGB")
    shades = whole.getcolors(maxcolors=whole.width * whole.height) or []
    few = whole.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(kept, optimize=True)
    assert len(shades) >= _FEWEST_SHADES, "the page is empty"
    assert kept.stat().st_size <= _LARGEST_BYTES
