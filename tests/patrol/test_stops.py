"""Places become stops by effort and risk, some are explored, and none is lost without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame

from data.access import FIELD_REASONS
from data.calendar import CalendarEntry
from data.frames import HOTSPOTS
from data.messages import Message
from data.nouns import TIRANE, Decision, Stop, Week
from data.vocabulary import CalendarKind, EvidenceKind, PlaceKind, RegisterState, VisitPurpose
from geo.daylight import daylight
from geo.hotspots import find_hotspots
from geo.register import counting_hotspots
from geo.risk import risk_surface
from layers.words import LANGUAGES, Words
from patrol.exploration import Draft
from patrol.inhabited import INHABITED
from patrol.prospects import prospects_of
from patrol.season import Season
from patrol.stops import Stops, StopSettings, make_stops
from tests.builders import DURRES, cases, durres, places, visits

WEEK = Week.parse("2026-W24")
MONDAY = datetime.combine(WEEK.monday, time(), TIRANE)
#: Nobody is drawn for exploration, so that a prize is what it is.
PLAIN = StopSettings(exploration_share=0.0)


def ago(days: float, hour: int = 12) -> datetime:
    return MONDAY - timedelta(days=days) + timedelta(hours=hour)


def seen(n: int, *, days: float = 3.0, hours: float = 4.0) -> pd.DataFrame:
    """Return a visit of so many days ago to each of n places."""
    return visits([f"p{i:03d}" for i in range(n)], hours=hours, when=[ago(days)] * n)


def stops_of(  # noqa: PLR0913 - what makes a week's stops, each by its name
    found: GeoDataFrame,
    met: pd.DataFrame,
    known: GeoDataFrame,
    *,
    settings: StopSettings = PLAIN,
    week: Week = WEEK,
    seed: int = 1,
    illustrative: bool = False,
    draft: Draft | None = None,
    season: Season | None = None,
) -> Stops:
    """Return the stops of a week, all the way from cases and visits."""
    as_of = datetime.combine(week.monday, time(), TIRANE)
    surface = risk_surface(found, met, known, durres(), as_of=as_of)
    hotspots = find_hotspots(surface, known, found, met)
    return make_stops(
        prospects_of(known, surface, hotspots, met),
        week,
        settings=settings,
        rng=np.random.default_rng(seed),
        illustrative=illustrative,
        draft=draft,
        season=season,
    )


def by_place(made: Stops) -> dict[str, Stop]:
    return {stop.place_id: stop for stop in made.stops}


def everywhere(n: int, each: int = 3) -> GeoDataFrame:
    """Return as many reports from each place: enough to say something, and nothing stands out."""
    at = [f"p{i:03d}" for i in range(n) for _ in range(each)]
    return cases(at, when=[ago(5)] * len(at), source="citizen")


def one_risky(n: int = 14, hour: int = 18) -> GeoDataFrame:
    return cases(["p003"] * n, when=[ago(5, hour)] * n, source="citizen")


# --- prizes


def test_the_prize_of_a_place_that_is_due_is_its_expected_meetings_in_one_visit():
    met = seen(6, days=28 + 16 / 24)
    found = cases(["p001"] * 8 + ["p002"] * 4, when=[ago(5)] * 12)
    surface = risk_surface(found, met, places(6), durres(), as_of=MONDAY)
    rates = surface.overall.set_index("place_id")["rate_per_hour"]

    made = make_stops(
        prospects_of(places(6), surface, HOTSPOTS.empty(), met),
        WEEK,
        settings=PLAIN,
        rng=np.random.default_rng(1),
    )

    for place, stop in by_place(made).items():
        assert stop.prize == pytest.approx(rates[place] * 0.5, abs=1e-6)


def test_more_hours_with_the_same_finds_make_a_place_worth_less():
    found = everywhere(6)
    longer = pd.concat([seen(6), visits(["p004"], hours=8.0, when=[ago(4)])], ignore_index=True)

    before, after = (by_place(stops_of(found, met, places(6))) for met in (seen(6), longer))

    assert after["p004"].prize < before["p004"].prize


@pytest.mark.parametrize(
    ("days", "raised"),
    [(1, 0.6), (14, 0.6), (21, 0.75), (42, 1.5), (56, 2.0), (90, 3.0), (300, 3.0)],
)
def test_a_place_just_seen_is_worth_two_thirds_and_more_the_longer_ago_up_to_thrice(
    days: int, raised: float
):
    surface = risk_surface(everywhere(5), seen(5), places(5), durres(), as_of=MONDAY)

    due, other = (
        by_place(
            make_stops(
                prospects_of(places(5), surface, HOTSPOTS.empty(), seen(5, days=d + 16 / 24)),
                WEEK,
                settings=PLAIN,
                rng=np.random.default_rng(1),
            )
        )["p000"]
        for d in (28, days)
    )

    assert other.prize / due.prize == pytest.approx(raised, rel=1e-4)


def season(*entries: CalendarEntry, coastal: bool = True) -> Season:
    return Season(entries=entries, coastal=coastal)


def entry(kind: CalendarKind, first: date, last: date, **more: Any) -> CalendarEntry:
    return CalendarEntry(
        id=f"{kind}", municipality=DURRES, kind=kind, first=first, last=last, **more
    )


SUMMER = entry(CalendarKind.SEASON, date(2026, 6, 1), date(2026, 9, 15))
SEEN_ALL = everywhere(4), seen(4)


@pytest.mark.parametrize("kind", ["beach", "promenade", "bus_station"])
def test_the_coast_is_raised_in_its_season_only_and_says_so(kind: str):
    known = places(4, kind=kind)
    plain = by_place(stops_of(*SEEN_ALL, known))["p000"]
    raised = by_place(stops_of(*SEEN_ALL, known, season=season(SUMMER)))["p000"]
    winter = replace(SUMMER, first=date(2026, 11, 1), last=date(2026, 12, 1))
    asleep = by_place(stops_of(*SEEN_ALL, known, season=season(winter)))["p000"]

    assert raised.reason.id == "stop.season"
    assert raised.prize > 1.4 * plain.prize
    assert asleep == plain
    assert {w.opens.hour for w in raised.windows} == {12}
    assert {w.closes.hour for w in raised.windows} == {22}


def test_a_bus_station_inland_has_no_season():
    known = places(4, kind="bus_station")

    inland = stops_of(*SEEN_ALL, known, season=season(SUMMER, coastal=False))

    assert inland == stops_of(*SEEN_ALL, known)


def test_a_place_of_the_coast_is_due_sooner_in_full_season():
    met = seen(4, days=10.0)
    known = places(4, kind="beach")

    late = by_place(stops_of(everywhere(4), met, known, season=season(SUMMER)))["p000"]

    assert late.reason == Message("stop.overdue", {"n": 2})


def test_what_is_due_says_how_often_somebody_goes_there_and_an_area_what_to_do():
    known = places(5)
    known["place_id"] = [f"{INHABITED}0", "p000", "p001", "p002", "p003"]
    met = visits(known["place_id"], hours=4.0, when=[ago(days) for days in (24, 3, 24, 3, 40)])

    made = by_place(stops_of(everywhere(4), met, known))

    interval = {"n": PLAIN.interval_days}
    assert made[f"{INHABITED}0"].reason == Message("stop.inhabited_due", interval)
    assert made["p001"].reason == Message("stop.due", interval)
    assert made["p003"].reason.id == "stop.overdue"
    waited = {place: stop.waited_days for place, stop in made.items() if stop.urgency}
    assert waited == {f"{INHABITED}0": 30, "p001": 30, "p003": 46}


def test_a_place_at_risk_at_its_interval_comes_before_all_others_that_are_due():
    met = seen(4, days=40.0)
    made = by_place(stops_of(one_risky(), met, places(4)))

    others = [made[place].urgency for place in ("p000", "p001", "p002")]
    assert made["p003"].urgency > sum(others) >= 3


def test_a_market_is_met_on_its_days_and_over_before_it_closes():
    market = entry(
        CalendarKind.MARKET,
        WEEK.monday,
        WEEK.days[6],
        weekdays=(1,),
        start=time(7),
        end=time(13),
        factor=2.0,
    )

    stop = by_place(stops_of(*SEEN_ALL, places(4), season=season(market)))["p000"]
    plain = by_place(stops_of(*SEEN_ALL, places(4)))["p000"]

    (window,) = stop.windows
    market_ends = datetime.combine(WEEK.days[1], time(13), TIRANE)
    assert (window.opens.date(), window.opens.hour) == (WEEK.days[1], 7)
    assert window.closes + timedelta(minutes=stop.service_min) == market_ends
    assert stop.prize == pytest.approx(2.0 * plain.prize, rel=1e-4)
    assert stop.reason == Message("stop.calendar", {"kind": "@word.calendar.market"})


def test_a_place_at_risk_keeps_its_own_hours_whatever_the_calendar_says():
    market = entry(CalendarKind.MARKET, WEEK.days[1], WEEK.days[1], factor=2.0)

    found = one_risky(), seen(8), places(8)
    plain, raised = (
        by_place(stops_of(*found, season=one))["p003"] for one in (None, season(market))
    )

    assert raised.windows == plain.windows
    assert raised.prize == pytest.approx(2.0 * plain.prize, rel=1e-4)


def test_in_the_weeks_before_school_teams_go_for_enrolment_and_the_visit_says_so():
    school = entry(CalendarKind.SCHOOL_YEAR, WEEK.days[6] + timedelta(days=8), date(2027, 6, 1))
    kinds = ["settlement", "school", "market", "junction"]

    made = by_place(stops_of(*SEEN_ALL, places(4, kind=kinds), season=season(school)))

    assert [made[f"p{i:03d}"].purpose for i in range(4)] == [
        *[VisitPurpose.SCHOOL_ENROLMENT] * 3,
        VisitPurpose.IDENTIFICATION,
    ]
    assert made["p000"].reason == Message(
        "stop.purpose", {"purpose": "@word.purpose.school_enrolment"}
    )


def test_nobody_is_sent_to_a_school_that_is_closed():
    school = entry(CalendarKind.SCHOOL_YEAR, date(2025, 9, 8), date(2026, 5, 29))

    made = stops_of(*SEEN_ALL, places(4, kind="school"), season=season(school))

    assert made.stops == ()
    assert {one.reason.id for one in made.left_out} == {"left_out.no_school"}


def test_where_nobody_looked_a_place_is_worth_less_than_reports_make_one_and_never_nothing():
    made = by_place(stops_of(everywhere(4), seen(4), places(6)))

    usual = np.mean([made[f"p{i:03d}"].prize for i in range(4)])
    assert 0.25 * usual < made["p005"].prize < usual


# --- places at risk, and what has to be visited


def test_a_place_at_risk_gets_more_time_its_own_hours_and_more_visits():
    made = stops_of(one_risky(), seen(8), places(8))
    stop = by_place(made)["p003"]

    assert stop.service_min == pytest.approx(45.0 + 30.0 * stop.chance, abs=0.01)
    assert 0 < stop.chance < 0.1
    assert {(w.opens.hour, w.closes.hour) for w in stop.windows} == {(17, 22)}
    assert stop.reason.id == "stop.evidence_hotspot"
    assert made.visits_wanted[stop.id] == 3
    assert made.visits_wanted["stop-p001"] == 2


@pytest.mark.parametrize(("days", "must"), [(20, False), (22, True), (60, True)])
def test_a_place_at_risk_overdue_by_more_than_two_weeks_has_to_be_visited(days: int, must: bool):  # noqa: FBT001 - a row of the table
    made = by_place(stops_of(one_risky(), seen(8, days=days + 4 / 24), places(8)))

    assert made["p003"].must == must
    assert not any(stop.must for place, stop in made.items() if place != "p003")


def test_a_place_that_was_promised_has_to_be_visited_and_says_so():
    settings = StopSettings(must_places=("p002",))

    made = by_place(stops_of(everywhere(6), seen(6), places(6), settings=settings))

    assert [place for place, stop in made.items() if stop.must] == ["p002"]
    assert made["p002"].reason.id == "stop.promised"


def test_a_place_that_is_late_says_by_how_many_days():
    made = by_place(stops_of(everywhere(5), seen(5, days=40), places(5)))

    assert made["p000"].reason.id == "stop.overdue"
    assert made["p000"].reason.params["n"] == 11


# --- exploration


@pytest.mark.parametrize(("share", "n"), [(0.0, 0), (0.18, 4), (0.5, 10), (1.0, 20)])
def test_a_set_share_of_the_minutes_is_exploration_and_says_so(share: float, n: int):
    settings = StopSettings(exploration_share=share)

    made = stops_of(everywhere(20), seen(20), places(20), settings=settings)

    explored = [stop for stop in made.stops if stop.exploration]
    assert len(explored) == n
    assert {stop.reason.id for stop in explored} <= {"stop.exploration"}


def test_what_nobody_has_seen_is_explored_far_more_often_than_what_is_known():
    found, met, known = everywhere(10), seen(10, hours=30.0), places(20)

    drawn = [
        stop.place_id
        for seed in range(20)
        for stop in stops_of(found, met, known, settings=StopSettings(), seed=seed).stops
        if stop.exploration
    ]

    unseen = sum(place >= "p010" for place in drawn)
    assert unseen / len(drawn) > 0.9


def test_places_unlooked_for_longer_than_the_interval_are_explored_first_whatever_the_seed():
    ids = [f"p{i:03d}" for i in range(20)]
    when = [ago(29 + i if i < 6 else 5) for i in range(20)]
    # Hours alone would hardly ever draw what was looked at for so long.
    met = visits(ids, hours=20.0, when=when)
    settings = StopSettings(exploration_share=0.2)

    for seed in range(8):
        made = stops_of(everywhere(20), met, places(20), settings=settings, seed=seed)
        assert {s.place_id for s in made.stops if s.exploration} == {"p002", "p003", "p004", "p005"}


def test_what_nobody_has_ever_seen_comes_before_what_is_late():
    met = visits([f"p{i:03d}" for i in range(18)], hours=20.0, when=[ago(60)] * 18)
    settings = StopSettings(exploration_share=0.2)

    drawn = [
        {s.place_id for s in made.stops if s.exploration}
        for seed in range(8)
        if (made := stops_of(everywhere(18), met, places(20), settings=settings, seed=seed))
    ]

    assert all({"p018", "p019"} < explored for explored in drawn)
    assert len({frozenset(explored) for explored in drawn}) > 1


def test_the_minutes_that_rounds_have_are_shared_and_not_those_of_all_places():
    draft = Draft(minutes=300.0, visits={"p000": 2})

    made = stops_of(everywhere(20), seen(20), places(20), settings=StopSettings(), draft=draft)

    # A fifth of five hours is two visits of half an hour.
    assert sum(made.visits_wanted[stop.id] for stop in made.stops if stop.exploration) == 2


def test_what_is_explored_has_as_many_visits_as_it_would_have_had_and_no_more():
    often = {f"p{i:03d}": i % 3 for i in range(20)}
    draft = Draft(minutes=30.0 * sum(often.values()), visits=often)

    made = stops_of(everywhere(20), seen(20), places(20), settings=StopSettings(), draft=draft)

    explored = [stop for stop in made.stops if stop.exploration]
    assert len(explored) > 1
    for stop in made.stops:
        most = max(often[stop.place_id], 1) if stop.exploration else 2
        assert made.visits_wanted[stop.id] == most


def test_where_no_round_can_get_nothing_is_explored():
    known = places(20)
    away = frozenset(f"p{i:03d}" for i in range(2, 20))
    draft = Draft(minutes=6000.0, unreached=away)

    made = stops_of(everywhere(20), seen(20), known, settings=StopSettings(), draft=draft)

    assert {stop.place_id for stop in made.stops if stop.exploration} == {"p000", "p001"}
    assert len(made.stops) == 20


def test_what_is_explored_is_worth_as_much_as_the_best_and_nothing_else_is_changed():
    plain, made = (
        stops_of(one_risky(), seen(8, days=10), places(8), settings=settings)
        for settings in (PLAIN, StopSettings())
    )

    usual = by_place(plain)
    best = max(stop.prize for stop in plain.stops)
    explored = [stop for stop in made.stops if stop.exploration]
    assert explored
    assert all(usual[stop.place_id].prize < best for stop in explored)
    assert all(stop.prize == best for stop in explored)
    for stop in made.stops:
        assert stop.exploration or stop == usual[stop.place_id]


@pytest.mark.parametrize(("share", "n"), [(0.5, 4), (1.0, 7)])
def test_a_place_at_risk_is_never_exploration_and_takes_nobodys_share(share: float, n: int):
    settings = StopSettings(exploration_share=share)

    for seed in range(16):
        made = stops_of(one_risky(), seen(8), places(8), settings=settings, seed=seed)
        explored = {stop.place_id for stop in made.stops if stop.exploration}
        assert len(explored) == n
        assert "p003" not in explored


@pytest.mark.parametrize("n", [0, 4, 11])
def test_too_few_cases_turn_all_known_places_into_stops_for_exploration(n: int):
    made = stops_of(cases(["p001"] * n, when=[ago(5)] * n), seen(6), places(9))

    assert len(made.stops) == 9
    assert all(stop.exploration and stop.prize > 0 for stop in made.stops)
    assert {stop.reason.id for stop in made.stops} == {"stop.exploration"}


def test_the_same_seed_explores_the_same_places_and_another_seed_others():
    def explored(seed: int, known: GeoDataFrame) -> list[str]:
        made = stops_of(everywhere(20), seen(20), known, settings=StopSettings(), seed=seed)
        return [stop.place_id for stop in made.stops if stop.exploration]

    shuffled = places(20).iloc[::-1].reset_index(drop=True)
    assert explored(3, places(20)) == explored(3, shuffled)
    assert len({tuple(explored(seed, places(20))) for seed in range(5)}) > 1


# --- what is left out


def reasons(made: Stops) -> dict[str, str]:
    return {one.place_id: one.reason.id for one in made.left_out}


@pytest.mark.parametrize(
    ("week", "months", "awake"),
    [
        ("2026-W28", (5, 10), True),
        ("2026-W47", (5, 10), False),
        ("2026-W47", (10, 4), True),
        ("2026-W28", (10, 4), False),
        ("2026-W18", (5, 10), True),  # the last week of April, which ends in May
    ],
)
def test_a_place_asleep_is_left_out_and_says_when_it_wakes(week, months, awake):
    known = places(3, awake_from=[1, months[0], 1], awake_to=[12, months[1], 12])

    made = stops_of(everywhere(3), seen(3), known, week=Week.parse(week))

    assert ("p001" in by_place(made)) == awake
    assert reasons(made) == ({} if awake else {"p001": "left_out.asleep"})
    if not awake:
        assert made.left_out[0].reason.params["month"] == f"@word.month.{months[0]}"


def test_on_illustrative_streets_nobody_is_sent_to_a_mine():
    known = places(4).assign(kind=["market", "mine_heap", "market", "mine_heap"])

    real, tried = (
        stops_of(everywhere(4), seen(4), known, illustrative=word) for word in (False, True)
    )

    assert set(by_place(real)) == {"p000", "p001", "p002", "p003"}
    assert reasons(tried) == dict.fromkeys(("p001", "p003"), "left_out.mine_on_illustrative")


@pytest.mark.parametrize("seed", range(4))
def test_every_place_is_a_stop_or_left_out_with_a_reason_and_never_both(seed: int):
    rng = np.random.default_rng(seed)
    n = 30
    known = places(n).assign(
        kind=rng.choice([str(kind) for kind in PlaceKind], size=n),
        awake_from=rng.integers(1, 13, size=n),
        awake_to=rng.integers(1, 13, size=n),
    )
    found = cases([f"p{i:03d}" for i in rng.integers(0, n, size=40)], when=[ago(5)] * 40)

    made = stops_of(found, seen(n), known, settings=StopSettings(), illustrative=True, seed=seed)

    stops, left = set(by_place(made)), set(reasons(made))
    assert stops | left == set(known["place_id"])
    assert not stops & left
    assert left
    assert len(made.stops) == len(stops)
    assert set(made.visits_wanted) == {stop.id for stop in made.stops}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_sentence(language: str):
    words = Words(language)
    known = places(12, awake_from=[1] * 11 + [10], awake_to=[12] * 11 + [11])
    settings = StopSettings(must_places=("p002",))
    made = [
        stops_of(one_risky(), seen(11, days=40), known.assign(kind=kind), settings=settings)
        for kind in ("beach", "market", "mine_heap")
    ]

    told = {one.reason for m in made for one in (*m.stops, *m.left_out)}

    assert len({reason.id for reason in told}) >= 4
    for reason in told:
        sentence = words.message(reason)
        assert sentence.endswith(".")
        assert "@" not in sentence
        assert "{" not in sentence


# --- hours


def hours(stop: Stop) -> list[tuple[int, int, int]]:
    """Return day, first and last hour of each window."""
    return [
        ((w.opens.date() - WEEK.monday).days, w.opens.hour, w.closes.hour) for w in stop.windows
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("market", [(d, 6, 17) for d in range(7)]),
        ("junction", [(d, 12, 22) for d in range(7)]),
        ("school", [(d, 12, 17) for d in range(5)]),
        ("other", [(d, 6, 22) for d in range(7)]),
    ],
)
def test_a_place_without_hours_of_its_own_has_the_usual_ones_of_its_kind(
    kind: str, expected: Sequence[tuple[int, int, int]]
):
    made = by_place(stops_of(everywhere(3), seen(3), places(3, kind=kind)))

    assert hours(made["p000"]) == expected


def test_a_place_at_risk_whose_cases_name_no_hour_has_the_usual_ones_too():
    found = one_risky().assign(hour_known=False, identified_at=pd.Timestamp(ago(5, 0)))

    stop = by_place(stops_of(found, seen(8), places(8)))["p003"]

    assert stop.reason.id == "stop.evidence_hotspot"
    assert hours(stop) == [(d, 6, 17) for d in range(7)]


def test_windows_are_in_order_and_do_not_touch():
    found = pd.concat([one_risky(9, 18), one_risky(5, 23)], ignore_index=True)
    found = found.assign(case_code=[f"c{i}" for i in range(14)])

    windows = by_place(stops_of(found, seen(8), places(8)))["p003"].windows

    assert windows
    for before, after in pairwise(windows):
        assert before.opens < before.closes < after.opens


@pytest.mark.parametrize("week", ["2026-W03", "2026-W24", "2026-W51"])
def test_nobody_is_on_a_mine_heap_in_the_dark_whatever_the_season(week: str):
    known = places(4, kind="mine_heap")
    chosen = Week.parse(week)

    made = stops_of(everywhere(4), seen(4), known, week=chosen)

    for stop in made.stops:
        assert len(stop.windows) == 7
        for window in stop.windows:
            day = window.opens.date()
            sun = daylight(day, stop.lon, stop.lat)
            over = window.closes + timedelta(minutes=stop.service_min)
            assert sun.opens <= window.opens
            assert over <= min(sun.closes, datetime.combine(day, time(18), TIRANE))


def test_a_mine_heap_where_children_are_met_at_night_is_visited_by_day():
    known = places(8).assign(kind=["market"] * 3 + ["mine_heap"] + ["market"] * 4)

    stop = by_place(stops_of(one_risky(hour=23), seen(8), known))["p003"]

    assert stop.reason.id == "stop.evidence_hotspot"
    assert stop.windows
    assert all(7 <= w.opens.hour < w.closes.hour <= 17 for w in stop.windows)


def test_no_case_in_the_week_itself_changes_its_stops():
    later = cases(["p004"] * 20, when=[MONDAY + timedelta(days=1)] * 20).assign(
        case_code=[f"d{i}" for i in range(20)]
    )
    found = everywhere(6)
    both = pd.concat([found, later], ignore_index=True)

    assert stops_of(found, seen(6), places(6)) == stops_of(both, seen(6), places(6))


def test_a_week_is_the_seven_days_from_its_monday():
    assert WEEK.monday == date(2026, 6, 8)


def test_a_place_that_a_person_confirmed_is_one_at_risk_and_speaks_of_no_case():
    met, known = seen(8), places(8)
    surface = risk_surface(everywhere(3), met, known, durres(), as_of=MONDAY)
    confirmed = Decision(
        place_id="p005",
        municipality=DURRES,
        state=RegisterState.CONFIRMED,
        evidence=EvidenceKind.SCHOOL,
        decided_at=ago(5),
        decided_by="mira",
        expires_at=ago(-80),
    )
    counting = counting_hotspots(HOTSPOTS.empty(), [confirmed], surface, known, everywhere(3), met)

    made = make_stops(
        prospects_of(known, surface, counting, met),
        WEEK,
        settings=PLAIN,
        rng=np.random.default_rng(1),
    )

    stop = by_place(made)["p005"]
    met_min = stop.chance * PLAIN.contact_min
    assert stop.service_min == pytest.approx(PLAIN.hotspot_service_min + met_min, abs=0.01)
    assert made.visits_wanted[stop.id] == PLAIN.hotspot_visits
    assert stop.reason == Message("stop.confirmed_hotspot", {"slot": "@word.slot.weekday-morning"})
    assert stop.reason.id not in FIELD_REASONS
