"""What a plan costs in lek: hours as they are paid, kilometres, fuel, per diem, line by line.

A line is one kind of cost of one shift, rounded once to whole lek (half a lek
up); every sum is a sum of lines, so that parts add up to their whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Final, TypeVar

from data.nouns import TIRANE, Plan, Shift, Worker
from data.vocabulary import DutyKind, TravelMode
from patrol.cost_settings import BudgetLine, CostKind, CostSettings
from patrol.cost_way import driven_m, is_away
from patrol.paid_time import Band, pieces, seconds_between, seconds_outside
from patrol.roster import is_public_holiday

__all__ = ["Amount", "Cost", "CostLine", "cost_of"]

Key = TypeVar("Key")

_HOUR_S: Final = 3600
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One kind of cost of one shift, or of one duty without a round, which has no team.

    `quantity` is in hours, kilometres, litres, days or rounds, as the kind says.
    """

    shift: str
    team: str
    kind: CostKind
    quantity: Fraction
    lek: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much of something, and what it costs."""

    quantity: Fraction
    lek: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of a plan: its lines, and the settings they were worked out with."""

    lines: tuple[CostLine, ...]
    settings: CostSettings

    @property
    def lek(self) -> int:
        """Return what all of it costs."""
        return sum(line.lek for line in self.lines)

    @property
    def hours(self) -> Fraction:
        """Return the paid hours of rounds of all people together."""
        return sum((amount.quantity for _, amount in self._worked()), Fraction(0))

    def _worked(self) -> Iterator[tuple[CostKind, Amount]]:
        bands = {CostKind(band) for band in Band}
        return ((kind, one) for kind, one in self.by_kind().items() if kind in bands)

    def by_kind(self) -> dict[CostKind, Amount]:
        """Return what each kind comes to, in the order of the kinds."""
        found = self._summed(lambda line: line.kind)
        return {kind: found[kind] for kind in CostKind if kind in found}

    def by_kind_and_team(self) -> dict[tuple[CostKind, str], Amount]:
        """Return what each kind comes to in each team, in the order of the kinds, then teams."""
        found = self._summed(lambda line: (line.kind, line.team))
        order = list(CostKind)
        return {
            key: found[key] for key in sorted(found, key=lambda one: (order.index(one[0]), one[1]))
        }

    def by_team(self) -> dict[str, int]:
        """Return the lek of each team, by id."""
        return {team: one.lek for team, one in sorted(self._summed(lambda x: x.team).items())}

    def by_shift(self) -> dict[str, int]:
        """Return the lek of each shift, by id."""
        return {shift: one.lek for shift, one in sorted(self._summed(lambda x: x.shift).items())}

    def by_budget_line(self) -> dict[BudgetLine, int]:
        """Return the lek of each budget line of the action plan, nought where there is none."""
        found = dict.fromkeys(BudgetLine, 0)
        for line in self.lines:
            found[self.budget_line(line.kind)] += line.lek
        return found

    def budget_line(self, kind: CostKind) -> BudgetLine:
        """Return which line of the budget pays for a kind."""
        is_material = kind in self.settings.material
        return BudgetLine.MATERIAL_MEANS if is_material else BudgetLine.FIELD_TEAMS

    def _summed(self, key: Callable[[CostLine], Key]) -> dict[Key, Amount]:
        found: dict[Key, Amount] = {}
        for line in self.lines:
            before = found.get(key(line), Amount(quantity=Fraction(0), lek=0))
            found[key(line)] = Amount(
                quantity=before.quantity + line.quantity, lek=before.lek + line.lek
            )
        return found


def cost_of(plan: Plan, settings: CostSettings) -> Cost:
    """Return what the plan of a week costs: its shifts as rostered, its rounds as they run.

    A break counts as work, as it does in the roster. People who are not in the
    plan's list are paid the usual hour.
    """
    people = {worker.id: worker for worker in plan.workers}
    works = _works(plan)
    pay = _Pay(people=people, settings=settings, is_holiday=_holidays(plan))
    owed = [
        *_hours(works, pay),
        *_on_call(works, pay),
        *_rounds(plan, settings),
    ]
    quantity: dict[tuple[str, CostKind], Fraction] = defaultdict(Fraction)
    lek: dict[tuple[str, CostKind], Fraction] = defaultdict(Fraction)
    for one in owed:
        quantity[one.shift, one.kind] += one.quantity
        lek[one.shift, one.kind] += one.lek
    return Cost(
        lines=tuple(
            CostLine(
                shift=work.id,
                team=work.team,
                kind=kind,
                quantity=quantity[work.id, kind],
                lek=floor(lek[work.id, kind] + Fraction(1, 2)),
            )
            for work in works
            for kind in CostKind
            if quantity[work.id, kind]
        ),
        settings=settings,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A shift, or a duty without a round: who works in it, and who is on call for it."""

    id: str
    team: str
    start: datetime
    end: datetime
    workers: tuple[str, ...]
    on_call: tuple[str, ...]


def _works(plan: Plan) -> tuple[_Work, ...]:
    """Return all that people are paid for, in the order of the week."""
    found = [
        _Work(id=s.id, team=s.team, start=s.start, end=s.end, workers=s.workers, on_call=s.on_call)
        for s in plan.shifts
    ]
    for duty in plan.duties:
        is_on_call = duty.kind is DutyKind.ON_CALL
        found.append(
            _Work(
                id=duty.id,
                team="",
                start=duty.start,
                end=duty.end,
                workers=() if is_on_call else duty.workers,
                on_call=duty.workers if is_on_call else (),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.start, one.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owed:
    """A part of a line, not rounded yet."""

    shift: str
    kind: CostKind
    quantity: Fraction
    lek: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pay:
    """Who is paid what, and on which days there is more."""

    people: Mapping[str, Worker]
    settings: CostSettings
    is_holiday: Callable[[date], bool]

    def an_hour(self, worker: str) -> int:
        """Return the lek of an hour of somebody, before any supplement."""
        return self.settings.pay(self.people.get(worker))

    def on_day(self, day: date) -> tuple[CostKind | None, int]:
        """Return the supplement of a day and its percent; a holiday goes before a weekend."""
        if self.is_holiday(day):
            return CostKind.HOLIDAY, self.settings.holiday_pct
        if day.weekday() >= _SATURDAY:
            return CostKind.WEEKEND, self.settings.weekend_pct
        return None, 0


def _holidays(plan: Plan) -> Callable[[date], bool]:
    """Return what says whether a day is a holiday: the plan's calendar, else the country's."""
    roster = plan.settings.get("roster")
    days = roster.get("holidays") if isinstance(roster, Mapping) else None
    return is_public_holiday if days is None else frozenset(days).__contains__


def _hours(works: Sequence[_Work], pay: _Pay) -> Iterator[_Owed]:
    settings = pay.settings
    overtime = _overtime(works, pay)
    for work in works:
        cut = pieces(work.start, work.end, settings.bands)
        for worker in work.workers:
            lek = pay.an_hour(worker)
            for piece in cut:
                hours = Fraction(piece.seconds, _HOUR_S)
                percent = 100 + settings.supplement_pct(piece.band)
                kind = CostKind(piece.band) if work.team else CostKind.CASEWORK
                yield _paid(work, kind, hours, lek, percent)
                special, extra = pay.on_day(piece.day)
                if special is not None:
                    yield _paid(work, special, hours, lek, extra)
            over = Fraction(overtime.get((work.id, worker), 0), _HOUR_S)
            yield _paid(work, CostKind.OVERTIME, over, lek, settings.overtime_pct)


def _paid(work: _Work, kind: CostKind, hours: Fraction, lek: int, percent: int) -> _Owed:
    return _Owed(shift=work.id, kind=kind, quantity=hours, lek=hours * lek * Fraction(percent, 100))


def _overtime(works: Sequence[_Work], pay: _Pay) -> dict[tuple[str, str], int]:
    """Return the seconds of overtime by shift and worker.

    In the order of the week, what goes past the day's usual hours or past the
    hours of a person's contract is overtime; what was overtime fills neither.
    """
    settings = pay.settings
    found: dict[tuple[str, str], int] = {}
    week: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
    days: dict[tuple[str, date], int] = defaultdict(int)
    for work in works:
        day = work.start.astimezone(TIRANE).date()
        lasts = seconds_between(work.start, work.end)
        for worker in work.workers:
            known = pay.people.get(worker)
            contract = settings.weekly_hours if known is None else known.weekly_hours
            weekly = (worker, day.isocalendar()[:2])
            usual = min(
                lasts,
                round(settings.daily_hours * _HOUR_S) - days[worker, day],
                round(min(contract, settings.weekly_hours) * _HOUR_S) - week[weekly],
            )
            days[worker, day] += max(usual, 0)
            week[weekly] += max(usual, 0)
            found[work.id, worker] = lasts - max(usual, 0)
    return found


def _on_call(works: Sequence[_Work], pay: _Pay) -> Iterator[_Owed]:
    """Yield the hours on call: an hour counts once, and not at all while its person works."""
    busy: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for work in works:
        for worker in work.workers:
            busy[worker].append((work.start, work.end))
    for work in works:
        for worker in work.on_call:
            idle = seconds_outside(work.start, work.end, busy[worker])
            busy[worker].append((work.start, work.end))
            lek, hours = pay.an_hour(worker), Fraction(idle, _HOUR_S)
            yield _paid(work, CostKind.ON_CALL, hours, lek, pay.settings.on_call_pct)


def _rounds(plan: Plan, settings: CostSettings) -> Iterator[_Owed]:
    shifts = {shift.id: shift for shift in plan.shifts}
    bases = {base.id: base for base in plan.bases}
    for route in plan.routes:
        shift = shifts[route.shift]
        if shift.mode is TravelMode.DRIVE:
            yield from _car(shift, Fraction(driven_m(route), 1000), settings)
        if is_away(route, bases.get(shift.base), settings.away_km):
            yield from _per_diem(shift, settings)
        one = Fraction(1)
        lek = Fraction(settings.other_lek_a_round)
        yield _Owed(shift=shift.id, kind=CostKind.OTHER, quantity=one, lek=lek)


def _car(shift: Shift, km: Fraction, settings: CostSettings) -> Iterable[_Owed]:
    litres = km * Fraction(str(settings.litres_per_100_km)) / 100
    return (
        _Owed(
            shift=shift.id,
            kind=CostKind.KILOMETRES,
            quantity=km,
            lek=km * settings.lek_per_km,
        ),
        _Owed(
            shift=shift.id,
            kind=CostKind.FUEL,
            quantity=litres,
            lek=litres * settings.fuel_lek_per_litre,
        ),
    )


def _per_diem(shift: Shift, settings: CostSettings) -> Iterator[_Owed]:
    hours = Fraction(seconds_between(shift.start, shift.end), _HOUR_S)
    days, lek = Fraction(0), 0
    if hours >= Fraction(str(settings.per_diem_from_h)):
        days, lek = Fraction(1), settings.per_diem_lek
    elif hours >= Fraction(str(settings.half_per_diem_from_h)):
        days, lek = Fraction(1, 2), settings.half_per_diem_lek
    n = len(shift.workers)
    yield _Owed(shift=shift.id, kind=CostKind.PER_DIEM, quantity=n * days, lek=Fraction(n * lek))
