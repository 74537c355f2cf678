"""The register of places at risk of a municipality: what stands in it, and what it needs next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import pandas as pd

from data.access import (
    Action,
    Purpose,
    release_decisions,
    release_evidence,
    release_places,
    require,
)
from data.messages import Message
from data.nouns import TIRANE, Decision, Viewer
from data.vocabulary import HotspotState
from desk.evidence import Evidence, Files, evidence_of
from desk.ground import area_of
from desk.wiring import House
from geo.detection import Detection, Detections, empty_in_a_row, learn
from geo.hotspots import HotspotSettings, find_hotspots, high_slots
from geo.register import COUNTING, known_in_use, last_signs, standings
from geo.risk import RiskSurface

__all__ = ["Entry", "Register", "owners", "register_of"]

#: What is asked for first stands first.
_ORDER: Final = tuple(HotspotState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of the register.

    Parameters
    ----------
    n_cases, hours
        Cases known there, and hours of presence.
    slots
        In which it is active: as decided, else as its cases say; may be empty.
    expires
        When what was decided, or what the model has seen, lapses.
    awake_from
        The month in which it wakes up.
    n_empty
        Visits in a row that met nobody since it last showed that it is in use.
    detection
        How surely a visit there meets somebody; `None`: too little is known to say.
    decision
        What a person decided, as long as it says more than what the model proposes.
    merged_into
        The name of the place that it is counted with.
    """

    place_id: str
    name: str
    kind: str
    state: HotspotState
    n_cases: int
    hours: float
    slots: tuple[str, ...]
    last_visit: datetime | None
    expires: datetime | None
    awake_from: int
    n_empty: int
    detection: Detection | None
    decision: Decision | None
    merged_into: str = ""

    @property
    def n_left(self) -> int | None:
        """Return the visits still needed before it may be called empty, if that can be said."""
        return None if self.detection is None else max(self.detection.needed - self.n_empty, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The register of a municipality.

    Parameters
    ----------
    places
        The names of all places that may be decided on, by their ids.
    verdict
        Why the model proposes nothing: too few cases.
    """

    municipality: str
    entries: tuple[Entry, ...]
    places: Mapping[str, str]
    detections: Detections
    as_of: datetime
    synthetic: bool
    verdict: Message | None

    def count(self, *states: HotspotState) -> int:
        """Return how many places stand so."""
        return sum(entry.state in states for entry in self.entries)

    @property
    def n_counting(self) -> int:
        """Return how many places count as places at risk."""
        return self.count(*COUNTING)


def register_of(
    house: House, viewer: Viewer, municipality: str, *, as_of: datetime | None = None
) -> Register:
    """Return the register of a municipality as it stands: it rests on cases.

    Raises
    ------
    AccessDeniedError
        If the viewer is not its coordinator.
    """
    require(viewer, Action.SEE_REGISTER, municipality)
    house.audit(viewer, "register.see", purpose=Purpose.REGISTER, scope=municipality)
    moment = (as_of or datetime.now(TIRANE)).replace(second=0, microsecond=0)
    area = area_of(municipality)
    evidence = evidence_of(house, area, Files(), until=moment)
    evidence = replace(evidence, decisions=release_decisions(viewer, evidence.decisions))
    places, cases, visits = evidence.places, evidence.cases, evidence.visits
    surface = evidence.surface(area, moment)
    proposed = release_evidence(viewer, find_hotspots(surface, places, cases, visits))
    stored = release_places(viewer, house.store.places(municipality))
    detections = learn(visits, places, moment)
    return Register(
        municipality=municipality,
        entries=_entries(_Seen(evidence, surface, proposed, stored, detections)),
        places=_names(places),
        detections=detections,
        as_of=moment,
        synthetic=evidence.synthetic,
        verdict=surface.verdict,
    )


def owners(house: House, viewer: Viewer, municipality: str) -> dict[str, str]:
    """Return who may look after a place: the municipality's teams and people, by their ids."""
    require(viewer, Action.SEE_REGISTER, municipality)
    teams = {team.id: team.name for team in house.store.teams(municipality)}
    return teams | {worker.id: worker.name for worker in house.store.workers(municipality)}


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What the entries are made from."""

    evidence: Evidence
    surface: RiskSurface
    proposed: pd.DataFrame
    stored: pd.DataFrame
    detections: Detections


def _entries(seen: _Seen) -> tuple[Entry, ...]:
    evidence, as_of = seen.evidence, seen.surface.as_of
    places, visits, decisions = evidence.places, evidence.visits, evidence.decisions
    signs = {str(p): at for p, at in last_signs(evidence.cases, visits, as_of).items()}
    now = standings(seen.proposed["place_id"], decisions, places, signs, as_of=as_of)
    empty = empty_in_a_row(visits, places, known_in_use(signs, decisions), as_of)
    overall = seen.surface.overall.set_index("place_id")[["n_cases", "hours"]]
    effort = overall.reindex(list(now), fill_value=0.0)
    last = {str(p): at for p, at in visits.groupby("place_id")["ended_at"].max().items()}
    ends = dict(zip(seen.proposed["place_id"], seen.proposed["expires"], strict=True))
    decided = {one.place_id: one for one in decisions}
    rows = {**_rows(seen.stored), **_rows(places)}
    entries = []
    for place_id, state in now.items():
        row = rows[place_id]
        # What lapsed is history: of a proposal the model alone speaks.
        one = None if state is HotspotState.PROPOSED else decided[place_id]
        entries.append(
            Entry(
                place_id=place_id,
                name=row["name"],
                kind=row["kind"],
                state=state,
                n_cases=round(float(effort.loc[place_id, "n_cases"])),
                hours=float(effort.loc[place_id, "hours"]),
                slots=(one.slots if one else ()) or _high(seen.surface, place_id),
                last_visit=last.get(place_id),
                expires=one.expires_at if one else ends[place_id],
                awake_from=int(row["awake_from"]),
                n_empty=int(empty.get(place_id, 0)),
                detection=seen.detections.of(row["kind"]),
                decision=one,
                merged_into=rows[one.merged_into]["name"] if one and one.merged_into else "",
            )
        )
    return tuple(sorted(entries, key=lambda e: (_ORDER.index(e.state), e.name, e.place_id)))


def _high(surface: RiskSurface, place_id: str) -> tuple[str, ...]:
    return high_slots(surface, place_id, HotspotSettings().max_slots)


def _rows(places: pd.DataFrame) -> dict[str, dict[str, Any]]:
    columns = places[["place_id", "name", "kind", "awake_from"]]
    return {str(row["place_id"]): row for row in columns.to_dict("records")}


def _names(places: pd.DataFrame) -> dict[str, str]:
    ordered = places.sort_values(["name", "place_id"])
    return dict(zip(ordered["place_id"], ordered["name"], strict=True))
