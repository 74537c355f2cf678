"""The register of places at risk: what people decided on them laid over what the model proposes.

A person may know of a place before there is a case, and may know better than
the model. What was confirmed counts until it expires, what was refused does not
until the refusal lapses or somebody is met there again, and places that are one
are counted as one. Out of season a place sleeps: its days do not run out then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from data.crs import EDGE_CRS
from data.frames import HOTSPOTS
from data.messages import Message, Param
from data.nouns import TIRANE, Decision
from data.vocabulary import EvidenceKind, HotspotState, RegisterState, VisitOutcome
from geo.hotspots import HotspotSettings, high_slots
from geo.places import is_awake
from geo.risk import RiskSurface

__all__ = [
    "COUNTING",
    "DUE_DAYS",
    "LIVES_DAYS",
    "counting_hotspots",
    "expiry",
    "known_in_use",
    "last_signs",
    "merge_places",
    "merged_roots",
    "standings",
]

#: Places in these states are places at risk on the map and in the plan.
COUNTING = frozenset({HotspotState.PROPOSED, HotspotState.CONFIRMED, HotspotState.DUE})
#: Days after its last confirmation in which a place stays one at risk, and after which a
#: refusal lapses.
LIVES_DAYS = 90
#: Days before its end from which a confirmation is due again.
DUE_DAYS = 14


def expiry(decided_at: datetime, awake: tuple[int, int] = (1, 12)) -> datetime:
    """Return when a decision lapses: days on which the place sleeps are not counted.

    Parameters
    ----------
    awake
        First and last month in which the place is in use, both included.
    """
    left = LIVES_DAYS
    moment = decided_at.astimezone(TIRANE)
    while left > 0:
        moment += timedelta(days=1)
        left -= is_awake(*awake, moment.month)
    return moment


def last_signs(cases: pd.DataFrame, visits: pd.DataFrame, as_of: datetime) -> pd.Series:
    """Return when each place last showed that it is in use: a case, or a meeting on a visit."""
    found = cases[cases["identified_at"] < as_of].groupby("place_id")["identified_at"].max()
    met = visits[(visits["ended_at"] < as_of) & (visits["outcome"] != VisitOutcome.NOBODY)]
    return pd.concat([found, met.groupby("place_id")["ended_at"].max()]).groupby(level=0).max()


def known_in_use(
    signs: Mapping[str, datetime], decisions: Iterable[Decision]
) -> dict[str, datetime]:
    """Return when each place was last known to be in use: who told a coordinator counts too.

    Parameters
    ----------
    signs
        Of `last_signs`.
    """
    told = {
        one.place_id: one.decided_at
        for one in decisions
        if one.state is RegisterState.CONFIRMED and one.evidence is not EvidenceKind.MODEL
    }
    return {
        place: max(moment for moment in (signs.get(place), told.get(place)) if moment is not None)
        for place in {*signs, *told}
    }


def merged_roots(decisions: Iterable[Decision], known: AbstractSet[str]) -> dict[str, str]:
    """Return the place that each merged place is counted with; a ring of them is left alone.

    Parameters
    ----------
    known
        Ids of the places that there are.
    """
    into = {
        one.place_id: one.merged_into
        for one in decisions
        if one.state is RegisterState.MERGED and {one.place_id, one.merged_into} <= known
    }
    ends = {place: _end(place, into) for place in into}
    return {place: end for place, end in ends.items() if end not in into}


def merge_places(
    places: GeoDataFrame, cases: GeoDataFrame, visits: pd.DataFrame, roots: Mapping[str, str]
) -> tuple[GeoDataFrame, GeoDataFrame, pd.DataFrame]:
    """Return places, cases and visits with merged places counted as those they belong to.

    Parameters
    ----------
    roots
        Of `merged_roots`.
    """
    if not roots:
        return places, cases, visits
    return (
        places[~places["place_id"].isin(list(roots))].reset_index(drop=True),
        cases.assign(place_id=cases["place_id"].map(lambda place: roots.get(place, place))),
        visits.assign(place_id=visits["place_id"].map(lambda place: roots.get(place, place))),
    )


def _end(place: str, into: Mapping[str, str]) -> str:
    """Return where a chain of merges ends, or some place of it if it is a ring."""
    met = {place}
    while place in into and into[place] not in met:
        place = into[place]
        met.add(place)
    return place


def standings(
    proposed: Iterable[str],
    decisions: Iterable[Decision],
    places: pd.DataFrame,
    signs: Mapping[str, datetime],
    *,
    as_of: datetime,
) -> dict[str, HotspotState]:
    """Return how each place stands that the model proposes or a person decided on.

    Parameters
    ----------
    proposed
        Ids of the places that the model proposes.
    places
        PLACES with their months; a decision on any other place says nothing here.
    signs
        Of `last_signs`.
    """
    now = dict.fromkeys(proposed, HotspotState.PROPOSED)
    months = _months(places)
    for one in decisions:
        state = None
        if one.state is RegisterState.MERGED:
            state = HotspotState.MERGED
        elif one.place_id in months:
            state = (
                _refused(one, signs.get(one.place_id), as_of)
                if one.state is RegisterState.REFUSED
                else _confirmed(one, months[one.place_id], as_of)
            )
            if state is HotspotState.EXPIRED and one.place_id in now:
                state = HotspotState.PROPOSED
        if state is not None:
            now[one.place_id] = state
    return now


def _months(places: pd.DataFrame) -> dict[str, tuple[int, int]]:
    columns = (places[name] for name in ("place_id", "awake_from", "awake_to"))
    return {place: (int(first), int(last)) for place, first, last in zip(*columns, strict=True)}


def _refused(one: Decision, sign: datetime | None, as_of: datetime) -> HotspotState | None:
    """Return whether a refusal holds: not once its time is up, or somebody was met since."""
    if one.expires_at is None or as_of >= one.expires_at:
        return None
    return None if sign is not None and sign > one.decided_at else HotspotState.REFUSED


def _confirmed(one: Decision, awake: tuple[int, int], as_of: datetime) -> HotspotState:
    if not is_awake(*awake, as_of.astimezone(TIRANE).month):
        return HotspotState.ASLEEP
    if one.expires_at is None or as_of >= one.expires_at:
        return HotspotState.EXPIRED
    due_from = one.expires_at - timedelta(days=DUE_DAYS)
    return HotspotState.DUE if as_of >= due_from else HotspotState.CONFIRMED


def counting_hotspots(  # noqa: PLR0913, PLR0917 - the frames of the house, each by its name
    proposed: GeoDataFrame,
    decisions: Sequence[Decision],
    surface: RiskSurface,
    places: GeoDataFrame,
    cases: GeoDataFrame,
    visits: pd.DataFrame,
    *,
    most_slots: int = HotspotSettings().max_slots,
) -> GeoDataFrame:
    """Return the HOTSPOTS that count: the model's and the people's, less what was refused.

    Parameters
    ----------
    proposed
        HOTSPOTS of `geo.hotspots.find_hotspots`.
    surface
        Of the same places, cases and visits; what it does not know stays unknown.
    places, cases, visits
        After `merge_places`.
    most_slots
        How many high hours are named where nobody decided on them.
    """
    as_of = surface.as_of
    signs = {str(place): sign for place, sign in last_signs(cases, visits, as_of).items()}
    now = standings(proposed["place_id"], decisions, places, signs, as_of=as_of)
    counts = [now[place] in COUNTING for place in proposed["place_id"]]
    kept = proposed.loc[np.array(counts, dtype=bool)].reset_index(drop=True)
    held = {
        one.place_id: one
        for one in decisions
        if now.get(one.place_id) in {HotspotState.CONFIRMED, HotspotState.DUE}
    }
    if not held:
        return kept
    confirmed = [held.get(place) for place in kept["place_id"]]
    kept = kept.assign(
        slots=_objects(
            one.slots if one and one.slots else slots
            for one, slots in zip(confirmed, kept["slots"], strict=True)
        ),
        expires=_moments(
            one.expires_at if one else expires
            for one, expires in zip(confirmed, kept["expires"], strict=True)
        ),
    )
    added = places[places["place_id"].isin(sorted(set(held) - set(kept["place_id"])))]
    if added.empty:
        return HOTSPOTS.check(kept)
    told = _told(added.sort_values("place_id"), held, surface, visits, most_slots)
    frames = [told] if kept.empty else [kept, told]
    return HOTSPOTS.check(pd.concat(frames, ignore_index=True))


def _told(
    places: GeoDataFrame,
    held: Mapping[str, Decision],
    surface: RiskSurface,
    visits: pd.DataFrame,
    most_slots: int,
) -> GeoDataFrame:
    """Return HOTSPOTS of places that a person confirmed and the model does not propose."""
    ids = [str(place) for place in places["place_id"]]
    known = surface.overall.set_index("place_id").reindex(ids)
    rates = known[["rate_per_hour", "low80", "high80", "p_above_median"]].astype("float64")
    if surface.verdict is not None:
        rates = rates * np.nan
    n_cases = known["n_cases"].fillna(0.0).round().astype("int64").to_numpy()
    hours = known["hours"].fillna(0.0).to_numpy(dtype=np.float64)
    past = visits[visits["ended_at"] < surface.as_of]
    last_visit = past.groupby("place_id")["ended_at"].max()
    frame = GeoDataFrame(
        {
            "place_id": ids,
            "name": places["name"].to_numpy(object),
            "municipality": places["municipality"].to_numpy(object),
            "n_cases": n_cases,
            "hours": hours,
            **{name: rates[name].to_numpy() for name in rates},
            "slots": _objects(
                held[place].slots or high_slots(surface, place, most_slots) for place in ids
            ),
            "last_visit": _moments(last_visit.get(place) for place in ids),
            "expires": _moments(held[place].expires_at for place in ids),
            "reason": _objects(
                _reason(held[place], int(n), float(h))
                for place, n, h in zip(ids, n_cases, hours, strict=True)
            ),
            "synthetic": places["synthetic"].to_numpy(dtype=bool),
        },
        geometry=places.geometry.to_numpy(),
        crs=EDGE_CRS,
    )
    return HOTSPOTS.check(frame)


def _reason(one: Decision, n: int, hours: float) -> Message:
    """Return why a place counts that a person confirmed; without a case none is spoken of."""
    said: dict[str, Param] = {
        "day": one.decided_at.date(),
        "evidence": f"@word.evidence.{one.evidence}",
    }
    if n == 0:
        return Message("geo.confirmed_no_case", said)
    return Message("geo.confirmed_reason", {**said, "n": n, "hours": round(hours, 1)})


def _objects(values: Iterable[Any]) -> pd.Series:
    return pd.Series(list(values), dtype="object")


def _moments(values: Iterable[datetime | None]) -> pd.Series:
    column = pd.Series(pd.to_datetime(list(values), utc=True))
    return column.dt.tz_convert("Europe/Tirane").astype("datetime64[us, Europe/Tirane]")
