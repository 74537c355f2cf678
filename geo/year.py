"""The year: its months on the coast and inland, and this year against the last at equal effort.

A month is compared with what its hours of presence, and others' eyes, would have
found had all months been alike. A year is compared with the last one by what teams
found in an hour, over the same months; reports have no hours to be divided by and
are only counted. Children met together are one meeting: who brings a sister along
makes no season.

References
----------
Przyborowski and Wilenski (1940), Biometrika 31: comparing two Poisson rates given
their sum; Clopper and Pearson (1934), Biometrika 26: the interval of the share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv
from scipy.stats import binomtest

from data.messages import Message, Param
from data.nouns import TIRANE
from data.vocabulary import Source
from geo.effort import MONTHS
from geo.guard import missing_cases
from geo.risk import RiskSurface
from geo.times import SIDES

__all__ = ["SideSeason", "YearOnYear", "YearSettings", "season", "year_on_year"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_YEAR = pd.DateOffset(years=1)
_HOUR = pd.Timedelta(hours=1)

#: With less than one meeting expected in a month nothing can be said of it.
_LEAST_DUE = 1.0
#: The season is believed as much as this many meetings before a month is looked at.
_PRIOR = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideSeason:
    """The months of one side.

    Parameters
    ----------
    side
        One of `geo.times.SIDES`.
    months
        One row a month: `month` (1 to 12), `n_cases`, `n_meetings`, `hours` of presence,
        `due` (meetings, had all months been alike), `known` (whether a team was ever
        there), and `times` the mean with `low80` and `high80`, empty where too little is known.
    verdict
        Why nothing can be said of any month, or `None`.
    """

    side: str
    months: pd.DataFrame
    verdict: Message | None = None

    @property
    def high(self) -> tuple[int, ...]:
        """Return the months in which surely more is met than on the mean, by their number."""
        return tuple(int(m) for m in self.months["month"][self.months["low80"] > 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSettings:
    """When two years can be compared.

    Parameters
    ----------
    min_hours, min_meetings
        Hours of presence, and meetings of teams with children, that each year needs.
    least
        How long visits must have been written down in the months compared.
    """

    min_hours: float = 20.0
    min_meetings: int = 5
    least: timedelta = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearOnYear:
    """Two years compared: this one and the same months of the last.

    Parameters
    ----------
    years
        The last year and this one, or no row without a last one: `first`, `last`
        (moments), `hours` of presence, `n_meetings` and `n_found` of teams, `n_reported` by others.
    ratio, low95, high95
        How many times as often teams meet children in an hour; with its interval.
    verdict
        What is missing for a comparison, or `None`.
    """

    years: pd.DataFrame
    ratio: float = float("nan")
    low95: float = float("nan")
    high95: float = float("nan")
    verdict: Message | None = None


def season(surface: RiskSurface) -> tuple[SideSeason, ...]:
    """Return the months of each side that has places, the coast first."""
    ledger, times = surface.ledger, surface.times
    case, seen = ledger.case_place, ledger.seen_place
    sums = {
        "n_cases": _by_month(surface, case, ledger.case_month, ledger.case_share),
        "n_meetings": _by_month(surface, case, ledger.case_month, ledger.case_meeting),
        "hours": _by_month(surface, seen, ledger.seen_month, ledger.seen_h),
        "due": _due(surface),
    }
    return tuple(
        _side(
            SIDES[side],
            pd.DataFrame({name: by_side[side] for name, by_side in sums.items()}),
            times.year[side],
            surface.settings.min_cases,
        )
        for side in np.unique(times.side_of)[::-1]
    )


def _by_month(surface: RiskSurface, place: Ints, month: Ints, value: Floats) -> Floats:
    """Return sums by side and month, shape (2, 12)."""
    sums = np.zeros((len(SIDES), MONTHS))
    np.add.at(sums, (surface.times.side_of[place], month), value)
    return sums


def _due(surface: RiskSurface) -> Floats:
    """Return what would have been met had all months been alike, shape (2, 12)."""
    ledger, times, overall = surface.ledger, surface.times, surface.overall
    rate = (overall["expected_per_hour"] / overall["season"]).to_numpy(dtype=np.float64)
    kind = times.kind_of[ledger.seen_place]
    lasted = ledger.seen_h * rate[ledger.seen_place] * times.week[kind, ledger.seen_hour]
    due = _by_month(surface, ledger.seen_place, ledger.seen_month, lasted)
    # Others' eyes, and the presence before the records, at every place.
    eyes = times.others_h * rate * times.week.mean(axis=1)[times.kind_of]
    due += _by_side(surface, eyes)[:, None] * ledger.reported_month
    before = ledger.before_month / max(ledger.before_month.sum(), 1e-12)
    return np.asarray(due + _by_side(surface, rate * ledger.unrecorded())[:, None] * before)


def _by_side(surface: RiskSurface, value: Floats) -> Floats:
    return np.bincount(surface.times.side_of, value, len(SIDES)).astype(np.float64)


def _side(side: str, months: pd.DataFrame, course: Floats, needed: int) -> SideSeason:
    """Return a side's months: its course, with an interval by what was met in each of them."""
    have = round(float(months["n_cases"].sum()))
    met = months["n_meetings"].to_numpy(dtype=np.float64)
    due = months["due"].to_numpy(dtype=np.float64)
    # As many are due over the year as were met: the course says how they lie in it.
    due = due * met.sum() / max(float((due * course).sum()), 1e-12)
    low, high = (
        gammaincinv(met + _PRIOR, tail) / (due + _PRIOR / np.maximum(course, 1e-9))
        for tail in (0.1, 0.9)
    )
    said = (have >= needed) & (due >= _LEAST_DUE)
    values = {
        "times": course,
        "low80": np.minimum(low, course),
        "high80": np.maximum(high, course),
    }
    table = months.assign(
        month=np.arange(1, MONTHS + 1),
        due=due,
        known=months["hours"] > 0,
        **{name: np.where(said, column, np.nan) for name, column in values.items()},
    )
    too_few = None if have >= needed else missing_cases(have, needed)
    return SideSeason(side=side, months=table, verdict=too_few)


def year_on_year(
    cases: pd.DataFrame,
    visits: pd.DataFrame,
    as_of: datetime,
    *,
    settings: YearSettings | None = None,
) -> YearOnYear:
    """Return this year so far against the same months of the last one.

    They begin in January, or where the last year's visits were first written down.

    Parameters
    ----------
    cases
        `place_id`, `identified_at`, `hour_known`, `source`.
    visits
        `started_at`, `ended_at`; a visit that is not over yet counts nowhere.
    """
    settings = settings or YearSettings()
    visits = visits[visits["ended_at"] < as_of]
    now = pd.Timestamp(as_of).tz_convert(TIRANE)
    first = now.normalize().replace(month=1, day=1)
    if len(visits):
        begun = visits["started_at"].min().tz_convert(TIRANE).normalize()
        if begun + _YEAR + settings.least > now:
            too_new = Message("when.year_too_new", {"first": begun.date()})
            return YearOnYear(years=pd.DataFrame(), verdict=too_new)
        first = max(first, begun + _YEAR)
    spans = [(first - _YEAR, now - _YEAR), (first, now)]
    years = pd.DataFrame([_counted(cases, visits, *span) for span in spans])
    verdict = _lacking(years, settings)
    if verdict is not None:
        return YearOnYear(years=years, verdict=verdict)
    (before_h, now_h), (before_n, now_n) = (
        years[name].to_list() for name in ("hours", "n_meetings")
    )
    per_hour = before_h / now_h
    share = binomtest(int(now_n), int(now_n + before_n)).proportion_ci(method="exact")
    return YearOnYear(
        years=years,
        ratio=now_n / before_n * per_hour,
        low95=share.low / (1.0 - share.low) * per_hour,
        high95=share.high / (1.0 - share.high) * per_hour,
    )


def _counted(
    cases: pd.DataFrame, visits: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> dict[str, object]:
    """Return what was found, and in how many hours, from one moment to another."""
    inside = cases[(cases["identified_at"] >= first) & (cases["identified_at"] < last)]
    by_team = inside["source"] == Source.PATROL
    met = inside[by_team]
    hour = met["identified_at"].dt.tz_convert("UTC").dt.floor("h")
    meetings = pd.DataFrame({"place": met["place_id"], "hour": hour, "known": met["hour_known"]})
    begun, ended = visits["started_at"].clip(lower=first), visits["ended_at"].clip(upper=last)
    return {
        "first": first,
        "last": last,
        "hours": float(np.maximum((ended - begun) / _HOUR, 0.0).sum()),
        "n_meetings": len(meetings.drop_duplicates()),
        "n_found": len(met),
        "n_reported": int((~by_team).sum()),
    }


def _lacking(years: pd.DataFrame, settings: YearSettings) -> Message | None:
    """Return what the poorer year lacks: hours first, since without them finds say nothing."""
    for name, needed in (("hours", settings.min_hours), ("n_meetings", settings.min_meetings)):
        poorer = years.loc[years[name].idxmin()]
        if poorer[name] < needed:
            about: dict[str, Param] = {
                "first": poorer["first"].date(),
                "last": poorer["last"].date(),
                "n": int(poorer[name]),
                "needed": int(needed),
            }
            return Message(f"when.few_{name}", about)
    return None
