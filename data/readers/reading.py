"""A table on its way to a frame: columns allowed, values understood, faulty rows set aside.

The rules are plain functions of one text, run once for each different text of
a column, so that a hundred thousand rows cost what their different values
cost. Every row keeps the first rule it breaks; no message holds a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE
from data.readers.codes import make_code, parse_code
from data.readers.headers import Headers, is_identifying, match_headers
from data.readers.moments import Moment, is_month_first, parse_moment
from data.readers.numbers import parse_count
from data.readers.tables import RawTable
from data.readers.words import flag_of, word_of

__all__ = ["BOTH", "Field", "Import", "Reading", "Rejection", "stamps"]

#: Stands between a day and an hour that are read together; no file holds it.
BOTH: Final = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field, the rule its texts keep, what an empty cell is, and whether it may be empty."""

    name: str
    rule: str
    empty: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row that was not taken, by its number in the file (and sheet), and the rule it broke."""

    row: int
    rule: Message
    sheet: str = ""


@dataclass(frozen=True, kw_only=True)
class Import:
    """What a file gave.

    Parameters
    ----------
    frame
        Valid rows; keeps the contract of its kind.
    rejected
        Rows that broke a rule, in the order of the file.
    dropped_columns, identifying_columns
        Columns that were not read, and how many of them speak of who somebody is.
    n_without_coordinates, n_swapped
        Valid rows without a point; those whose longitude and latitude were exchanged.
    notes
        What was put right or assumed, as sentences.
    places
        Places the file itself describes (visits only); keeps the contract.
    digest
        SHA-256 of the file.
    rows
        The number in the file of each valid row.
    """

    frame: pd.DataFrame
    rejected: tuple[Rejection, ...]
    dropped_columns: int
    identifying_columns: int
    n_without_coordinates: int = 0
    n_swapped: int = 0
    notes: tuple[Message, ...] = ()
    places: gpd.GeoDataFrame | None = None
    digest: str = ""
    rows: tuple[int, ...] = ()


@dataclass(kw_only=True)
class Reading:
    """One table while it is read; `fields` are the fields found, by position of their column."""

    table: RawTable
    fields: dict[str, int]
    faults: dict[int, Message] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, table: RawTable, headers: Headers, required: Sequence[str]) -> Reading:
        """Begin to read a table.

        Raises
        ------
        ContractError
            If it has no row, or a required column is not there.
        """
        fields = match_headers(table.frame.columns, headers)
        missing = [name for name in required if name not in fields]
        if missing:
            params = {"columns": ", ".join(missing)}
            raise ContractError(Message("import.file.columns_missing", params))
        if table.frame.empty:
            raise ContractError(Message("import.file.no_rows"))
        reading = cls(table=table, fields=fields)
        rows = table.frame.index.to_numpy()
        too_long = np.isin(rows, sorted(table.too_long))
        reading.reject(too_long, Message("import.rule.too_many_cells"))
        reading._count_dropped()
        return reading

    def _count_dropped(self) -> None:
        kept = set(self.fields.values())
        columns = [c for i, c in enumerate(self.table.frame.columns) if i not in kept and c]
        self.counts["dropped_columns"] = len(columns)
        self.counts["identifying_columns"] = sum(is_identifying(column) for column in columns)

    @property
    def n(self) -> int:
        """Return the number of rows, valid or not."""
        return len(self.table.frame)

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Return which rows broke no rule so far."""
        keep = np.ones(self.n, dtype=bool)
        keep[list(self.faults)] = False
        return keep

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """Return the rows set aside, in the order of the file."""
        rows = self.table.frame.index
        return tuple(Rejection(row=int(rows[i]), rule=self.faults[i]) for i in sorted(self.faults))

    def reject(self, bad: NDArray[np.bool_], rule: Message) -> None:
        """Set rows aside for a rule, unless they broke another one before."""
        for position in np.flatnonzero(bad):
            self.faults.setdefault(int(position), rule)

    def texts(self, name: str) -> list[str]:
        """Return the texts of a field; empty ones where the file has no such column."""
        if name not in self.fields:
            return [""] * self.n
        return self.table.frame.iloc[:, self.fields[name]].to_list()

    def parsed(
        self, wanted: Field, parse: Callable[[str], Any], texts: Sequence[str] | None = None
    ) -> list[Any]:
        """Return the values of a field, `empty` where nothing stands or the rule is broken.

        `parse` raises `ValueError` for a text that breaks the rule; `texts`
        stand for the field's own where a value comes from two columns.
        """
        texts = self.texts(wanted.name) if texts is None else texts
        values: dict[str, Any] = {"": wanted.empty}
        faulty = set()
        for text in set(texts) - {""}:
            try:
                values[text] = parse(text)
            except ValueError:
                values[text] = wanted.empty
                faulty.add(text)
        params = {"field": f"@import.field.{wanted.name}"}
        if wanted.required:
            missing = np.array([not text for text in texts])
            self.reject(missing, Message("import.rule.missing", params))
        if faulty:
            bad = np.array([text in faulty for text in texts])
            self.reject(bad, Message(f"import.rule.{wanted.rule}", params))
        return [values[text] for text in texts]

    def words(self, name: str, words: type[StrEnum], *, default: str | None = None) -> list[str]:
        """Return the words of a closed set; a field without a default has to be filled."""
        wanted = Field(name=name, rule="word", empty=default or "", required=default is None)
        return [str(word) for word in self.parsed(wanted, partial(word_of, words=words))]

    def counts_of(self, name: str) -> list[int]:
        """Return whole numbers from zero; an empty cell is zero."""
        return self.parsed(Field(name=name, rule="count", empty=0), parse_count)

    def flags(self, name: str, *, empty: bool = False) -> list[bool]:
        """Return yes or no."""
        return self.parsed(Field(name=name, rule="flag", empty=empty), flag_of)

    def moments(
        self, name: str, hour: str = "", *, required: bool = False
    ) -> tuple[pd.Series, NDArray[np.bool_]]:
        """Return moments in Europe/Tirane, and which of them name their hour.

        Parameters
        ----------
        name
            The field that holds days or moments.
        hour
            The field that holds the time of day, for days without one.
        required
            Whether an empty cell breaks a rule.
        """
        days, hours = self.texts(name), self.texts(hour)
        month_first = is_month_first(days)
        self.counts["month_first"] = self.counts.get("month_first", 0) + month_first
        pairs = [f"{d}{BOTH}{h}" if d else "" for d, h in zip(days, hours, strict=True)]

        def parse(pair: str) -> Moment:
            day, _, at = pair.partition(BOTH)
            return parse_moment(day, at, month_first=month_first)

        found = self.parsed(Field(name=name, rule="date", required=required), parse, pairs)
        moved = sum(bool(moment and moment.moved) for moment in found)
        self.counts["clock_change"] = self.counts.get("clock_change", 0) + moved
        has_hour = np.array([bool(moment and moment.has_hour) for moment in found])
        return stamps([moment and moment.at for moment in found]), has_hour

    def codes(self, name: str, prefix: str = "") -> pd.Series:
        """Return the codes of a field: checked, made where there is none, and each only once.

        A made code depends on the file and the row alone: the same file
        read twice gives the same codes.
        """
        given = self.parsed(Field(name=name, rule="code"), parse_code)
        rows, digest = self.table.frame.index, self.table.digest
        self.counts["codes_made"] = self.n - sum(map(bool, given))
        made = [
            code or prefix + make_code(f"{digest}:{row}")
            for code, row in zip(given, rows, strict=True)
        ]
        codes = pd.Series(made, dtype=object)
        params = {"field": f"@import.field.{name}"}
        self.reject(codes.duplicated().to_numpy(), Message("import.rule.duplicate", params))
        return codes

    def frame(self, columns: dict[str, Any]) -> pd.DataFrame:
        """Return the valid rows of columns that are as long as the table, numbered from 0."""
        whole = pd.DataFrame({name: _column(values) for name, values in columns.items()})
        return whole[self.valid].reset_index(drop=True)

    def rows(self) -> tuple[int, ...]:
        """Return the number in the file of each valid row."""
        return tuple(int(row) for row in self.table.frame.index[self.valid])

    def notes(self) -> tuple[Message, ...]:
        """Return a sentence for each thing put right, assumed or dropped, with how often."""
        return tuple(
            Message(f"import.note.{name}", {"n": n}) for name, n in self.counts.items() if n
        )


def stamps(moments: Sequence[datetime | None]) -> pd.Series:
    """Return moments as a column in Europe/Tirane; None is an empty one."""
    utc = [None if m is None else m.astimezone(UTC).replace(tzinfo=None) for m in moments]
    return (
        pd.Series(np.array(utc, dtype="datetime64[us]")).dt.tz_localize("UTC").dt.tz_convert(TIRANE)
    )


def _column(values: Any) -> pd.Series:  # noqa: ANN401 - lists, arrays and columns
    if isinstance(values, list) and all(isinstance(v, str) for v in values):
        return pd.Series(values, dtype=object)
    return pd.Series(values)
