"""How far a run over many municipalities is: one small file in its folder, whole at any moment."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

from data import reference
from data.errors import ContractError
from data.messages import Message
from data.nouns import Week
from layers.csv_file import safe_cell
from layers.words import Words
from patrol.plan import weeks_from

__all__ = ["Journal", "Outcome", "outcomes_csv", "read_journal", "write_journal"]

_NAME: Final = "run.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a municipality: the size of its plans and their cost, or why there are none.

    Parameters
    ----------
    places
        Those known in the municipality.
    seconds
        Of a processor, for the roster and the rounds.
    shifts, rounds, visits, left_out
        Of all weeks together.
    version
        Under which the first week's plan is kept; nought where there is none.
    why
        What kept it from a plan.
    """

    municipality: str
    places: int = 0
    shifts: int = 0
    rounds: int = 0
    visits: int = 0
    left_out: int = 0
    seconds: float = 0.0
    version: int = 0
    why: Message | None = None


#: What is said of a plan's size and cost, in this order.
_SIZES: Final = tuple(f.name for f in fields(Outcome) if f.name not in {"municipality", "why"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A run: its first week and how many, its seed, and what became of municipalities so far."""

    week: Week
    weeks: int = 1
    seed: int
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)

    def with_outcome(self, outcome: Outcome) -> Journal:
        """Return the journal with one more municipality."""
        outcomes = {**self.outcomes, outcome.municipality: outcome}
        return replace(self, outcomes=outcomes)

    def left(self, towns: Iterable[str]) -> list[str]:
        """Return those of some municipalities that have no plan yet: not tried, or failed."""
        return [
            town for town in towns if (o := self.outcomes.get(town)) is None or o.why is not None
        ]


def read_journal(folder: Path) -> Journal | None:
    """Return the run whose folder it is, or `None`.

    Raises
    ------
    ContractError
        If there is a file that no run has written.
    """
    path = folder / _NAME
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        outcomes = {code: _outcome(code, kept) for code, kept in record["municipalities"].items()}
        weeks = [Week.parse(text) for text in record["weeks"]]
        seed = int(record["seed"])
        return Journal(week=weeks[0], weeks=len(weeks), seed=seed, outcomes=outcomes)
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise ContractError(Message("country.no_journal")) from fault


def _outcome(code: str, kept: Mapping[str, object]) -> Outcome:
    known = {name: kept[name] for name in _SIZES}
    why = kept["why"]
    message = Message(why["id"], why["params"]) if isinstance(why, dict) else None
    return Outcome(municipality=code, why=message, **known)  # type: ignore[arg-type] # JSON


def write_journal(folder: Path, journal: Journal) -> None:
    """Keep how far a run is, at once or not at all; only its owner can read it.

    Raises
    ------
    ContractError
        If it cannot be written there.
    """
    record = {
        "weeks": [str(week) for week in weeks_from(journal.week, journal.weeks)],
        "seed": journal.seed,
        "municipalities": {code: _record(one) for code, one in sorted(journal.outcomes.items())},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{_NAME}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
        draft.replace(folder / _NAME)
    except OSError as fault:
        raise ContractError(Message("desk.unwritable")) from fault


def _record(one: Outcome) -> dict[str, object]:
    why = None if one.why is None else {"id": one.why.id, "params": dict(one.why.params)}
    return {**{name: getattr(one, name) for name in _SIZES}, "why": why}


def outcomes_csv(journal: Journal, words: Words) -> bytes:
    """Return what each municipality's plan cost against its size, the smallest first."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["municipality", "name", *_SIZES, "why"])
    for one in sorted(journal.outcomes.values(), key=lambda o: (o.places, o.municipality)):
        name = reference.municipality(one.municipality).name_sq
        why = "" if one.why is None else words.message(one.why)
        sizes = [getattr(one, name) for name in _SIZES]
        table.writerow([one.municipality, safe_cell(name), *sizes, safe_cell(why)])
    return out.getvalue().encode()
