"""Who sees what: the table of the privacy rules, held row by row, and against invented people.

What the rules demand and the house has not built yet is withheld: a field team
gets no perimeter, an agency head no break-glass, partners nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from data import access, reference
from data.access import (
    FIELD_REASONS,
    Action,
    fit_for_field,
    may,
    pages_for,
    release_calendar,
    release_cases,
    release_decisions,
    release_evidence,
    release_loans,
    release_perimeters,
    release_places,
    release_plan,
    release_visits,
    require,
)
from data.calendar import CalendarEntry
from data.changes import Change
from data.errors import AccessDeniedError
from data.lending import Loan
from data.masking import Mask
from data.messages import Message
from data.nouns import Decision, Pace, Plan, Viewer, Week
from data.vocabulary import (
    CalendarKind,
    ChangeKind,
    EvidenceKind,
    LoanState,
    PlanStatus,
    RegisterState,
    Role,
)
from desk.identity import operator
from tests.builders import DURRES, NOON, cases, places, visits
from tests.plans import OVERDUE, SECRET_SEED, TEAMS, plan_of

KRUJE = "AL0302"
TOWNS = (DURRES, KRUJE)
WEEK = Week.parse("2026-W28")
SHAPES = reference.municipality_polygons().set_index("code").geometry
MASK = Mask(
    key=b"k" * 32,
    epoch="2026",
    role=Role.AGENCY,
    municipalities={code: SHAPES[code] for code in TOWNS},
    towns=shapely.Point(),
)
FIELD = Viewer(
    account="f",
    name="f",
    role=Role.FIELD,
    municipalities=frozenset({DURRES}),
    teams=frozenset({"t1"}),
)
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
AGENCY = Viewer(account="a", name="a", role=Role.AGENCY)
ADMINISTRATOR = Viewer(account="d", name="d", role=Role.ADMINISTRATOR)
PEOPLE = {one.role: one for one in (FIELD, COORDINATOR, AGENCY, ADMINISTRATOR)}


def both(frame: pd.DataFrame, key: str, column: str = "municipality") -> pd.DataFrame:
    """Return two rows of Durrës and two of Kruja, with ids that say so."""
    towns = [DURRES, DURRES, KRUJE, KRUJE]
    return frame.assign(**{key: ["d0", "d1", "k0", "k1"], column: towns})


def known(noun: str) -> Any:
    """Return what the house knows of both municipalities."""
    if noun == "cases":
        return both(cases(["p000"] * 4), "case_code", "municipality_found")
    if noun == "visits":
        return both(visits(["p000"] * 4), "visit_id")
    if noun == "perimeters":
        return both(places(4), "perimeter_id")
    there = SHAPES[KRUJE].representative_point()
    here = places(2).geometry.to_list()
    return both(places(4), "place_id").set_geometry([*here, there, there])


#: Release of an object by its name, as a viewer's own round would ask for it.
RELEASES: dict[str, Callable[[Viewer, Any], Any]] = {
    "places": lambda viewer, rows: release_places(
        viewer, rows, mask=MASK, round_places=frozenset({"d1"})
    ),
    "hotspots": release_evidence,
    "cases": release_cases,
    "visits": release_visits,
    "perimeters": release_perimeters,
}
KEYS = {
    "places": "place_id",
    "hotspots": "place_id",
    "cases": "case_code",
    "visits": "visit_id",
    "perimeters": "perimeter_id",
}
NONE, OWN, ROUND, ALL, MOVED = (
    set[str](),
    {"d0", "d1"},
    {"d1"},
    {"d0", "d1", "k0", "k1"},
    {"moved"},
)
#: Privacy rules, 5.1: what each role gets of each object.
TABLE = {
    #              field  coordinator agency administrator
    "places":     (ROUND, OWN, MOVED, NONE),
    "hotspots":   (NONE, OWN, NONE, NONE),
    "cases":      (NONE, OWN, NONE, NONE),
    "visits":     (NONE, OWN, NONE, NONE),
    "perimeters": (NONE, OWN, ALL, NONE),
}  # fmt: skip
ORDER = (Role.FIELD, Role.COORDINATOR, Role.AGENCY, Role.ADMINISTRATOR)
CELLS = [
    (noun, role, wanted)
    for noun, row in TABLE.items()
    for role, wanted in zip(ORDER, row, strict=True)
]

#: What each role may do in the own municipality (or, for the last ones, in the country).
MAY = {
    Role.FIELD: {Action.SEE_ROUND, Action.MARK_VISIT, Action.SEE_CALENDAR},
    Role.COORDINATOR: set(Action)
    - {Action.ACCOUNTS, Action.SETTINGS, Action.SEE_AUDIT, Action.EDIT_COUNTRY_CALENDAR},
    Role.AGENCY: {
        *(Action.SEE_MAP, Action.SEE_COVERAGE, Action.EXPORT_COVERAGE),
        *(Action.SEE_CALENDAR, Action.SEE_SEASON, Action.EDIT_COUNTRY_CALENDAR),
    },
    Role.ADMINISTRATOR: {
        *(Action.ACCOUNTS, Action.SETTINGS, Action.SEE_AUDIT),
        *(Action.SEE_CALENDAR, Action.EDIT_COUNTRY_CALENDAR),
    },
}
COUNTRY = {
    Action.SEE_COVERAGE,
    Action.EXPORT_COVERAGE,
    Action.SEE_CALENDAR,
    Action.SEE_SEASON,
    Action.EDIT_COUNTRY_CALENDAR,
    Action.ACCOUNTS,
    Action.SETTINGS,
    Action.SEE_AUDIT,
}


@pytest.mark.parametrize(("noun", "role", "wanted"), CELLS, ids=lambda x: getattr(x, "value", None))
def test_each_role_gets_of_each_object_what_the_table_says(noun: str, role: Role, wanted: set[str]):
    rows = known(noun)

    released = RELEASES[noun](PEOPLE[role], rows)

    if wanted == MOVED:
        assert len(released) == len(rows)
        assert not set(released["place_id"]) & ALL
        assert set(released["name"]) == {""}
    else:
        assert set(released[KEYS[noun]]) == wanted
    assert list(released.columns) == list(rows.columns)


def test_an_agency_head_gets_no_place_without_a_mask():
    assert release_places(AGENCY, known("places")).empty


def test_a_coordinator_gets_places_exactly_even_where_a_mask_is_at_hand():
    rows = known("places")

    released = release_places(COORDINATOR, rows, mask=MASK)

    assert released.geometry.equals(rows.geometry[:2])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_what_the_table_says_at_home_and_nowhere_else(role: Role, action: Action):
    viewer = PEOPLE[role]
    at_home = action in MAY[role]

    assert may(viewer, action, DURRES) == (at_home and role is not Role.ADMINISTRATOR)
    assert may(viewer, action, KRUJE) == (at_home and role is Role.AGENCY)
    assert may(viewer, action, None) == (at_home and action in COUNTRY)
    assert not may(viewer, action, "")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_the_machines_administrator_may_do_what_the_role_may_wherever_it_is(
    role: Role, action: Action
):
    for where in (DURRES, KRUJE, None):
        assert may(operator(role), action, where) == (action in MAY[role])


@pytest.mark.parametrize("role", list(Role))
def test_a_refusal_names_the_role_and_neither_person_nor_place(role: Role):
    viewer = replace(PEOPLE[role], account="mira", name="Mira")
    refused = next(action for action in Action if not may(viewer, action, KRUJE))

    with pytest.raises(AccessDeniedError) as fault:
        require(viewer, refused, KRUJE)

    assert fault.value.message == Message("access.denied", {"role": f"@word.role.{role}"})
    assert "ira" not in str(fault.value)
    assert KRUJE not in str(fault.value)


def test_each_role_opens_its_own_pages_and_a_stranger_two():
    assert pages_for(None) == ("sign_in", "help")
    assert set(pages_for(FIELD)) == {"today", "calendar", "help"}
    assert set(pages_for(AGENCY)) == {"coverage", "season", "map", "calendar", "help"}
    assert set(pages_for(ADMINISTRATOR)) == {"accounts", "calendar", "help"}
    assert set(pages_for(COORDINATOR)) == {
        *("map", "hotspots", "plan", "schedule", "season", "calendar", "today", "coverage"),
        *("evaluation", "import", "teams", "help"),
    }


# Plans


def all_texts(value: Any) -> str:
    """Return everything that stands in a plan, however deep."""
    if hasattr(value, "__dataclass_fields__"):
        return " ".join(all_texts(getattr(value, f.name)) for f in fields(value))
    if isinstance(value, dict) or hasattr(value, "items"):
        return " ".join(f"{key} {all_texts(part)}" for key, part in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(all_texts, value))
    return str(value)


def approved(week: Week = WEEK) -> Plan:
    return plan_of(week, status=PlanStatus.APPROVED)


def test_a_coordinator_gets_all_of_the_own_plan():
    assert release_plan(COORDINATOR, plan_of(WEEK), today=WEEK.days[6]) == plan_of(WEEK)


@pytest.mark.parametrize("viewer", [AGENCY, ADMINISTRATOR])
def test_neither_agency_nor_administrator_gets_a_plan(viewer: Viewer):
    with pytest.raises(AccessDeniedError):
        release_plan(viewer, approved(), today=WEEK.monday)


@pytest.mark.parametrize("viewer", [COORDINATOR, FIELD])
@pytest.mark.parametrize("where", [KRUJE, None])
def test_nobody_gets_a_plan_of_a_neighbour_or_of_an_area_from_a_file(
    viewer: Viewer, where: str | None
):
    with pytest.raises(AccessDeniedError):
        release_plan(viewer, replace(approved(), municipality=where), today=WEEK.monday)


def test_a_field_worker_gets_the_own_teams_rounds_and_nothing_of_the_rest():
    released = release_plan(FIELD, approved(), today=WEEK.monday)

    assert {shift.team for shift in released.shifts} == {"t1"}
    assert {route.shift for route in released.routes} == {shift.id for shift in released.shifts}
    assert len(released.routes) == 2
    assert [team.id for team in released.teams] == ["t1"]
    assert [base.id for base in released.bases] == ["b-t1"]
    text = all_texts(released)
    secrets = ("hidden", "fshehtë", "Punonjës", str(SECRET_SEED), "b-t2", "Ekipi t2", "1.234567")
    assert [secret for secret in secrets if secret in text] == []
    assert [secret for secret in secrets if secret in all_texts(approved())] == list(secrets)


def test_a_field_worker_never_reads_the_evidence():
    released = release_plan(FIELD, approved(), today=WEEK.monday)
    reasons = [stop.stop.reason for route in released.routes for stop in route.stops]

    assert reasons[:3] == [
        Message("stop.high_hours", {"slot": "@word.slot.weekday-evening"}),
        Message("stop.planned"),
        OVERDUE,
    ]
    assert {reason.id for reason in reasons} <= FIELD_REASONS | {"stop.planned"}


@pytest.mark.parametrize(("today", "n_rounds"), [(0, 2), (1, 1), (4, 1), (5, 0), (6, 0)], ids=str)
def test_a_round_is_over_when_its_day_is(today: int, n_rounds: int):
    released = release_plan(FIELD, approved(), today=WEEK.days[today])

    assert len(released.routes) == len(released.shifts) == n_rounds


def test_a_draft_is_not_for_the_field_unless_it_is_invented():
    draft = plan_of(WEEK)
    tried = replace(draft, marks=replace(draft.marks, synthetic=True))

    assert release_plan(FIELD, draft, today=WEEK.monday).routes == ()
    assert len(release_plan(FIELD, tried, today=WEEK.monday).routes) == 2


def paced(plan: Plan) -> Plan:
    """Return a plan that knows in which hours its places were met before."""
    pace = Pace(least_gap_days=2, hours=((0, 10, 3),))
    return replace(
        plan,
        routes=tuple(
            replace(
                route,
                stops=tuple(replace(m, stop=replace(m.stop, pace=pace)) for m in route.stops),
            )
            for route in plan.routes
        ),
    )


def test_what_leaves_on_paper_says_places_and_hours_and_no_evidence():
    before = paced(plan_of(WEEK))
    plan = fit_for_field(before)

    stops = [stop.stop for route in plan.routes for stop in route.stops]
    assert {stop.reason.id for stop in stops} <= FIELD_REASONS | {"stop.planned"}
    assert {stop.prize for stop in stops} == {0.0}
    assert {stop.pace for stop in stops} == {None}, "when it was met before is not for the street"
    # What is urgent before all others is where children were found.
    assert {(stop.urgency, stop.waited_days) for stop in stops} == {(0, None)}
    assert [(s.place_id, s.name, s.lon, s.lat) for s in stops] == [
        (s.stop.place_id, s.stop.name, s.stop.lon, s.stop.lat)
        for route in before.routes
        for s in route.stops
    ]


# Against invented people and rows


viewers = st.builds(
    Viewer,
    account=st.just("x"),
    name=st.just("x"),
    role=st.sampled_from(Role),
    municipalities=st.frozensets(st.sampled_from([*TOWNS, "AL9999", ""])),
    teams=st.frozensets(st.sampled_from([*TEAMS, "t9"])),
)
towns_of_rows = st.lists(st.sampled_from([*TOWNS, "", "AL0101"]), min_size=0, max_size=6)


SIX = places(6)


def rows_in(towns: list[str], column: str) -> GeoDataFrame:
    frame = SIX.iloc[: len(towns)]
    return frame.assign(**{column: pd.Series(towns, dtype=object, index=frame.index)})


@settings(deadline=None)
@given(viewer=viewers, towns=towns_of_rows, asked=st.frozensets(st.sampled_from(["p000", "p003"])))
def test_no_release_lets_a_row_pass_that_its_viewer_may_not_have(
    viewer: Viewer, towns: list[str], asked: frozenset[str]
):
    own = [town for town in towns if town and town in viewer.municipalities]
    is_coordinator = viewer.role is Role.COORDINATOR
    for release in (release_visits, release_perimeters, release_evidence, release_cases):
        column = "municipality_found" if release is release_cases else "municipality"
        released = release(viewer, rows_in(towns, column))
        if release is release_perimeters and viewer.role is Role.AGENCY:
            assert len(released) == len(towns)
        else:
            assert released[column].tolist() == (own if is_coordinator else [])
    exact = release_places(viewer, rows_in(towns, "municipality"), round_places=asked)
    if viewer.role is Role.FIELD:
        assert set(exact["place_id"]) <= asked
    else:
        assert exact["municipality"].tolist() == (own if is_coordinator else [])
    moved = release_places(viewer, rows_in(towns, "municipality"), mask=MASK)
    if viewer.role is Role.AGENCY:
        assert not set(moved["place_id"]) & {f"p00{i}" for i in range(6)}
        assert not moved["name"].any()


@settings(deadline=None)
@given(viewer=viewers, towns=towns_of_rows)
def test_no_decision_on_a_place_passes_but_to_the_coordinator_of_its_municipality(
    viewer: Viewer, towns: list[str]
):
    decided = [
        Decision(
            place_id=f"p{n}",
            municipality=town,
            state=RegisterState.CONFIRMED,
            evidence=EvidenceKind.TEAM,
            decided_at=NOON,
            decided_by="c",
            expires_at=NOON,
        )
        for n, town in enumerate(towns)
    ]

    released = release_decisions(viewer, decided)

    own = [town for town in towns if town and town in viewer.municipalities]
    assert [one.municipality for one in released] == (
        own if viewer.role is Role.COORDINATOR else []
    )


@settings(deadline=None)
@given(
    viewer=viewers,
    status=st.sampled_from(PlanStatus),
    is_synthetic=st.integers(0, 1),
    where=st.sampled_from([*TOWNS, None]),
    later=st.integers(-3, 9),
)
def test_no_plan_gives_anybody_more_than_their_role(
    viewer: Viewer, status: PlanStatus, is_synthetic: int, where: str | None, later: int
):
    made = plan_of(WEEK, municipality=where, status=status)
    plan = replace(made, marks=replace(made.marks, synthetic=bool(is_synthetic)))
    today: date = WEEK.monday + timedelta(days=later)
    mine = bool(where) and where in viewer.municipalities
    try:
        released = release_plan(viewer, plan, today=today)
    except AccessDeniedError:
        assert not mine or viewer.role not in {Role.COORDINATOR, Role.FIELD}
        return
    assert mine
    if viewer.role is Role.COORDINATOR:
        assert released == plan
        return
    assert viewer.role is Role.FIELD
    assert released == release_plan(viewer, released, today=today)  # nothing more to take away
    assert {shift.team for shift in released.shifts} <= viewer.teams
    assert all(shift.start.date() >= today for shift in released.shifts)
    assert not released.routes or status is PlanStatus.APPROVED or is_synthetic
    assert released.seed == 0
    assert released.left_out == released.workers == released.absences == ()
    assert released.settings == {}


@pytest.mark.parametrize("role", list(Role))
def test_reasons_are_for_who_may_open_the_cases_they_rest_on(role: Role):
    who = Viewer(account="a", name="A", role=role, municipalities=frozenset({"AL0301"}))

    released = access.release_reasons(who, {"p1": "met"})

    assert bool(released) is (role is Role.COORDINATOR)


# Calendar and loans


def entry(town: str | None) -> CalendarEntry:
    return CalendarEntry(
        id=f"e-{town}",
        municipality=town,
        kind=CalendarKind.MARKET,
        first=WEEK.monday,
        last=WEEK.monday,
        title="Tregu",
        places=("p1",),
    )


def loan(state: LoanState = LoanState.AGREED, team: str = "t1") -> Loan:
    return Loan(
        id="l1",
        team=team,
        lender=DURRES,
        borrower=KRUJE,
        first=WEEK.days[2],
        last=WEEK.days[5],
        asked_by="k",
        asked_for=KRUJE,
        asked_at=NOON,
        state=state,
    )


@pytest.mark.parametrize(
    ("role", "seen", "places"),
    [
        (Role.COORDINATOR, {"e-None", f"e-{DURRES}"}, ("p1",)),
        (Role.FIELD, {"e-None", f"e-{DURRES}"}, ()),
        (Role.AGENCY, {"e-None"}, ()),
        (Role.ADMINISTRATOR, {"e-None"}, ()),
    ],
)
def test_a_calendar_is_its_own_municipalitys_and_its_places_its_coordinators(
    role: Role, seen: set[str], places: tuple[str, ...]
):
    entries = [entry(None), entry(DURRES), entry(KRUJE)]

    released = release_calendar(PEOPLE[role], entries)

    assert {one.id for one in released} == seen
    assert {one.places for one in released} == {places}


def test_a_loan_is_known_to_both_coordinators_and_once_agreed_to_its_team():
    kruje = replace(COORDINATOR, municipalities=frozenset({KRUJE}))
    stranger = replace(COORDINATOR, municipalities=frozenset({"AL0101"}))
    asked, agreed = loan(LoanState.ASKED), loan()

    assert [len(release_loans(who, [asked])) for who in (COORDINATOR, kruje)] == [1, 1]
    assert [release_loans(who, [asked]) for who in (stranger, FIELD, AGENCY)] == [(), (), ()]
    assert release_loans(FIELD, [agreed]) == (agreed,)
    assert release_loans(FIELD, [loan(team="t2")]) == ()


def test_a_lent_team_gets_its_rounds_there_on_the_agreed_days_and_no_others():
    there = replace(approved(), municipality=KRUJE)

    released = release_plan(FIELD, there, today=WEEK.monday, loans=[loan()])

    assert [shift.start.date() for shift in released.shifts] == [WEEK.days[4]]
    assert {shift.team for shift in released.shifts} == {"t1"}
    assert released.left_out == released.workers == ()


@pytest.mark.parametrize("state", [LoanState.ASKED, LoanState.REFUSED, LoanState.WITHDRAWN])
def test_what_is_only_asked_for_opens_nothing(state: LoanState):
    there = replace(approved(), municipality=KRUJE)

    with pytest.raises(AccessDeniedError):
        release_plan(FIELD, there, today=WEEK.monday, loans=[loan(state)])


@pytest.mark.parametrize("role", list(Role))
def test_what_became_of_a_stop_is_for_the_coordinator_of_the_place(role: Role):
    who = Viewer(account="a", name="A", role=role, municipalities=frozenset({DURRES}))

    own, other = (access.release_done(who, ["line"], town) for town in (DURRES, KRUJE))

    assert own == (("line",) if role is Role.COORDINATOR else ())
    assert other == ()


def test_every_release_is_named_in_this_file():
    releases = {name for name in access.__all__ if name.startswith("release_")}

    assert releases == {
        *("release_cases", "release_decisions", "release_done", "release_evidence"),
        "release_perimeters",
        *("release_places", "release_plan", "release_reasons", "release_visits"),
        *("release_calendar", "release_loans"),
    }


def test_a_team_gets_its_rounds_and_not_what_was_changed_by_whom_to_make_them():
    call = Change(kind=ChangeKind.CALL, stop="stop-secret", at=NOON)
    changed = replace(
        approved(), changes=(call,), standing=(call,), based_on=3, made_by="Mira", made_at=NOON
    )

    released = release_plan(FIELD, changed, today=WEEK.monday)

    assert (released.changes, released.standing) == ((), ())
    assert (released.based_on, released.made_by, released.made_at) == (None, "", None)
