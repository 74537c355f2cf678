"""Messages turned into Albanian or English, with dates and numbers as the reader writes them.

Catalogues are gettext files, ``locale/<language>/<domain>.po``; the part of a
message id before the first dot names its domain. They are read as they are:
there is no compile step to forget.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Final

from babel.dates import format_date, format_datetime, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from data.messages import Message, Param
from data.nouns import TIRANE

__all__ = ["LANGUAGES", "LOCALE_DIR", "Words"]

LANGUAGES: Final = ("sq", "en")
LOCALE_DIR: Final = Path(__file__).resolve().parents[1] / "locale"
#: English here follows European order: a date is never read two ways.
_BABEL: Final = {"sq": "sq_AL", "en": "en_GB"}


@lru_cache(maxsize=64)
def catalogue(language: str, domain: str) -> Catalog:
    """Return one catalogue; raise `FileNotFoundError` for a language or domain that has none."""
    with (LOCALE_DIR / language / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=_BABEL[language])


class Words:
    """The sentences of the house in one language.

    Parameters
    ----------
    language
        ``sq`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            msg = f"there are catalogues for {', '.join(LANGUAGES)} only"
            raise ValueError(msg)
        self.language = language
        self._locale = _BABEL[language]

    def __call__(self, message_id: str, /, **params: Param) -> str:
        """Return the sentence of an id; a message with a plural takes its form from `n`.

        Raises
        ------
        KeyError
            If the catalogue has no such sentence: a fault of the programmer.
        """
        entry = catalogue(self.language, message_id.partition(".")[0]).get(message_id)
        if entry is None or not entry.string:
            msg = f"no sentence {message_id} in {self.language}"
            raise KeyError(msg)
        if isinstance(entry.string, tuple | list):
            form = 0 if params.get("n") == 1 else 1
            text = entry.string[form]
        else:
            text = entry.string
        named = {name for _, name, _, _ in Formatter().parse(text) if name in params}
        return text.format(**{str(name): self._written(params[name], params) for name in named})

    def message(self, message: Message) -> str:
        """Return a message value as a sentence."""
        return self(message.id, **message.params)

    def day(self, value: date, pattern: str = "dd.MM.yyyy") -> str:
        """Write a day, by default as 24.11.2026."""
        return format_date(value, pattern, locale=self._locale)

    def weekday(self, value: date) -> str:
        """Write the name of a day with its date: *e enjte, 26.11*."""
        return format_date(value, "EEEE, dd.MM", locale=self._locale)

    def clock(self, value: datetime | time) -> str:
        """Write a time of day as 16:20."""
        if isinstance(value, datetime):
            value = value.astimezone(TIRANE)
            return format_datetime(value, "HH:mm", tzinfo=TIRANE, locale=self._locale)
        return format_time(value, "HH:mm", locale=self._locale)

    def span(self, start: datetime | time, end: datetime | time) -> str:
        """Write two times of day with a dash between them."""
        return f"{self.clock(start)}\u2013{self.clock(end)}"

    def moment(self, value: datetime) -> str:
        """Write a day and time as 24.11.2026 16:20."""
        return f"{self.day(value.astimezone(TIRANE))} {self.clock(value)}"

    def number(self, value: float, pattern: str = "#,##0.#") -> str:
        """Write a number with the decimal mark of the language: 4,2 in Albanian."""
        return format_decimal(value, pattern, locale=self._locale)

    def _written(self, value: Param, beside: Mapping[str, Param]) -> str:
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, time):
            return self.clock(value)
        if isinstance(value, int | float):
            return self.number(value)
        if not value.startswith("@") or not self._knows(value[1:]):
            return value
        # A sentence within a sentence finds its own parameters beside it.
        return self(value[1:], **{name: one for name, one in beside.items() if one != value})

    def _knows(self, message_id: str) -> bool:
        """Say whether a text is one of our ids: names from files may begin with @ as well."""
        domain = message_id.partition(".")[0]
        if not domain.isidentifier():
            return False
        try:
            return catalogue(self.language, domain).get(message_id) is not None
        except FileNotFoundError:
            return False
