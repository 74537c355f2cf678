"""The week as plans and people count it: from Monday, numbered by ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """An ISO week, written ``2026-W28``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """Return the week written as ``YYYY-Www``; raise `ValueError` for any other text."""
        year, _, number = text.strip().upper().partition("-W")
        if not (year.isdigit() and number.isdigit() and len(year) == 4):  # noqa: PLR2004 - ISO year
            msg = "a week is written like 2026-W28"
            raise ValueError(msg)
        week = cls(year=int(year), number=int(number))
        date.fromisocalendar(week.year, week.number, 1)
        return week

    @classmethod
    def of(cls, day: date) -> Week:
        """Return the week a day is in."""
        year, number, _ = day.isocalendar()
        return cls(year=year, number=number)

    @property
    def monday(self) -> date:
        """Return the first day of the week."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> tuple[date, ...]:
        """Return the seven days from Monday."""
        return tuple(self.monday + timedelta(days=i) for i in range(7))

    def __str__(self) -> str:
        """Write the week as ``2026-W28``."""
        return f"{self.year:04d}-W{self.number:02d}"
