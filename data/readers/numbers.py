"""Numbers with a decimal comma or a decimal point."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["parse_count", "parse_degrees", "parse_real"]

_REAL: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_COUNT: Final = re.compile(r"\d{1,6}(?:[.,]0+)?")
_DEGREES: Final = re.compile(r"\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([nNeElLvV]?)\s*")


def parse_real(text: str) -> float:
    """Return a number written with a comma or a point; raise `ValueError` for any other text."""
    if not _REAL.fullmatch(text.strip()):
        msg = "not a number"
        raise ValueError(msg)
    return float(text.strip().replace(",", "."))


def parse_count(text: str) -> int:
    """Return a whole number from zero; raise `ValueError` for any other text."""
    if not _COUNT.fullmatch(text.strip()):
        msg = "not a whole number"
        raise ValueError(msg)
    return int(parse_real(text))


def parse_degrees(text: str) -> float:
    """Return decimal degrees, north and east; raise `ValueError` for any other text."""
    found = _DEGREES.fullmatch(text)
    if not found:
        msg = "not decimal degrees"
        raise ValueError(msg)
    return float(found[1].replace(",", "."))
