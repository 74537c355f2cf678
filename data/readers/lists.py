"""Cells that hold several things: skills, members, days of the week."""

from __future__ import annotations

import re

from data.readers.tables import fold
from data.readers.words import WEEKDAYS, word_of
from data.vocabulary import Language, Skill

__all__ = ["parse_languages", "parse_list", "parse_skills", "parse_weekdays"]

_EVERY_DAY = frozenset({"every day", "daily", "cdo dite", "perdite"})


def parse_list(text: str) -> tuple[str, ...]:
    """Return the parts of a cell, parted by comma, semicolon, bar or line."""
    return tuple(part.strip() for part in re.split(r"[,;|\n]", text) if part.strip())


def parse_skills(text: str) -> frozenset[Skill]:
    """Return the skills a cell names; raise `ValueError` if one is not known."""
    return frozenset(Skill(word_of(part, Skill)) for part in parse_list(text))


def parse_languages(text: str) -> frozenset[Language]:
    """Return the languages a cell names; raise `ValueError` if one is not known."""
    return frozenset(Language(word_of(part, Language)) for part in parse_list(text))


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Return days of the week, Monday 0: from *1-5*, *Mon-Fri*, *e hënë, e premte*, *çdo ditë*.

    A range may run over Sunday: *e premte - e hënë*.

    Raises
    ------
    ValueError
        If a part names no day.
    """
    if fold(text) in _EVERY_DAY:
        return tuple(range(7))
    found: set[int] = set()
    for part in parse_list(text):
        ends = [_weekday(end) for end in re.split(r"[-\N{EN DASH}]| deri ", part)]
        if len(ends) > 2:  # noqa: PLR2004 - a range has two ends
            msg = "a range has two ends"
            raise ValueError(msg)
        found.update((ends[0] + i) % 7 for i in range((ends[-1] - ends[0]) % 7 + 1))
    return tuple(sorted(found))


def _weekday(text: str) -> int:
    day = WEEKDAYS.get(fold(text))
    if day is None:
        msg = "not a day of the week"
        raise ValueError(msg)
    return day
