"""Example files to fill in: the columns that the readers know, with a few invented rows."""

from __future__ import annotations

from data import reference
from layers.words import Words

__all__ = ["example_file"]


def example_file(noun: str, municipality: str, words: Words) -> bytes:
    """Return an example of a file of cases, visits or teams as CSV, in the reader's language.

    It opens as a table in a spreadsheet of either language: semicolons between
    the cells, decimal commas, and a mark at the start that says UTF-8.
    """
    town = reference.municipality(municipality)
    text = words(
        f"template.{noun}",
        municipality=town.name_sq,
        lat=_degrees(town.seat_lat),
        lon=_degrees(town.seat_lon),
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _degrees(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")
