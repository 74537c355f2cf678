"""What teams find in the rest of a county: a municipality with few hours borrows from it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data import reference
from desk.wiring import House
from geo.effort import make_ledger, team_rate

__all__ = ["county_rate"]


def county_rate(house: House, municipality: str, until: datetime) -> float | None:
    """Return finds an hour of presence in the county's other municipalities; `None`: too few hours.

    One figure of all of them together: no place and no case of a neighbour is in it.
    """
    county = reference.municipality(municipality).county
    others = [
        town.code
        for town in reference.municipalities()
        if town.county == county and town.code != municipality
    ]
    visits = [met for code in others if len(met := house.store.visits(code))]
    if not visits:
        return None
    places = pd.concat([house.store.places(code)["place_id"] for code in others])
    cases = [found for code in others if len(found := house.store.cases(code))]
    found = pd.concat(cases) if cases else house.store.cases(municipality).iloc[:0]
    return team_rate(make_ledger(found, pd.concat(visits), places, until))
