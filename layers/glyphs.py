"""Signs drawn by ourselves: places by kind, hours as a small clock, and what stands in a legend.

Each is a small SVG without an address in it; nothing that a person or a file
wrote goes into one except numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from data.vocabulary import PlaceKind
from layers.palette import DANGER, DONE, INK, MUTED, PAPER, PRIMARY, WARNING

__all__ = [
    "arrow",
    "base",
    "clock",
    "dot",
    "hatched",
    "landmark",
    "numbered",
    "pin",
    "place",
    "stroke",
    "svg",
    "swatch",
]

#: What stands inside a place's ring, in a box of 16 by 16.
_KINDS: Final = {
    PlaceKind.MARKET: "M3 7h10M4 7v5h8V7M3 7l1.5-3h7L13 7",
    PlaceKind.JUNCTION: "M8 3v10M3 8h10",
    PlaceKind.SQUARE: "M4 4h8v8H4z",
    PlaceKind.BEACH: "M3 8a5 4 0 0 1 10 0zM8 8v5",
    PlaceKind.PROMENADE: "M3 6q2.5-2.5 5 0t5 0M3 10q2.5-2.5 5 0t5 0",
    PlaceKind.BUS_STATION: "M4 4h8v7H4zM4 8h8M6 11v2M10 11v2",
    PlaceKind.LANDFILL: "M3 12l5-8 5 8z",
    PlaceKind.MINE_HEAP: "M4 5q4-3 8 0M8 4v9",
    PlaceKind.BORDER: "M5 3v10M11 3v10M5 6h6",
    PlaceKind.SCHOOL: "M2.5 7L8 4l5.5 3L8 10zM5 8.5V12h6V8.5",
    PlaceKind.FARMLAND: "M3 5h10M3 8h10M3 11h10",
    PlaceKind.SHOPS: "M4 6h8v6H4zM6 6V4.5a2 2 0 0 1 4 0V6",
    PlaceKind.WORSHIP: "M4 13V8a4 4 0 0 1 8 0v5zM8 4V2",
    PlaceKind.SETTLEMENT: "M3 8l5-4 5 4M4.5 7.5V12h7V7.5",
    PlaceKind.OTHER: "M7 8a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
}
#: First and last hour of the parts of a day, as the slots' ids name them.
_HOURS: Final = {"morning": (6, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 30)}


def svg(content: str, *, size_px: int, box: int = 24) -> str:
    """Return an SVG element around its content."""
    return (
        f'<svg width="{size_px}" height="{size_px}" viewBox="0 0 {box} {box}" '
        f'aria-hidden="true" style="display:block">{content}</svg>'
    )


def place(kind: PlaceKind, *, state: str = "", n_cases: int = 0, size_px: int = 24) -> str:
    """Return a place's ring with its kind inside, and how many cases there are below it.

    `state` is ``overdue``, ``visited`` or empty.
    """
    ring = {"overdue": WARNING, "visited": DONE}.get(state, INK)
    sign = {"overdue": "!", "visited": "\N{CHECK MARK}"}.get(state, "")
    body = (
        f'<circle cx="12" cy="12" r="10" fill="{PAPER}" stroke="{ring}" stroke-width="2"/>'
        f'<g transform="translate(4 4)"><path d="{_KINDS[kind]}" fill="none" stroke="{INK}" '
        f'stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"/></g>'
    )
    if sign:
        body += (
            f'<circle cx="19" cy="5" r="5" fill="{ring}"/>'
            f'<text x="19" y="8" font-size="9" font-weight="bold" fill="#fff" '
            f'text-anchor="middle" font-family="sans-serif">{sign}</text>'
        )
    if n_cases:
        body += (
            f'<rect x="5" y="14.5" width="14" height="9.5" rx="4" fill="{DANGER}"/>'
            f'<text x="12" y="22.2" font-size="8.5" font-weight="bold" fill="#fff" '
            f'text-anchor="middle" font-family="sans-serif">{min(int(n_cases), 999)}</text>'
        )
    return svg(body, size_px=size_px)


def landmark(kind: PlaceKind, *, size_px: int = 20) -> str:
    """Return a square sign for what everybody knows: beaches, schools, border crossings."""
    body = (
        f'<rect x="1" y="1" width="22" height="22" rx="3" fill="{PRIMARY}" stroke="{PAPER}"/>'
        f'<g transform="translate(4 4)"><path d="{_KINDS[kind]}" fill="none" stroke="#fff" '
        f'stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/></g>'
    )
    return svg(body, size_px=size_px)


def clock(slots: Iterable[str], *, size_px: int = 38) -> str:
    """Return a place at risk as a clock of 24 hours: working days outside, weekends inside.

    Midnight is at the top. The hours in which it is active are the thick arcs.
    """
    wanted = set(slots)
    body = f'<circle cx="24" cy="24" r="23" fill="{PAPER}" stroke="{INK}" stroke-width="1"/>'
    for day, radius in (("weekday", 19.0), ("weekend", 13.0)):
        body += f'<circle cx="24" cy="24" r="{radius}" fill="none" stroke="#CFC8B8"/>'
        for part, (first, end) in _HOURS.items():
            if f"{day}-{part}" in wanted:
                body += _arc(radius, first, end)
    body += f'<circle cx="24" cy="24" r="6" fill="{DANGER}"/>'
    body += '<circle cx="24" cy="24" r="2.2" fill="#fff"/>'
    return svg(body, size_px=size_px, box=48)


def _arc(radius: float, first: int, end: int) -> str:
    turns = [2 * math.pi * hour / 24 for hour in (first, end)]
    (x0, y0), (x1, y1) = ((24 + radius * math.sin(t), 24 - radius * math.cos(t)) for t in turns)
    long = int(end - first > 12)  # noqa: PLR2004 - half a day is half the circle
    return (
        f'<path d="M{x0:.1f} {y0:.1f}A{radius} {radius} 0 {long} 1 {x1:.1f} {y1:.1f}" '
        f'fill="none" stroke="{DANGER}" stroke-width="5"/>'
    )


def numbered(number: int | str, colour: str, *, done: bool = False, size_px: int = 28) -> str:
    """Return a stop's number in its team's colour, with a casing of ink; a done one is ticked."""
    body = (
        f'<circle cx="14" cy="14" r="12" fill="{PAPER}" stroke="{INK}" stroke-width="1"/>'
        f'<circle cx="14" cy="14" r="10.5" fill="none" stroke="{colour}" stroke-width="3"/>'
        f'<text x="14" y="18.5" font-size="12" font-weight="bold" fill="{INK}" '
        f'text-anchor="middle" font-family="sans-serif">{int(number)}</text>'
    )
    if done:
        body += (
            f'<circle cx="22" cy="6" r="5.5" fill="{DONE}" stroke="{PAPER}" stroke-width="1"/>'
            f'<path d="M19.5 6l2 2 3-4" fill="none" stroke="{PAPER}" stroke-width="1.6"/>'
        )
    return svg(body, size_px=size_px, box=28)


def arrow(degrees: float, colour: str, *, size_px: int = 18) -> str:
    """Return an arrow that points so many degrees from north, clockwise."""
    body = (
        f'<path transform="rotate({float(degrees):.0f} 12 12)" d="M12 3l7 16-7-4-7 4z" '
        f'fill="{colour}" stroke="{INK}" stroke-width="1.5" stroke-linejoin="round"/>'
    )
    return svg(body, size_px=size_px)


def base(*, size_px: int = 26) -> str:
    """Return the house where a round starts and ends."""
    body = (
        f'<path d="M3 12l9-8 9 8v9H3z" fill="{INK}" stroke="{PAPER}" stroke-width="1.5"/>'
        f'<path d="M10 21v-6h4v6z" fill="{PAPER}"/>'
    )
    return svg(body, size_px=size_px)


def pin(*, size_px: int = 44) -> str:
    """Return a pin whose tip is the middle of its box: what was looked for or touched."""
    body = (
        f'<path d="M22 22C14 14 13 11.5 13 9a9 9 0 0 1 18 0c0 2.5-1 5-9 13z" fill="{PRIMARY}" '
        f'stroke="{PAPER}" stroke-width="1.5"/><circle cx="22" cy="9" r="3.2" fill="{PAPER}"/>'
    )
    return svg(body, size_px=size_px, box=44)


def dot(colour: str, radius_px: float, *, filled: bool = True, size_px: int = 20) -> str:
    """Return a case as it stands on the map."""
    fill = colour if filled else PAPER
    outline = INK if filled else colour
    body = (
        f'<circle cx="12" cy="12" r="{radius_px}" fill="{fill}" stroke="{outline}" '
        f'stroke-width="1.5"/>'
    )
    return svg(body, size_px=size_px)


def swatch(colour: str, width_px: float = 1.0, *, size_px: int = 20) -> str:
    """Return a filled area with its outline."""
    body = (
        f'<rect x="3" y="4" width="18" height="16" fill="{colour}" stroke="{INK}" '
        f'stroke-width="{width_px}"/>'
    )
    return svg(body, size_px=size_px)


def hatched(colour: str = MUTED, *, size_px: int = 20) -> str:
    """Return a hatched area: nobody knows, or nobody goes there alone."""
    body = (
        f'<rect x="3" y="4" width="18" height="16" fill="none" stroke="{colour}"/>'
        f'<path d="M3 12l8-8M3 20L19 4M11 20l10-10" stroke="{colour}" stroke-width="1.5"/>'
    )
    return svg(body, size_px=size_px)


def stroke(
    colour: str, width_px: float, dash: str = "", *, double: bool = False, size_px: int = 20
) -> str:
    """Return a piece of a line."""
    line = f'<path d="M1 12h22" stroke="{colour}" stroke-width="{width_px}"'
    body = f'{line} stroke-dasharray="{dash}"/>'
    if double:
        body += f'<path d="M1 12h22" stroke="{PAPER}" stroke-width="{width_px / 3:.1f}"/>'
    return svg(body, size_px=size_px)
