"""Invented data for the whole country: to try the program, and never a real child.

Seeded, and in line with what is published: about 228 cases a year in the 61
municipalities, 20 field teams, street work above all in the late hours and in
summer along the coast, chrome collected near the mines of Bulqiza by day. Where
cases lie inside a municipality is drawn by lot around its real settlements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from data.nouns import Base, Team, Worker
from data.synthetic.crews import TEAMS_OF, make_crews
from data.synthetic.events import make_cases, make_visits, set_purposes, tie_to_visits
from data.synthetic.ground import make_perimeters, make_places, make_segments, make_statuses

__all__ = ["TEAMS_OF", "Demo", "make_demo"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demo:
    """Everything the demonstration needs; each row says that it is invented.

    `statuses` has `unit`, `municipality` and `status`: what units said of themselves.
    """

    places: GeoDataFrame
    cases: GeoDataFrame
    visits: pd.DataFrame
    perimeters: GeoDataFrame
    segments: GeoDataFrame
    statuses: pd.DataFrame
    bases: tuple[Base, ...]
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return what the store keeps as rows, in the order in which it has to be written."""
        return {
            "places": self.places,
            "perimeters": self.perimeters,
            "segments": self.segments,
            "cases": self.cases,
            "visits": self.visits,
        }


def make_demo(seed: int, until: date) -> Demo:
    """Return two years of cases and a year of visits that end the day before `until`."""
    rng = np.random.default_rng(seed)
    places = make_places(rng)
    bases, workers, teams = make_crews()
    found = make_cases(rng, places, until)
    rounds = make_visits(rng, places, found, teams, until)
    cases, visits = tie_to_visits(rng, found, rounds, until)
    # Chance of its own: what was drawn before and after stays as it is.
    visits = set_purposes(rng.spawn(1)[0], visits, places)
    perimeters = make_perimeters()
    return Demo(
        places=places,
        cases=cases,
        visits=visits,
        perimeters=perimeters,
        segments=make_segments(rng, perimeters),
        statuses=make_statuses(rng),
        bases=bases,
        workers=workers,
        teams=teams,
    )
