"""The calendar and the inhabited areas of a municipality, made ready for a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pandas as pd

from data import frames, reference
from data.nouns import Area, Week
from desk.calendar import calendar_for
from desk.evidence import Evidence
from desk.wiring import House
from patrol.inhabited import inhabited_places
from patrol.season import Season

__all__ = ["season_of", "with_inhabited"]


def season_of(house: House, area: Area, weeks: Iterable[Week]) -> Season:
    """Return the calendar that counts in an area in some weeks."""
    years = {day.year for week in weeks for day in week.days}
    entries = calendar_for(house, area.municipality, years)
    return Season(entries=entries, coastal=area.coastal)


def with_inhabited(house: House, area: Area, evidence: Evidence, until: datetime) -> Evidence:
    """Return the evidence with every inhabited area as a place, and the visits made there.

    An area from a file has no administrative units: it stays as it is.
    """
    code = area.municipality
    if code is None:
        return evidence
    settlements = reference.settlements()
    own = settlements[settlements["municipality"] == code]
    areas = inhabited_places(reference.units(code), own, evidence.places)
    if areas.empty:
        return evidence
    visits = house.store.visits(code)
    there = visits["place_id"].isin(set(areas["place_id"])) & (visits["ended_at"] < until)
    if evidence.places.empty:
        places = areas
    else:
        places = frames.PLACES.check(pd.concat([evidence.places, areas], ignore_index=True))
    seen = [one for one in (evidence.visits, visits[there]) if not one.empty]
    if len(seen) > 1:
        seen = [frames.VISITS.check(pd.concat(seen, ignore_index=True))]
    return replace(evidence, places=places, visits=seen[0] if seen else evidence.visits)
