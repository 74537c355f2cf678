"""What a coordinator may choose about a plan, and what follows from it for the climb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from data.errors import ContractError
from data.messages import Message
from desk.planning import MOST_WEEKS
from patrol.needs import PlaceNeed, Promise, VisitNeed
from patrol.plan import PlanSettings

__all__ = ["PlanChoices"]

_SERVICE_MIN = (5, 180)
_SHARE = (0, 50)
_WEEKS = (1, MOST_WEEKS)
_SAME_HOUR = (1, 10)
_STOPS = (1, 40)
_VISITS = (1, 20)
_NEED_DAYS = (1, 56)
_GAP_DAYS = (0, 28)
_WEEKDAYS = (0, 6)
_HOURS = (0, 23)
_OVERTIME_H = (0, 8)
_CASEWORK_H = (0, 20)
_CONTACT_MIN = (0, 120)
_IN_TIME = (50, 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoices:
    """The choices of the Plan page.

    Parameters
    ----------
    service_min, hotspot_service_min
        Minutes at a place, and at a place at risk.
    exploration_pct
        Percent of the minutes at places that go where too little is known.
    must_places
        Places that have to be visited.
    leave_unstaffed
        Whether a shift that nobody can work is left out instead of stopping the plan.
    overtime_h
        Hours a week that one person may work on top of their contract.
    work_on_holidays, on_call_while_out
        Whether anybody works on a public holiday; whether somebody who is out with
        one team may be on call for another.
    casework_h
        Hours a week that every child protection worker keeps for casework.
    helpline_rota
        Whether somebody is on call for the helpline around the clock.
    need_driver, need_language
        Whether a team that drives has to have a driver, and one that asks for a language
        somebody who speaks it.
    contact_min
        Minutes that a first contact takes beyond the visit, where a child is met.
    in_time_pct
        Percent of the shifts, at least, that end in time whoever is met.
    seed
        The same one gives the same plan; without it a secret one is drawn.
    weeks
        So many are planned together, from the chosen one on.
    variety_pct
        Percent of the best plan's worth that it may cost to be hard to foresee.
    same_hour_in
        Of so many visits to a place at risk, one may lie in the same weekday and hour.
    most_stops
        Places in a round, at most; none: as many as there is time for.
    end_bases
        Team and base of the rounds that end elsewhere than they begin.
    needs
        Place, visits, days they are in (7 or 28) and the least days between two, of places that
        are wanted more or less often than usual.
    promises
        Place, weekday (0 is Monday) and hour at which the team said it would be back.
    """

    service_min: int = 30
    hotspot_service_min: int = 45
    exploration_pct: int = 20
    must_places: tuple[str, ...] = ()
    leave_unstaffed: bool = False
    overtime_h: float = 0.0
    work_on_holidays: bool = False
    on_call_while_out: bool = True
    casework_h: int = 8
    helpline_rota: bool = False
    need_driver: bool = False
    need_language: bool = False
    contact_min: int = 30
    in_time_pct: int = 90
    seed: int | None = None
    weeks: int = 1
    variety_pct: int = 5
    same_hour_in: int = 3
    most_stops: int | None = None
    end_bases: tuple[tuple[str, str], ...] = ()
    needs: tuple[tuple[str, int, int, int], ...] = ()
    promises: tuple[tuple[str, int, int], ...] = ()

    def __post_init__(self) -> None:
        """Hold the numbers to what makes sense.

        Raises
        ------
        ContractError
            If a number is out of its range.
        """
        for value, (low, high) in (
            (self.service_min, _SERVICE_MIN),
            (self.hotspot_service_min, _SERVICE_MIN),
            (self.exploration_pct, _SHARE),
            (self.weeks, _WEEKS),
            (self.variety_pct, _SHARE),
            (self.same_hour_in, _SAME_HOUR),
            (self.most_stops or 1, _STOPS),
            *((visits, _VISITS) for _, visits, _, _ in self.needs),
            *((days, _NEED_DAYS) for _, _, days, _ in self.needs),
            *((gap, _GAP_DAYS) for _, _, _, gap in self.needs),
            *((weekday, _WEEKDAYS) for _, weekday, _ in self.promises),
            *((hour, _HOURS) for _, _, hour in self.promises),
            (self.overtime_h, _OVERTIME_H),
            (self.casework_h, _CASEWORK_H),
            (self.contact_min, _CONTACT_MIN),
            (self.in_time_pct, _IN_TIME),
        ):
            if not low <= value <= high:
                raise ContractError(Message("desk.choice_range", {"low": low, "high": high}))

    def settings(self) -> PlanSettings:
        """Return the settings of the climb that follow from the choices."""
        usual = PlanSettings()
        return replace(
            usual,
            stops=replace(
                usual.stops,
                service_min=float(self.service_min),
                hotspot_service_min=float(self.hotspot_service_min),
                exploration_share=self.exploration_pct / 100,
                contact_min=float(self.contact_min),
                must_places=self.must_places,
                needs=tuple(
                    PlaceNeed(
                        place_id=place,
                        need=VisitNeed(visits=visits, days=days, least_gap_days=gap),
                    )
                    for place, visits, days, gap in self.needs
                ),
                promises=tuple(
                    Promise(place_id=place, weekday=weekday, hour=hour)
                    for place, weekday, hour in self.promises
                ),
            ),
            routes=replace(
                usual.routes,
                most_stops=self.most_stops,
                end_bases=dict(self.end_bases),
                overrun_percentile=float(self.in_time_pct),
            ),
            variety=replace(
                usual.variety, price=self.variety_pct / 100, most_share=1.0 / self.same_hour_in
            ),
            roster=replace(
                usual.roster,
                leave_unstaffed=self.leave_unstaffed,
                overtime_h=self.overtime_h,
                work_on_holidays=self.work_on_holidays,
                on_call_while_out=self.on_call_while_out,
                casework_h=float(self.casework_h),
                helpline_rota=self.helpline_rota,
                need_driver=self.need_driver,
                need_language=self.need_language,
            ),
        )

    def record(self) -> dict[str, object]:
        """Return the choices as JSON has them."""
        return asdict(self)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> PlanChoices:
        """Return the choices that `record` gave, also one that went through JSON."""
        return cls(**{name: _tuples(value) for name, value in record.items()})


def _tuples(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
