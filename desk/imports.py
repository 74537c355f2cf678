"""Files of cases, visits and teams into the store: checked, made one's own, written as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from data import reference
from data.access import Action, Purpose, require
from data.messages import Message
from data.nouns import TIRANE, Viewer
from desk.identity import is_demo
from desk.import_crew import ready_crew
from desk.import_ready import Outcome, Ready, nothing_valid
from desk.import_rows import ready_cases, ready_visits
from desk.wiring import House, read_cases, read_teams, read_visits

__all__ = ["NOUNS", "Outcome", "check_file", "import_file"]

NOUNS: Final = ("cases", "visits", "teams")


def check_file(
    house: House, viewer: Viewer, noun: str, source: Path | bytes, filename: str
) -> Outcome:
    """Return what importing a file would do; nothing is written.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import, or is the demo's and the file is real.
    ContractError
        If the file cannot be read.
    """
    return _read(house, viewer, noun, source, filename).outcome


def import_file(
    house: House, viewer: Viewer, noun: str, source: Path | bytes, filename: str
) -> Outcome:
    """Write the valid rows of a file as one transaction; the same file twice changes nothing.

    Real rows and invented ones never stand together: the first real file takes
    the demonstration away, in that same transaction. Whoever asks for it has
    been told by `check_file` before.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import, or is the demo's and the file is real.
    ContractError
        If the file cannot be read, or none of its rows is valid.
    """
    ready = _read(house, viewer, noun, source, filename)
    outcome = ready.outcome
    if not outcome.n_valid:
        raise nothing_valid(outcome.rejected)
    scope = ",".join(sorted(viewer.municipalities))
    house.audit(viewer, f"{noun}.import", purpose=Purpose.IMPORT, scope=scope)
    done = _write_crew(house, viewer, ready) if ready.crew else _write_rows(house, noun, ready)
    gone = (Message("import.demo_gone"),) if outcome.replaces_demo else ()
    return replace(outcome, notes=(*done, *outcome.notes, *gone))


def _read(house: House, viewer: Viewer, noun: str, source: Path | bytes, filename: str) -> Ready:
    require(viewer, Action.IMPORT, min(viewer.municipalities, default=None))
    towns, now = reference.municipalities(), datetime.now(TIRANE)
    if noun == "cases":
        cases = read_cases(source, filename, municipalities=towns, as_of=now)
        return ready_cases(house, viewer, cases)
    if noun == "visits":
        visits = read_visits(source, filename, municipalities=towns, as_of=now)
        return ready_visits(house, viewer, visits)
    if noun == "teams":
        return ready_crew(house, viewer, read_teams(source, filename, municipalities=towns))
    msg = f"there are files of {', '.join(NOUNS)} only"
    raise ValueError(msg)


def _write_rows(house: House, noun: str, ready: Ready) -> tuple[Message, ...]:
    """Write cases or visits, and the places that come with them."""
    kept = house.store.add(
        ready.frames,
        kind=noun,
        sha256=ready.digest,
        instead_of_demo=ready.outcome.replaces_demo,
    )
    n_places = len(ready.frames.get("places", ()))
    counts = {"n": kept.n_new - n_places, "changed": kept.n_changed, "known": kept.n_known}
    made = (Message("import.done.places", {"n": n_places}),) if n_places else ()
    return (Message(f"import.done.{noun}", counts), *made)


def _write_crew(house: House, viewer: Viewer, ready: Ready) -> tuple[Message, ...]:
    """Write a crew; what the demo's viewer brings is marked as invented."""
    crew = ready.crew
    if crew is not None:
        house.store.put_crew(
            bases=crew.bases,
            workers=crew.workers,
            teams=crew.teams,
            absences=crew.absences,
            synthetic=is_demo(viewer),
            instead_of_demo=ready.outcome.replaces_demo,
        )
    return (Message("import.done.crew", {"n": ready.outcome.n_valid}),)
