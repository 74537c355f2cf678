"""The colours of every map, sheet and chart, each with a second cue beside it.

Chosen for people who see colours differently: a risk class is also a width of
outline, a degree also a size and a fill, a team also a dash, a state also a
sign. Red and green never stand alone.

References
----------
Okabe and Ito (2008), Color Universal Design: the colours of the teams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from data.vocabulary import RiskDegree, SegmentStatus

__all__ = [
    "BORDER",
    "CLASS_COLOURS",
    "DANGER",
    "DEGREE_MARKS",
    "DONE",
    "HAZE",
    "INK",
    "LAND",
    "MUTED",
    "PAPER",
    "PRIMARY",
    "RISK_COLOURS",
    "RISK_WIDTHS_PX",
    "ROAD",
    "ROAD_CASING",
    "SEA",
    "SEGMENT_LINES",
    "TEAM_COLOURS",
    "TEAM_DASHES",
    "WARNING",
    "DegreeMark",
    "Line",
    "team_line",
]

PAPER: Final = "#FBFAF7"
INK: Final = "#1F2A33"
MUTED: Final = "#5A6670"
PRIMARY: Final = "#0B5C73"
DANGER: Final = "#A3253B"
WARNING: Final = "#9A4A00"
DONE: Final = "#2B6A4A"

LAND: Final = "#F2EFE6"
SEA: Final = "#D9E6EC"
#: Land that our data knows nothing of.
HAZE: Final = "#E7E5DF"
BORDER: Final = "#8B8577"
ROAD: Final = "#FFFFFF"
ROAD_CASING: Final = "#CFC8B8"

#: From least to most, with the outline that says the same without colour.
RISK_COLOURS: Final = ("#FDF3D8", "#F9CF8F", "#F09A57", "#D65F3B", "#A32A2F", "#6B1029")
RISK_WIDTHS_PX: Final = (0.4, 0.8, 1.2, 1.7, 2.3, 3.0)

#: Classes of something good, from least to most; the label on the map says the class too.
CLASS_COLOURS: Final = ("#F4EFE3", "#CFE0DF", "#94BFC6", "#4E93A5", "#0B5C73")

TEAM_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
TEAM_DASHES: Final = ("", "10 6", "2 6", "14 5 3 5", "6 4", "18 6")


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeMark:
    """How a case of a risk degree is drawn: colour, size, and whether it is filled."""

    colour: str
    radius_px: float
    filled: bool


#: Larger and fuller is more urgent.
DEGREE_MARKS: Final = {
    RiskDegree.HIGH: DegreeMark(colour="#6B1029", radius_px=7.0, filled=True),
    RiskDegree.MODERATE: DegreeMark(colour="#D65F3B", radius_px=5.5, filled=True),
    RiskDegree.LOW: DegreeMark(colour="#9A4A00", radius_px=4.5, filled=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line's colour, width and dash; `double` has a light line inside."""

    colour: str
    width_px: float
    dash: str = ""
    double: bool = False


SEGMENT_LINES: Final = {
    SegmentStatus.OPEN: Line(colour=DANGER, width_px=3.0, dash="8 6"),
    SegmentStatus.FENCED: Line(colour=INK, width_px=3.0),
    SegmentStatus.GUARDED: Line(colour=INK, width_px=6.0, double=True),
}


def team_line(number: int) -> Line:
    """Return the line of the nth team, from 0; colours and dashes come round together."""
    n = number % len(TEAM_COLOURS)
    return Line(colour=TEAM_COLOURS[n], width_px=4.0, dash=TEAM_DASHES[n])
