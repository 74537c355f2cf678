"""Nobody is sent where it is not safe: each rule alone, all of them together, and what they say."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from data.messages import Message
from data.nouns import TIRANE, Base, Shift, Stop, TimeWindow, Worker
from data.vocabulary import PlaceKind, Skill, TravelMode
from geo.daylight import daylight
from layers.words import LANGUAGES, Words
from patrol.limits import limits_of
from patrol.safety import RULES, Safe, SafetySettings, keep_safe, outing_of, rule_sentences
from tests.builders import CENTRE, DURRES

USUAL = SafetySettings()
JULY, OCTOBER, DECEMBER = date(2026, 7, 8), date(2026, 10, 7), date(2026, 12, 9)
OFFICER, OUTREACH = (
    Worker(id=name, name=name, municipality=DURRES, skills=frozenset({skill}))
    for name, skill in (("officer", Skill.POLICE), ("outreach", Skill.OUTREACH))
)
WORKERS = (OFFICER, OUTREACH)
BASE = Base(id="base", name="Base", municipality=DURRES, lon=CENTRE[0], lat=CENTRE[1])


def at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(int(hour), round(60 * (hour % 1))), TIRANE)


def hours(day: date, first: float, last: float) -> TimeWindow:
    return TimeWindow(opens=at(day, first), closes=at(day, last))


def shift(day: date = OCTOBER, first: float = 9, last: float = 15, **more) -> Shift:
    made = Shift(
        id=f"t1-{day}",
        team="t1",
        base="base",
        mode=TravelMode.WALK,
        start=at(day, first),
        end=at(day, last),
        workers=("outreach",),
    )
    return replace(made, **more)


def stop(*windows: TimeWindow, kind: PlaceKind = PlaceKind.MARKET, **more) -> Stop:
    made = Stop(
        id="s0",
        place_id="p0",
        name="Vend",
        lon=CENTRE[0],
        lat=CENTRE[1],
        prize=1.0,
        service_min=30.0,
        windows=windows,
        must=False,
        exploration=False,
        reason=Message("stop.planned"),
        kind=kind,
    )
    return replace(made, **more)


def kept(one: Stop, *shifts: Shift, settings: SafetySettings = USUAL) -> Safe:
    return keep_safe([one], shifts, WORKERS, settings)


def held(one: Stop, first: Shift, *others: Shift, settings: SafetySettings = USUAL) -> Stop:
    """Return a stop with the hours that are left to the first of some shifts."""
    limits = limits_of((first, *others), WORKERS, (BASE,), settings)
    found = limits.held(one, first.id)
    assert limits.held(found, first.id) == found
    return found


def reason(found: Safe) -> str:
    assert not found.stops
    return found.left_out[0].reason.id


def test_a_danger_zone_is_left_out_without_an_escort_and_said_so():
    zone = stop(hours(OCTOBER, 8, 20), needs_escort=True)

    assert reason(kept(zone, shift())) == "left_out.needs_escort"


@pytest.mark.parametrize("skill", [Skill.POLICE, Skill.INSPECTOR])
def test_only_the_shift_with_an_escort_may_serve_a_danger_zone(skill: Skill):
    zone = stop(hours(OCTOBER, 8, 20), needs_escort=True)
    alone, joint = shift(), shift(id="joint", workers=("outreach", "escort"))
    escort = replace(OFFICER, id="escort", skills=frozenset({skill}))

    found = keep_safe([zone], [alone, joint], [*WORKERS, escort], USUAL)

    assert found.stops == (replace(zone, shifts=("joint",)),)


def test_an_officer_who_is_only_on_call_escorts_nobody():
    assert not outing_of(shift(on_call=("officer",)), WORKERS).escorted


def test_a_mine_heap_is_left_before_dark():
    heap = stop(hours(DECEMBER, 8, 20), kind=PlaceKind.MINE_HEAP)

    found = held(heap, shift(DECEMBER, 12, 19))

    sunset = daylight(DECEMBER, heap.lon, heap.lat).closes
    inside = [w for w in found.windows if w.closes >= at(DECEMBER, 12)]
    assert inside[0].closes == sunset - timedelta(minutes=30)
    assert all(w.opens >= at(DECEMBER, 19) for w in inside[1:])


def test_a_heap_that_only_a_late_shift_meets_is_left_out_as_dark():
    heap = stop(hours(DECEMBER, 8, 20), kind=PlaceKind.MINE_HEAP)

    assert reason(kept(heap, shift(DECEMBER, 17, 20))) == "left_out.only_by_daylight"


def test_a_round_on_foot_by_daylight_ends_with_it_and_a_drive_goes_on():
    settings = SafetySettings(daylight_teams=("t1",))
    late = shift(DECEMBER, 17, 21)
    market = stop(hours(DECEMBER, 8, 22))

    assert reason(kept(market, late, settings=settings)) == "left_out.round_by_daylight"
    assert kept(market, replace(late, mode=TravelMode.DRIVE), settings=settings).stops == (market,)
    assert kept(market, replace(late, team="t2"), settings=settings).stops == (market,)


def test_in_july_nobody_on_foot_stops_in_the_open_from_noon_to_four():
    market = stop(hours(JULY, 8, 20))

    found = held(market, shift(JULY, 9, 18))

    assert found.windows == (hours(JULY, 8, 11.5), hours(JULY, 16, 20))


def test_who_drives_is_not_kept_from_a_place_because_somebody_else_walks():
    market = stop(hours(JULY, 8, 20))
    walk, drive = shift(JULY, 9, 18), shift(JULY, 9, 18, id="car", mode=TravelMode.DRIVE)

    assert kept(market, walk, drive).stops == (market,)
    assert held(market, walk, drive).windows == (hours(JULY, 8, 11.5), hours(JULY, 16, 20))
    assert held(market, drive, walk) == market


def test_heat_is_no_matter_in_october_in_a_car_or_under_a_roof():
    for one, out in (
        (stop(hours(OCTOBER, 8, 20)), shift(OCTOBER)),
        (stop(hours(JULY, 8, 20)), shift(JULY, mode=TravelMode.DRIVE)),
        (stop(hours(JULY, 8, 20), kind=PlaceKind.SCHOOL), shift(JULY)),
    ):
        assert kept(one, out).stops == (one,)


def test_a_place_that_is_met_in_the_hottest_hours_only_is_left_out_as_hot():
    assert reason(kept(stop(hours(JULY, 12, 15)), shift(JULY))) == "left_out.heat"


def test_a_heat_alert_holds_for_its_day_alone_and_for_cars_too():
    settings = SafetySettings(heat_alerts=(OCTOBER,))
    other = OCTOBER + timedelta(days=1)
    out = [shift(day, 9, 20, mode=TravelMode.DRIVE) for day in (OCTOBER, other)]
    market = stop(hours(OCTOBER, 12, 17), hours(other, 12, 17))

    (found,) = kept(market, *out, settings=settings).stops

    assert found.shifts == (out[1].id,)
    assert reason(kept(stop(hours(OCTOBER, 12, 17)), out[0], settings=settings)) == (
        "left_out.heat_alert"
    )


def test_a_stop_that_no_shift_meets_in_its_hours_is_no_matter_of_safety():
    late = stop(hours(OCTOBER, 20, 22), needs_escort=True)

    assert kept(late, shift()).stops == (late,)


def test_a_plan_of_before_whose_stops_have_no_kind_is_held_to_what_can_be_known():
    nameless = stop(hours(JULY, 8, 20), kind=None)

    found = held(nameless, shift(JULY, 9, 18))

    assert found.windows[0] == hours(JULY, 8, 11.5)


outings = st.builds(
    lambda day, first, length, mode, who: (day, first, min(first + length, 23.5), mode, who),
    st.sampled_from([JULY, OCTOBER, DECEMBER, date(2026, 3, 29), date(2026, 10, 25)]),
    st.integers(6, 20),
    st.integers(3, 9),
    st.sampled_from(TravelMode),
    st.sampled_from(["officer", "outreach"]),
)


@limits(deadline=None)
@given(
    outings=st.lists(outings, min_size=1, max_size=4),
    kind=st.sampled_from(PlaceKind),
    service=st.integers(5, 90),
    escorted=st.booleans(),
    minute=st.integers(0, 24 * 60),
)
def test_no_visit_that_may_begin_lasts_into_hours_that_any_rule_closes(
    outings: list[tuple], kind: PlaceKind, service: int, minute: int, *, escorted: bool
):
    settings = SafetySettings(daylight_teams=("t1",), heat_alerts=(OCTOBER,))
    days = sorted({out[0] for out in outings})
    one = stop(
        *(hours(day, 5, 23) for day in days),
        kind=kind,
        service_min=float(service),
        needs_escort=escorted,
    )
    shifts = [
        shift(day, first, last, id=f"o{n}", mode=mode, workers=(who,))
        for n, (day, first, last, mode, who) in enumerate(outings)
    ]

    found = kept(one, *shifts, settings=settings)

    for safe in found.stops:
        for own in shifts:
            if safe.shifts is not None and own.id not in safe.shifts:
                continue
            windows = held(safe, own, settings=settings).windows
            assert all(a.closes <= b.opens for a, b in pairwise(windows))
            begin = (own.start.astimezone(UTC) + timedelta(minutes=minute)).astimezone(TIRANE)
            leave = (begin.astimezone(UTC) + timedelta(minutes=service)).astimezone(TIRANE)
            if leave > own.end or not any(w.opens <= begin <= w.closes for w in windows):
                continue
            closed = [
                span for rule in RULES.values()
                for span in rule(one, outing_of(own, WORKERS), settings)
            ]  # fmt: skip
            assert not [s for s in closed if begin < s.closes and s.opens < leave]


@limits(deadline=None)
@given(outings=st.lists(outings, min_size=1, max_size=4), kind=st.sampled_from(PlaceKind))
def test_a_stop_is_kept_or_left_out_and_never_both_or_neither(
    outings: list[tuple], kind: PlaceKind
):
    days = sorted({out[0] for out in outings})
    one = stop(*(hours(day, 5, 23) for day in days), kind=kind, needs_escort=True)
    shifts = [
        shift(day, first, last, id=f"o{n}", mode=mode, workers=(who,))
        for n, (day, first, last, mode, who) in enumerate(outings)
    ]

    found = kept(one, *shifts)

    assert len(found.stops) + len(found.left_out) == 1
    for safe in found.stops:
        assert safe.windows
        assert safe.shifts is None or set(safe.shifts) <= {own.id for own in shifts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_a_sentence_with_its_limits(language: str):
    words = Words(language)
    settings = SafetySettings(
        escort_places=("p1",), daylight_teams=("t1",), heat_alerts=(JULY,), heat_hours=(13, 17)
    )

    said = [words.message(sentence) for sentence in rule_sentences(settings)]

    assert len(set(said)) == len(said)
    assert not [text for text in said if "{" in text]
    assert any("13" in text and "17" in text for text in said)
    named = {sentence.id.removeprefix("safety.rule.") for sentence in rule_sentences(settings)}
    assert named >= set(RULES)


def test_no_limit_is_hidden_from_the_sentences():
    changed = {
        "escort_places": ("p1",),
        "daylight": (8, 17),
        "daylight_kinds": (PlaceKind.LANDFILL,),
        "daylight_teams": ("t1",),
        "heat_months": (6,),
        "heat_hours": (13, 17),
        "heat_alerts": (JULY,),
        "alert_hours": (10, 19),
        "sheltered_kinds": (),
    }
    assert set(changed) == {one.name for one in fields(SafetySettings)}

    for name, value in changed.items():
        other = replace(USUAL, **{name: value})
        assert rule_sentences(other) != rule_sentences(USUAL), name
