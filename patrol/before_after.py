"""Before, during and after the season, compared at equal effort: what an hour of presence found.

A meeting is a visit on which a child was identified: children met together are one.
With few hours or few meetings nothing is said.

References
----------
The interval is that of a Poisson rate with a flat prior: quantiles of Gamma(n + 1/2, hours).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
from scipy.special import gammaincinv

from data.messages import Message
from patrol.season import Season

__all__ = ["PERIODS", "EffortSettings", "PeriodEffort", "compare_season"]

PERIODS: Final = ("before", "during", "after")
#: Jeffreys' prior of a rate.
_PRIOR: Final = 0.5
_MID_YEAR: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortSettings:
    """When something can be said of a period, and to whom.

    Parameters
    ----------
    min_hours, min_meetings
        Hours of presence, and meetings, that a period needs.
    most_share
        A period whose meetings lie at one place by more than this share is not told.
    """

    min_hours: float = 20.0
    min_meetings: int = 5
    most_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEffort:
    """One period: meetings in ten hours of presence with their interval, or why not."""

    period: str
    hours: float
    n_visits: int
    per_10h: float | None = None
    low80: float | None = None
    high80: float | None = None
    verdict: Message | None = None


def compare_season(
    visits: pd.DataFrame,
    seasons: Mapping[str, Season],
    year: int,
    *,
    settings: EffortSettings | None = None,
) -> tuple[PeriodEffort, ...]:
    """Return the periods of a year: before, during (with its ramps) and after the season.

    Parameters
    ----------
    visits
        VISITS of the places that are compared.
    seasons
        The calendar of each municipality, by its code.
    """
    settings = settings or EffortSettings()
    local = visits["started_at"].dt.tz_convert("Europe/Tirane")
    finished = visits["ended_at"] > visits["started_at"]
    own = visits[finished & (local.dt.year == year) & visits["municipality"].isin(seasons)]
    periods = [
        _period(seasons[code], moment)
        for code, moment in zip(
            own["municipality"], own["started_at"].dt.tz_convert("Europe/Tirane"), strict=True
        )
    ]
    labelled = own.assign(period=pd.Series(periods, index=own.index, dtype=object))
    return tuple(_effort(name, labelled[labelled["period"] == name], settings) for name in PERIODS)


def _period(season: Season, moment: pd.Timestamp) -> str:
    if season.strength(moment.date()) > 0:
        return "during"
    return "before" if moment.month < _MID_YEAR else "after"


def _effort(period: str, visits: pd.DataFrame, settings: EffortSettings) -> PeriodEffort:
    lasted = (visits["ended_at"] - visits["started_at"]).dt.total_seconds() / 3600.0
    hours, met = float(lasted.sum()), visits[visits["n_identified"] > 0]
    known = PeriodEffort(period=period, hours=round(hours, 1), n_visits=len(visits))
    verdict = _verdict(hours, met, settings)
    if verdict is not None:
        return PeriodEffort(
            period=period, hours=known.hours, n_visits=known.n_visits, verdict=verdict
        )
    low, high = (10.0 * float(gammaincinv(len(met) + _PRIOR, tail)) / hours for tail in (0.1, 0.9))
    return PeriodEffort(
        period=period,
        hours=known.hours,
        n_visits=known.n_visits,
        per_10h=10.0 * len(met) / hours,
        low80=low,
        high80=high,
    )


def _verdict(hours: float, met: pd.DataFrame, settings: EffortSettings) -> Message | None:
    if hours < settings.min_hours:
        return Message("season.few_hours", {"n": round(settings.min_hours)})
    if len(met) < settings.min_meetings:
        return Message("season.few_meetings", {"n": settings.min_meetings})
    if met["place_id"].value_counts().max() > settings.most_share * len(met):
        return Message("season.one_place")
    return None
