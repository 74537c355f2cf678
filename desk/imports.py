"""Files of cases, visits and teams into the store: checked, made one's own, written as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data import frames, reference
from data.access import Action, Purpose, require, sees_municipality
from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import Viewer
from data.readers import Import, Rejection, Teams
from desk.identity import is_demo
from desk.wiring import House, read_cases, read_teams, read_visits
from geo.places import join_cases

__all__ = ["NOUNS", "Outcome", "check_file", "import_file"]

NOUNS = ("cases", "visits", "teams")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a file gives, or gave: rows taken and refused, and what was assumed on the way."""

    n_valid: int
    rejected: tuple[Rejection, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ready:
    """What is ready to be written: frames, or a crew."""

    outcome: Outcome
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    crew: Teams | None = None
    digest: str = ""

    @property
    def is_real(self) -> bool:
        """Say whether any of it stands for somebody."""
        return any(not frame["synthetic"].all() for frame in self.frames.values() if len(frame))


def check_file(
    house: House, viewer: Viewer, noun: str, source: Path | bytes, filename: str
) -> Outcome:
    """Return what importing a file would do; nothing is written.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import.
    ContractError
        If the file cannot be read.
    """
    return _read(house, viewer, noun, source, filename).outcome


def import_file(
    house: House, viewer: Viewer, noun: str, source: Path | bytes, filename: str
) -> Outcome:
    """Write the valid rows of a file as one transaction; the same file twice changes nothing.

    Real rows and invented ones never stand together: the first real file takes
    the demonstration away.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import, or is the demo's and the file is real.
    ContractError
        If the file cannot be read, or none of its rows is valid.
    """
    ready = _read(house, viewer, noun, source, filename)
    if not ready.outcome.n_valid:
        raise ContractError(_nothing(ready.outcome))
    notes = list(ready.outcome.notes)
    if ready.is_real and not house.store.is_empty() and house.store.all_synthetic():
        if is_demo(viewer):
            raise AccessDeniedError(Message("import.demo_only"))
        house.store.clear_synthetic()
        notes.append(Message("import.demo_gone"))
    house.audit(viewer, f"{noun}.import", purpose=Purpose.IMPORT, scope=_scope(viewer))
    if ready.crew is not None:
        crew = ready.crew
        house.store.put_crew(
            bases=crew.bases,
            workers=crew.workers,
            teams=crew.teams,
            absences=crew.absences,
            synthetic=is_demo(viewer),
        )
        notes.insert(0, Message("import.done.crew", {"n": ready.outcome.n_valid}))
    else:
        kept = house.store.add(ready.frames, kind=noun, sha256=ready.digest)
        counts = {"n": kept.n_new, "changed": kept.n_changed, "known": kept.n_known}
        notes.insert(0, Message("import.done.rows", counts))
    return Outcome(
        n_valid=ready.outcome.n_valid, rejected=ready.outcome.rejected, notes=tuple(notes)
    )


def _scope(viewer: Viewer) -> str:
    return ",".join(sorted(viewer.municipalities))


def _nothing(outcome: Outcome) -> Message:
    """Say that no row is valid, and what is wrong with the first."""
    if not outcome.rejected:
        return Message("import.nothing")
    first = outcome.rejected[0]
    return Message("import.nothing_valid", {"row": first.row, "n": len(outcome.rejected)})


def _read(house: House, viewer: Viewer, noun: str, source: Path | bytes, filename: str) -> _Ready:
    require(viewer, Action.IMPORT, min(viewer.municipalities, default=None))
    towns = reference.municipalities()
    if noun == "teams":
        return _crew(viewer, read_teams(source, filename, municipalities=towns))
    if noun == "cases":
        return _cases(house, viewer, read_cases(source, filename, municipalities=towns))
    if noun == "visits":
        return _visits(house, viewer, read_visits(source, filename, municipalities=towns))
    msg = f"there are files of {', '.join(NOUNS)} only"
    raise ValueError(msg)


def _town_of(named: pd.Series, points: Any) -> NDArray[np.object_]:  # noqa: ANN401 - geometry column
    """Return the municipality each row names, else the one its point lies in."""
    towns = named.fillna("").to_numpy(object, copy=True)
    shapes = reference.municipality_polygons()
    rows = np.flatnonzero((towns == "") & ~shapely.is_missing(points.to_numpy()))
    at, town = shapely.STRtree(shapes.geometry.to_numpy()).query(
        points.to_numpy()[rows], predicate="intersects"
    )
    towns[rows[at]] = shapes["code"].to_numpy(object)[town]
    return towns


def _mine(viewer: Viewer, towns: NDArray[np.object_], read: Import) -> _Mine:
    """Return which rows lie where the viewer works, and a refusal for each of the others."""
    own = np.array([bool(t) and sees_municipality(viewer, t) for t in towns], dtype=bool)
    refused = tuple(
        Rejection(row=row, rule=Message("import.rule.not_yours" if town else "import.rule.nowhere"))
        for row, town, good in zip(read.rows, towns, own, strict=True)
        if not good
    )
    return _Mine(own=own, refused=refused)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Mine:
    own: NDArray[np.bool_]
    refused: tuple[Rejection, ...]


def _outcome(read: Import, refused: tuple[Rejection, ...], n_valid: int) -> Outcome:
    rejected = tuple(sorted(read.rejected + refused, key=lambda r: r.row))
    return Outcome(n_valid=n_valid, rejected=rejected, notes=read.notes)


def _cases(house: House, viewer: Viewer, read: Import) -> _Ready:
    cases = GeoDataFrame(read.frame)
    towns = _town_of(cases["municipality_found"], cases.geometry)
    mine = _mine(viewer, towns, read)
    cases = cases.assign(municipality_found=towns)[mine.own].reset_index(drop=True)
    known, new = [], []
    for town in sorted(set(cases["municipality_found"])):
        places = house.store.places(town)
        own = cases[cases["municipality_found"] == town].reset_index(drop=True)
        joined, grown = join_cases(own, places, reference.area_of(town))
        known.append(joined)
        new.append(grown[~grown["place_id"].isin(set(places["place_id"]))])
    made: dict[str, pd.DataFrame] = {}
    if known:
        made["cases"] = frames.CASES.check(pd.concat(known, ignore_index=True))
        fresh = [frame for frame in new if len(frame)]
        if fresh:
            made["places"] = frames.PLACES.check(pd.concat(fresh, ignore_index=True))
    return _Ready(outcome=_outcome(read, mine.refused, len(cases)), frames=made, digest=read.digest)


def _visits(house: House, viewer: Viewer, read: Import) -> _Ready:
    visits = read.frame
    stored = house.store.places()
    described = frames.PLACES.empty() if read.places is None else read.places
    described = described.assign(
        municipality=_town_of(described["municipality"], described.geometry)
    )
    where = {
        **dict(zip(described["place_id"], described["municipality"], strict=True)),
        **dict(zip(stored["place_id"], stored["municipality"], strict=True)),
    }
    towns = np.array([where.get(p, "") or t or "" for p, t in _pairs(visits)], dtype=object)
    unknown = ~visits["place_id"].isin(set(where)).to_numpy()
    towns[unknown] = ""
    mine = _mine(viewer, towns, read)
    refused = tuple(
        Rejection(row=r.row, rule=Message("import.rule.place_unknown"))
        if unknown[read.rows.index(r.row)]
        else r
        for r in mine.refused
    )
    kept = visits.assign(municipality=towns)[mine.own].reset_index(drop=True)
    new = described[
        ~described["place_id"].isin(set(stored["place_id"]))
        & described["place_id"].isin(set(kept["place_id"]))
    ].reset_index(drop=True)
    made: dict[str, pd.DataFrame] = {"visits": kept} if len(kept) else {}
    if len(new):
        made["places"] = new
    return _Ready(outcome=_outcome(read, refused, len(kept)), frames=made, digest=read.digest)


def _pairs(visits: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(visits["place_id"], visits["municipality"].fillna(""), strict=True))


def _crew(viewer: Viewer, read: Teams) -> _Ready:
    """Return who belongs to the viewer's municipalities; a team of nobody's belongs to the one."""
    own = min(viewer.municipalities) if len(viewer.municipalities) == 1 else None

    def mine(nouns: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(n for n in nouns if sees_municipality(viewer, n.municipality or own))

    workers = mine(read.workers)
    ids = {worker.id for worker in workers}
    crew = Teams(
        workers=workers,
        teams=mine(read.teams),
        bases=mine(read.bases),
        absences=tuple(a for a in read.absences if a.worker in ids),
    )
    taken = len(crew.workers) + len(crew.teams) + len(crew.bases) + len(crew.absences)
    every = len(read.workers) + len(read.teams) + len(read.bases) + len(read.absences)
    notes = (Message("import.note.foreign", {"n": every - taken}),) if every > taken else ()
    return _Ready(outcome=Outcome(n_valid=taken, rejected=read.rejected, notes=notes), crew=crew)
