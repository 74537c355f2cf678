"""What an hour, a kilometre and a day away cost: a municipality's own numbers.

Evening, night and overtime supplements are those of the Labour Code as
`DOMAIN.md` has them. Where no source says anything, the default is nought or a
round number, and the page calls it an assumption until somebody confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from data.errors import ContractError
from data.messages import Message
from data.nouns import Worker
from data.vocabulary import Skill
from patrol.paid_time import Band, BandHours

__all__ = ["MOST", "BudgetLine", "CostKind", "CostSettings"]

#: The most that a number may be, by the end of its name; nothing is below nought.
MOST: Final = {"lek": 1_000_000, "pct": 300, "h": 24.0, "km": 1_000.0}
_MOST_LITRES: Final = 50.0


class CostKind(StrEnum):
    """What money goes to.

    The first three part all hours of rounds among them and are paid with their
    supplement, as hours of casework are; overtime, holiday and weekend are supplements
    on hours that stand there already.
    """

    ORDINARY = "ordinary"
    EVENING = "evening"
    NIGHT = "night"
    CASEWORK = "casework"
    OVERTIME = "overtime"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    ON_CALL = "on_call"
    KILOMETRES = "kilometres"
    FUEL = "fuel"
    PER_DIEM = "per_diem"
    OTHER = "other"

    @property
    def unit(self) -> str:
        """Return what a quantity of it counts: h, km, l, days or rounds."""
        units = {"kilometres": "km", "fuel": "l", "per_diem": "days", "other": "rounds"}
        return units.get(self.value, "h")


class BudgetLine(StrEnum):
    """Activities of the action plan that money of the teams belongs to.

    Objective 2, sub-objective 1 (source 000): activity 2 sets up field teams and
    their work in high hours; activity 4 asks municipalities for material means for
    those in the field, by lines of their own in the municipal budget.
    """

    FIELD_TEAMS = "2.1.2"
    MATERIAL_MEANS = "2.1.4"


#: What the action plan calls material means rather than work.
_MATERIAL: Final = frozenset(
    {CostKind.KILOMETRES, CostKind.FUEL, CostKind.PER_DIEM, CostKind.OTHER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSettings:
    """What things cost in one municipality.

    Parameters
    ----------
    pay_lek
        An hour of a person, before any supplement. An assumption.
    pay_by_skill
        An hour in lek of people with a skill; of several the highest counts. Police and
        inspectors are paid by their own institutions unless this says otherwise.
    bands
        When evening and night begin and end.
    evening_pct, night_pct, overtime_pct
        Supplements in percent (Labour Code).
    holiday_pct, weekend_pct, on_call_pct
        Supplements for work on public holidays and weekends, and the share of an hour's
        pay that an hour on call is paid. No source says: nought.
    daily_hours, weekly_hours
        Beyond them work is overtime; a person's own contract may be less.
    lek_per_km
        Wear of a car, without fuel. No source says: nought.
    fuel_lek_per_litre, litres_per_100_km
        Fuel of a car. Assumptions.
    per_diem_lek, half_per_diem_lek
        For a day and for half a day away. Assumptions.
    per_diem_from_h, half_per_diem_from_h
        Hours of a shift from which it is a day, or half a day.
    away_km
        A round that leads so far from its base, as the crow flies, is away.
    other_lek_a_round
        Whatever else a round costs: water, telephone. No source says: nought.
    material
        Kinds of cost that are material means (activity 4 of the action plan); the
        others pay the work of teams (activity 2).
    budget_codes
        What the municipality's own budget calls the lines, by activity.
    """

    pay_lek: int = 500
    pay_by_skill: Mapping[Skill, int] = field(
        default_factory=lambda: {Skill.POLICE: 0, Skill.INSPECTOR: 0}
    )
    bands: BandHours = field(default_factory=BandHours)
    evening_pct: int = 20
    night_pct: int = 50
    overtime_pct: int = 25
    holiday_pct: int = 0
    weekend_pct: int = 0
    on_call_pct: int = 0
    daily_hours: float = 8.0
    weekly_hours: float = 40.0
    lek_per_km: int = 0
    fuel_lek_per_litre: int = 180
    litres_per_100_km: float = 8.0
    per_diem_lek: int = 1000
    half_per_diem_lek: int = 500
    per_diem_from_h: float = 8.0
    half_per_diem_from_h: float = 4.0
    away_km: float = 15.0
    other_lek_a_round: int = 0
    material: frozenset[CostKind] = _MATERIAL
    budget_codes: Mapping[BudgetLine, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Hold the numbers to what makes sense.

        Raises
        ------
        ContractError
            If a number is out of its range, or half a day longer than a day.
        """
        object.__setattr__(self, "pay_by_skill", _frozen(self.pay_by_skill))
        object.__setattr__(self, "budget_codes", _frozen(self.budget_codes))
        numbers = {f.name: getattr(self, f.name) for f in fields(self)}
        numbers = {k: v for k, v in numbers.items() if isinstance(v, int | float)}
        numbers |= {f"{skill}_lek": pay for skill, pay in self.pay_by_skill.items()}
        for name, value in numbers.items():
            most = _most(name)
            if not 0 <= value <= most:
                raise ContractError(Message("cost.range", {"low": 0, "high": most}))
        if self.half_per_diem_from_h > self.per_diem_from_h:
            raise ContractError(Message("cost.half_day_longer"))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle through the constructor: a mapping proxy cannot be pickled."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        given |= {name: dict(given[name]) for name in ("pay_by_skill", "budget_codes")}
        return (_made, (given,))

    def pay(self, worker: Worker | None) -> int:
        """Return the lek of an hour of a person, before any supplement."""
        skills = frozenset() if worker is None else worker.skills
        named = [pay for skill, pay in self.pay_by_skill.items() if skill in skills]
        return max(named, default=self.pay_lek)

    def supplement_pct(self, band: Band) -> int:
        """Return the supplement of a band in percent."""
        return {Band.EVENING: self.evening_pct, Band.NIGHT: self.night_pct}.get(band, 0)


def _frozen(given: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(dict(sorted(given.items())))


def _made(given: dict[str, Any]) -> CostSettings:
    return CostSettings(**given)


def _most(name: str) -> float:
    if name.startswith("litres"):
        return _MOST_LITRES
    if name.endswith("_hours"):
        return 7 * MOST["h"]
    ends = [most for end, most in MOST.items() if name.endswith(f"_{end}")]
    return ends[0] if ends else MOST["lek"]
