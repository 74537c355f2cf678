"""What a plan costs: hours by their pay, ways, days away; and that the parts make the whole."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.duties import Duty
from data.errors import ContractError
from data.nouns import TIRANE, Plan, Shift, Week
from data.vocabulary import DutyKind, Skill, TravelMode
from patrol.cost import Amount, Cost, cost_of
from patrol.cost_settings import BudgetLine, CostKind, CostSettings
from patrol.paid_time import Band, BandHours, pieces, seconds_outside
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
USUAL = CostSettings(pay_lek=600)
#: The nights in which the clock is changed: one is an hour shorter, one longer.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), TIRANE)


def one_shift(start: datetime, hours: float, *, workers: tuple[str, ...] = ("w0", "w1")) -> Plan:
    """Return a plan with one shift, without a round."""
    end = (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(TIRANE)
    shift = Shift(
        id="s1",
        team="t1",
        base="b-t1",
        mode=TravelMode.WALK,
        start=start,
        end=end,
        workers=workers,
    )
    return replace(plan_of(WEEK), shifts=(shift,), routes=())


def kinds(cost: Cost) -> dict[CostKind, tuple[float, int]]:
    return {kind: (float(one.quantity), one.lek) for kind, one in cost.by_kind().items()}


def test_ordinary_evening_and_night_hours_are_paid_each_with_its_supplement():
    monday = WEEK.monday

    cost = cost_of(one_shift(at(monday, 16), 8), USUAL)

    # Two people: three hours before seven, three until ten at 20 % more, two at 50 % more.
    assert kinds(cost) == {
        CostKind.ORDINARY: (6.0, 3600),
        CostKind.EVENING: (6.0, 4320),
        CostKind.NIGHT: (4.0, 3600),
    }
    assert (cost.lek, float(cost.hours)) == (11520, 16.0)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 7), (AUTUMN, 9)])
def test_a_night_in_which_the_clock_changes_is_paid_as_long_as_it_was(day: date, hours: int):
    eve = day - timedelta(days=1)

    cut = pieces(at(eve, 22), at(day, 6), BandHours())

    assert sum(piece.seconds for piece in cut) == hours * 3600
    assert {piece.band for piece in cut} == {Band.NIGHT}
    assert [piece.day for piece in cut] == [eve, day]


@given(
    start=st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31)),  # noqa: DTZ001 - made aware below
    minutes=st.integers(1, 36 * 60),
)
@settings(max_examples=300, deadline=None)
def test_the_bands_of_a_shift_make_up_the_shift_whenever_it_is(start: datetime, minutes: int):
    begin = start.replace(second=0, microsecond=0, tzinfo=UTC)
    end = begin + timedelta(minutes=minutes)

    cut = pieces(begin, end, BandHours())

    assert sum(piece.seconds for piece in cut) == minutes * 60
    assert all(piece.seconds > 0 for piece in cut)
    # The clock, asked minute by minute, agrees with where the cuts are.
    night = sum(
        60
        for n in range(minutes)
        if not 6 <= (begin + timedelta(minutes=n)).astimezone(TIRANE).hour < 22
    )
    assert sum(piece.seconds for piece in cut if piece.band is Band.NIGHT) == night


def test_what_goes_past_the_contract_of_the_week_is_overtime_and_the_last_hours_are_it():
    shifts = tuple(
        replace(one_shift(at(day, 9), 6, workers=("w0",)).shifts[0], id=f"s{n}")
        for n, day in enumerate(WEEK.days[:4])
    )
    plan = replace(one_shift(at(WEEK.monday, 9), 6), shifts=shifts)
    short = tuple(replace(worker, weekly_hours=20.0) for worker in plan.workers)

    cost = cost_of(replace(plan, workers=short), USUAL)

    assert kinds(cost)[CostKind.OVERTIME] == (4.0, 600)
    assert [line.shift for line in cost.lines if line.kind is CostKind.OVERTIME] == ["s3"]
    assert CostKind.OVERTIME not in kinds(cost_of(plan, USUAL))


def test_what_goes_past_eight_hours_of_a_day_is_overtime_once():
    plan = one_shift(at(WEEK.monday, 8), 10, workers=("w0",))

    assert kinds(cost_of(plan, USUAL))[CostKind.OVERTIME] == (2.0, 300)


def test_holidays_and_weekends_cost_nothing_more_until_somebody_says_so():
    saturday = one_shift(at(WEEK.days[5], 9), 5)
    holiday = one_shift(at(date(2026, 11, 28), 9), 5)  # Flag day, a Saturday: a holiday first
    dear = replace(USUAL, weekend_pct=10, holiday_pct=25)

    assert kinds(cost_of(saturday, USUAL))[CostKind.WEEKEND] == (10.0, 0)
    assert kinds(cost_of(saturday, dear))[CostKind.WEEKEND] == (10.0, 600)
    assert kinds(cost_of(holiday, dear))[CostKind.HOLIDAY] == (10.0, 1500)
    assert CostKind.WEEKEND not in kinds(cost_of(holiday, dear))
    # Where the plan has a calendar of its own, that says what a holiday is.
    moved = replace(saturday, settings={"roster": {"holidays": (WEEK.days[5],)}})
    assert CostKind.HOLIDAY in kinds(cost_of(moved, dear))


def test_a_skill_with_pay_of_its_own_counts_and_of_several_the_highest():
    plan = one_shift(at(WEEK.monday, 9), 1)
    skilled = {
        "w0": frozenset({Skill.POLICE}),
        "w1": frozenset({Skill.PSYCHOLOGIST, Skill.POLICE}),
    }
    people = tuple(replace(w, skills=skilled.get(w.id, w.skills)) for w in plan.workers)
    priced = replace(USUAL, pay_by_skill={Skill.PSYCHOLOGIST: 900, Skill.POLICE: 0})

    # The police pay their own officer.
    assert cost_of(replace(plan, workers=people), priced).lek == 900
    assert cost_of(replace(plan, workers=()), priced).lek == 1200


def test_an_hour_on_call_counts_once_and_not_while_its_person_works():
    plan = plan_of(WEEK)  # w2 is on call for two teams at the same hours, on two days
    half = replace(USUAL, on_call_pct=50)

    assert kinds(cost_of(plan, half))[CostKind.ON_CALL] == (12.0, 3600)
    working = replace(plan, shifts=tuple(replace(s, workers=("w2",)) for s in plan.shifts))
    assert CostKind.ON_CALL not in kinds(cost_of(working, half))


def test_time_outside_others_is_counted_through_overlaps():
    day = WEEK.monday
    taken = [(at(day, 10), at(day, 12)), (at(day, 11), at(day, 13)), (at(day, 7), at(day, 8))]

    assert seconds_outside(at(day, 9), at(day, 15), taken) == 3 * 3600
    assert seconds_outside(at(day, 10), at(day, 12), taken) == 0


def test_a_car_costs_fuel_and_kilometres_and_walking_costs_neither():
    plan = plan_of(WEEK)
    priced = replace(USUAL, lek_per_km=20, fuel_lek_per_litre=200, litres_per_100_km=7.5)
    driven = tuple(replace(s, mode=TravelMode.DRIVE) if s.team == "t1" else s for s in plan.shifts)

    assert CostKind.FUEL not in kinds(cost_of(plan, priced))
    found = kinds(cost_of(replace(plan, shifts=driven), priced))

    # Two rounds of four ways of 820 m (half a metre goes to the even one): 6.56 km.
    assert found[CostKind.KILOMETRES] == (6.56, 132)
    assert found[CostKind.FUEL] == (0.492, 98)


def test_a_round_far_away_is_paid_per_diem_by_its_hours():
    plan = plan_of(WEEK)
    near, far = replace(USUAL, away_km=5.0), replace(USUAL, away_km=0.0)
    day = replace(far, per_diem_from_h=6.0)

    assert CostKind.PER_DIEM not in kinds(cost_of(plan, near))
    # Four rounds of six hours, two people each: half a day, or a day where six hours are one.
    assert kinds(cost_of(plan, far))[CostKind.PER_DIEM] == (4.0, 4000)
    assert kinds(cost_of(plan, day))[CostKind.PER_DIEM] == (8.0, 8000)


def test_work_and_means_go_to_the_lines_of_the_action_plan_and_can_be_moved():
    plan = plan_of(WEEK)
    priced = replace(USUAL, away_km=0.0, other_lek_a_round=150)
    moved = replace(priced, material=frozenset({CostKind.OTHER}))

    # Both work with two teams at once, so that four of their twelve hours a day are overtime.
    assert cost_of(plan, priced).by_budget_line() == {
        BudgetLine.FIELD_TEAMS: 28_800 + 2_400,
        BudgetLine.MATERIAL_MEANS: 4_600,
    }
    assert cost_of(plan, moved).by_budget_line()[BudgetLine.MATERIAL_MEANS] == 600


@given(
    pay=st.integers(0, 3000),
    percents=st.tuples(*[st.integers(0, 200)] * 6),
    start_h=st.integers(0, 23),
    quarters=st.integers(1, 60),
    litres=st.floats(0, 30).map(lambda x: round(x, 1)),
)
@settings(max_examples=150, deadline=None)
def test_the_parts_of_a_cost_make_the_whole_however_they_are_grouped(
    pay: int, percents: tuple[int, ...], start_h: int, quarters: int, litres: float
):
    names = ("evening", "night", "overtime", "holiday", "weekend", "on_call")
    priced = CostSettings(
        pay_lek=pay,
        litres_per_100_km=litres,
        away_km=0.0,
        **{f"{name}_pct": percent for name, percent in zip(names, percents, strict=True)},  # type: ignore[arg-type]
    )
    plan = plan_of(WEEK)
    shifts = tuple(
        replace(
            s,
            mode=TravelMode.DRIVE,
            start=at(s.start.date(), start_h),
            end=at(s.start.date(), start_h) + timedelta(minutes=15 * quarters),
        )
        for s in plan.shifts
    )

    cost = cost_of(replace(plan, shifts=shifts), priced)

    assert cost.lek == sum(one.lek for one in cost.by_kind().values())
    assert cost.lek == sum(cost.by_team().values()) == sum(cost.by_shift().values())
    assert cost.lek == sum(cost.by_budget_line().values())
    worked = sum(Fraction(quarters, 4) * len(s.workers) for s in shifts)
    assert cost.hours == worked


def test_the_same_plan_costs_the_same_in_whatever_order_it_stands():
    plan = plan_of(WEEK)
    turned = replace(plan, shifts=plan.shifts[::-1], routes=plan.routes[::-1])

    assert cost_of(turned, USUAL) == cost_of(plan, USUAL)


def test_a_line_is_rounded_once_half_a_lek_up():
    plan = one_shift(at(WEEK.monday, 9), 0.5, workers=("w0",))

    cost = cost_of(plan, replace(USUAL, pay_lek=501))

    assert cost.by_kind()[CostKind.ORDINARY] == Amount(quantity=Fraction(1, 2), lek=251)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pay_lek": -1},
        {"night_pct": 301},
        {"litres_per_100_km": 51.0},
        {"pay_by_skill": {Skill.OUTREACH: -5}},
        {"half_per_diem_from_h": 9.0},
    ],
)
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, object]):
    with pytest.raises(ContractError):
        CostSettings(**wrong)  # type: ignore[arg-type]


def test_settings_and_costs_survive_pickling_which_a_session_asks_of_them():
    cost = cost_of(plan_of(WEEK), replace(USUAL, budget_codes={BudgetLine.FIELD_TEAMS: "600"}))

    assert pickle.loads(pickle.dumps(cost)) == cost  # noqa: S301 - our own bytes


def test_nobody_in_a_shift_costs_nothing():
    assert cost_of(one_shift(at(WEEK.monday, 9), 6, workers=()), USUAL).lek == 0


def duty(name: str, kind: DutyKind, start: datetime, hours: float, *workers: str) -> Duty:
    return Duty(
        id=name, kind=kind, start=start, end=start + timedelta(hours=hours), workers=workers
    )


def test_casework_is_paid_as_work_stands_apart_and_fills_the_contract_of_the_week():
    plan = one_shift(at(WEEK.days[1], 9), 6, workers=("w0",))
    block = duty("d1", DutyKind.CASEWORK, at(WEEK.monday, 9), 4, "w0")
    short = tuple(replace(worker, weekly_hours=8.0) for worker in plan.workers)

    cost = cost_of(replace(plan, duties=(block,), workers=short), USUAL)

    assert kinds(cost) == {
        CostKind.ORDINARY: (6.0, 3600),
        CostKind.CASEWORK: (4.0, 2400),
        CostKind.OVERTIME: (2.0, 300),
    }
    assert cost.hours == 6
    assert cost.by_team() == {"": 2400, "t1": 3900}


def test_a_day_on_call_for_the_helpline_counts_where_its_person_does_not_work():
    plan = one_shift(at(WEEK.monday, 9), 6, workers=("w0",))
    day = duty("d1", DutyKind.ON_CALL, at(WEEK.monday, 8), 12, "w0")

    cost = cost_of(replace(plan, duties=(day,)), replace(USUAL, on_call_pct=10))

    assert kinds(cost)[CostKind.ON_CALL] == (6.0, 360)
