"""Why a place or cell is as it is, in at most five sentences, and what would change it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from scipy.special import gammaincc, gammainccinv

from data.messages import Message, Param
from data.nouns import TIRANE
from data.vocabulary import Source
from geo.risk import RiskSurface

__all__ = ["ExplainSettings", "Why", "explain"]

#: A factor nearer to one than this is not worth a sentence.
_SLIGHT: Final = 0.1
#: Nobody plans farther ahead than this.
_MOST_VISITS: Final = 40
_MOST_FINDS: Final = 5
#: What raises it, and what lowers it.
_SEASON: Final = ("why.season_more", "why.season_less")
_GROUND: Final = ("why.ground_more", "why.ground_less")
_AROUND: Final = ("why.around_more", "why.around_less")
_OTHERS: Final = tuple(source for source in Source if source is not Source.PATROL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainSettings:
    """In what terms it is explained.

    Parameters
    ----------
    per_hours
        Rates are said per so many hours of presence: about a team's month outside.
    visit_min
        Minutes of a visit.
    min_p
        From this probability of being above the median on, a place is one at risk.
    """

    per_hours: int = 100
    visit_min: float = 45.0
    min_p: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What speaks for the risk of a place or cell.

    Parameters
    ----------
    because
        At most five sentences: last visit, finds per hour, who reported, season, what raises it.
    change
        What would change it.
    """

    because: tuple[Message, ...]
    change: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is known beside the rates, by place and cell: who found how many, the last visit."""

    by_source: Mapping[tuple[str, str], int]
    last_visit: Mapping[str, pd.Timestamp]


def explain(
    surface: RiskSurface,
    cases: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    settings: ExplainSettings | None = None,
) -> Mapping[str, Why]:
    """Return why each place and cell is as it is, by `place_id` and `cell_id`.

    Parameters
    ----------
    cases, visits
        CASES and VISITS that the surface was made from.
    """
    settings = settings or ExplainSettings()
    places, cells = surface.overall["place_id"], surface.cells["cell_id"]
    own = pd.Series(places.to_numpy(), index=places.to_numpy())
    cell_of = pd.Series(cells.to_numpy()[surface.cell_of], index=places.to_numpy())
    found: dict[str, Why] = {}
    for rows, name, of in ((surface.overall, "place_id", own), (surface.cells, "cell_id", cell_of)):
        told = _told(surface, cases, visits, of)
        found |= {
            str(row[name]): _why(row, str(row[name]), told, surface, settings)
            for row in rows.to_dict("records")
        }
    return found


def _told(surface: RiskSurface, cases: pd.DataFrame, visits: pd.DataFrame, of: pd.Series) -> _Told:
    """Gather cases and visits of before the surface's moment by what each place belongs to."""
    cases = cases[(cases["identified_at"] < surface.as_of) & cases["place_id"].isin(of.index)]
    visits = visits[(visits["ended_at"] < surface.as_of) & visits["place_id"].isin(of.index)]
    found = cases.groupby([cases["place_id"].map(of), "source"]).size()
    last = visits.groupby(visits["place_id"].map(of))["ended_at"].max()
    return _Told(
        by_source={(str(unit), str(source)): int(n) for (unit, source), n in found.items()},
        last_visit={str(unit): moment for unit, moment in last.items()},
    )


def _why(
    row: Mapping[str, Any], unit: str, told: _Told, surface: RiskSurface, settings: ExplainSettings
) -> Why:
    as_of = surface.as_of.astimezone(TIRANE)
    around, ground = float(row["around"]), float(row["kind"])
    by_ground = abs(math.log(ground)) > abs(math.log(around))
    said = (
        _last_visit(told.last_visit.get(unit), pd.Timestamp(as_of)),
        _finds(row, settings.per_hours) if row["known"] else None,
        _reported(unit, told),
        _factor(_SEASON, float(row["season"]), {"month": f"@word.month.{as_of.month}"}),
        _factor(_GROUND, ground, {}) if by_ground else _factor(_AROUND, around, {}),
    )
    return Why(
        because=tuple(message for message in said if message is not None),
        change=_change(row, settings) if row["known"] else Message("why.change_look"),
    )


def _last_visit(last: pd.Timestamp | None, as_of: pd.Timestamp) -> Message:
    if last is None:
        return Message("why.never_visited")
    day = last.tz_convert(TIRANE).date()
    days = (as_of.date() - day).days
    if days < 1:
        return Message("why.visited_today")
    return Message("why.last_visit", {"day": day, "n": days})


def _finds(row: Mapping[str, Any], per: int) -> Message:
    rate, low, high = (round(per * float(row[k]), 2) for k in ("rate_per_hour", "low80", "high80"))
    n = round(float(row["n_cases"]))
    return Message(
        "why.finds" if n else "why.no_finds",
        {
            "n": n,
            "hours": round(float(row["hours"]), 1),
            "rate": rate,
            "low": low,
            "high": high,
            "per": per,
        },
    )


def _reported(unit: str, told: _Told) -> Message | None:
    """Return who told of the children there: teams, or which others above all."""
    others = {s: told.by_source.get((unit, str(s)), 0) for s in _OTHERS}
    n, teams = sum(others.values()), told.by_source.get((unit, str(Source.PATROL)), 0)
    if not n:
        return Message("why.by_teams", {"n": teams}) if teams else None
    most = max(_OTHERS, key=others.__getitem__)
    name = "why.by_both" if teams else "why.by_others"
    return Message(name, {"n": n, "teams": teams, "source": f"@word.source.{most}"})


def _factor(names: tuple[str, str], factor: float, params: Mapping[str, Param]) -> Message | None:
    """Return a sentence of a factor as a percentage; none where it hardly differs from one."""
    if abs(factor - 1.0) < _SLIGHT:
        return None
    return Message(names[factor < 1.0], {**params, "percent": round(100 * abs(factor - 1.0))})


def _change(row: Mapping[str, Any], settings: ExplainSettings) -> Message:
    """Return what would change it: visits that meet nobody, or children met on the next one."""
    shape, hours = float(row["shape"]), float(row["evidence_h"])
    # The median that its probability was taken against, as a limit of its own Gamma.
    limit = float(gammainccinv(shape, row["p_above_median"])) / hours
    visit_h = settings.visit_min / 60.0
    if row["p_above_median"] < settings.min_p:
        for n in range(1, _MOST_FINDS + 1):
            if gammaincc(shape + n, (hours + visit_h) * limit) >= settings.min_p:
                return Message("why.change_met", {"n": n})
        return Message("why.change_far")
    for n in range(1, _MOST_VISITS + 1):
        if gammaincc(shape, (hours + n * visit_h) * limit) < settings.min_p:
            return Message("why.change_nobody", {"n": n, "minutes": round(settings.visit_min)})
    return Message("why.change_firm")
