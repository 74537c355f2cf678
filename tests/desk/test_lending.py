"""A team is lent when both coordinators agree, works in one place a day, and takes no case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import reference
from data.errors import AccessDeniedError, ContractError
from data.lending import Loan
from data.nouns import TIRANE, Absence, Base, Team, Viewer, Week, Worker
from data.vocabulary import LoanState, PlanStatus, Role, Skill, TravelMode
from desk import lending
from desk.evidence import Crew
from desk.lending import LoanForm
from desk.plans import approve
from desk.rounds import round_today
from desk.schedule import week_grid
from desk.wiring import House, open_house
from patrol.lending import LentCrew, crew_with_loans
from patrol.roster import RosterSettings, make_demand
from tests.builders import DURRES, NOON, places
from tests.plans import plan_of

KRUJE = "AL0302"
WEEK = Week.parse("2027-W28")
MONDAY = WEEK.monday
COORDINATOR = Viewer(
    account="d", name="d", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
BORROWER = replace(COORDINATOR, account="k", municipalities=frozenset({KRUJE}))
STRANGER = replace(COORDINATOR, account="b", municipalities=frozenset({"AL0101"}))
FIELD = replace(COORDINATOR, role=Role.FIELD, teams=frozenset({"t1"}))
BASE = Base(id="b1", name="NJMF", municipality=DURRES, lon=19.45, lat=41.32)
WORKERS = tuple(
    Worker(
        id=f"w{n}",
        name=f"Emri i fshehtë {n}",
        municipality=DURRES,
        skills=frozenset({Skill.CHILD_PROTECTION}),
    )
    for n in range(4)
)
TEAMS = tuple(
    Team(
        id=f"t{n + 1}",
        name=f"Ekipi {n + 1}",
        municipality=DURRES,
        base="b1",
        mode=TravelMode.WALK,
        start=time(9),
        end=time(15),
        weekdays=(0, 1, 2, 3, 4),
        members=(f"w{2 * n}", f"w{2 * n + 1}"),
    )
    for n in range(2)
)
FORM = LoanForm(
    team="t1", lender=DURRES, borrower=KRUJE, first=MONDAY, last=MONDAY + timedelta(days=2)
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house in which Durrës has two teams and Kruja none."""
    made = open_house(tmp_path / "home")
    made.store.add({"places": places(2, synthetic=False)})
    made.store.put_crew(bases=[BASE], workers=WORKERS, teams=TEAMS)
    return made


def lent(house: House) -> Loan:
    asked = lending.ask(house, BORROWER, KRUJE, FORM)
    return lending.answer(house, COORDINATOR, asked, agree=True)


def out(house: House, municipality: str, week: Week = WEEK) -> dict[str, list[date]]:
    """Return on which days each team has a shift in a municipality, by the crew it plans with."""
    store = house.store
    own = Crew(
        workers=store.workers(municipality),
        teams=store.teams(municipality),
        bases=store.bases(municipality),
        absences=store.absences(municipality),
    )
    crew, away = lending.crew_in(house, municipality, own, [week])
    found: dict[str, list[date]] = {}
    for demand in make_demand(crew.teams, (week,), settings=RosterSettings(away=away)):
        found.setdefault(demand.shift.team, []).append(demand.shift.start.date())
    return found


def test_what_is_asked_moves_nobody_and_what_is_agreed_moves_the_team(house: House):
    asked = lending.ask(house, BORROWER, KRUJE, FORM)
    assert out(house, KRUJE) == {}
    assert out(house, DURRES)["t1"] == list(WEEK.days[:5])

    lending.answer(house, COORDINATOR, asked, agree=True)

    assert out(house, KRUJE) == {"t1": list(WEEK.days[:3])}
    assert out(house, DURRES) == {"t1": list(WEEK.days[3:5]), "t2": list(WEEK.days[:5])}


@pytest.mark.parametrize("who", [BORROWER, STRANGER, FIELD])
def test_only_the_other_coordinator_agrees(house: House, who: Viewer):
    asked = lending.ask(house, BORROWER, KRUJE, FORM)

    with pytest.raises(AccessDeniedError):
        lending.answer(house, who, asked, agree=True)

    assert house.store.loans.loans()[0].state is LoanState.ASKED


def test_a_lender_may_offer_and_then_the_borrower_agrees(house: House):
    offered = lending.ask(house, COORDINATOR, DURRES, FORM)

    with pytest.raises(AccessDeniedError):
        lending.answer(house, COORDINATOR, offered, agree=True)
    agreed = lending.answer(house, BORROWER, offered, agree=True)

    assert (agreed.state, agreed.answered_by) == (LoanState.AGREED, "k")
    actions = [line.action for line in house.store.audit.last(3)]
    assert {"loan.ask", "loan.agree"} <= set(actions)


def test_the_borrower_gets_the_team_its_base_and_its_people_by_number_only(house: House):
    lent(house)
    none = Crew(workers=(), teams=(), bases=())

    crew, _ = lending.crew_in(house, KRUJE, none, [WEEK])

    assert [worker.name for worker in crew.workers] == [
        "Ekipi 1 (Durrës) · 1",
        "Ekipi 1 (Durrës) · 2",
    ]
    assert crew.bases == (BASE,)
    assert {worker.weekly_hours for worker in crew.workers} == {24.0}


def test_a_lent_team_is_told_from_the_own_and_sets_out_where_the_plan_has_streets(house: House):
    lent(house)
    town = reference.municipality(KRUJE)
    here = Base(id="k1", name="NJMF", municipality=KRUJE, lon=town.seat_lon, lat=town.seat_lat)
    namesake = replace(TEAMS[0], id="k-t1", municipality=KRUJE, base="k1", members=())

    own = Crew(workers=(), teams=(namesake,), bases=(here,))
    crew, _ = lending.crew_in(house, KRUJE, own, [WEEK])

    guest = next(team for team in crew.teams if team.id == "t1")
    assert guest.name == f"{TEAMS[0].name} (Durrës)" != namesake.name
    assert guest.base == "k1"
    assert crew.bases == (here,)


def test_the_schedule_tells_people_who_are_lent_from_people_who_are_absent(house: House):
    house.store.put_crew(absences=[Absence(worker="w0", first=MONDAY, last=MONDAY)])
    lent(house)

    grid = week_grid(house, COORDINATOR, DURRES, WEEK)

    assert grid.absent_on(MONDAY) == {"w0", "w1"}
    assert grid.lent_on(MONDAY) == {"w1"}
    assert grid.lent_on(WEEK.days[1]) == {"w0", "w1"}


def test_a_lent_team_whose_base_lies_at_the_border_keeps_it(house: House):
    town = reference.municipality(KRUJE)
    near = replace(BASE, lon=town.seat_lon, lat=town.seat_lat)
    house.store.put_crew(bases=[near])
    lent(house)
    here = replace(near, id="k1", municipality=KRUJE)

    crew, _ = lending.crew_in(house, KRUJE, Crew(workers=(), teams=(), bases=(here,)), [WEEK])

    assert next(team for team in crew.teams if team.id == "t1").base == BASE.id


def test_nobody_counts_twice(house: House):
    house.store.put_crew(absences=[Absence(worker="w0", first=MONDAY, last=MONDAY)])
    lent(house)
    own = Crew(workers=WORKERS, teams=TEAMS, bases=(BASE,), absences=house.store.absences(DURRES))
    guest, _ = lending.crew_in(house, KRUJE, Crew(workers=(), teams=(), bases=()), [WEEK])
    home, _ = lending.crew_in(house, DURRES, own, [WEEK])

    def free(crew: Crew, worker: str) -> set[date]:
        off = [one for one in crew.absences if one.worker == worker]
        return {day for day in WEEK.days if not any(o.first <= day <= o.last for o in off)}

    hours = [{w.id: w.weekly_hours for w in crew.workers}.get("w1", 0.0) for crew in (guest, home)]
    assert sum(hours) == 40.0
    assert free(guest, "w1") | free(home, "w1") == set(WEEK.days)
    assert not free(guest, "w1") & free(home, "w1")
    assert MONDAY not in free(guest, "w0") | free(home, "w0")
    assert free(home, "w2") == set(WEEK.days)


def test_a_team_in_an_approved_plan_of_these_days_cannot_be_lent(house: House):
    plan = plan_of(WEEK, municipality=DURRES, status=PlanStatus.DRAFT)
    plan = replace(plan, marks=replace(plan.marks, synthetic=False))
    house.store.save_plan(plan)
    approve(house, COORDINATOR, plan, NOON)
    asked = lending.ask(house, BORROWER, KRUJE, FORM)

    with pytest.raises(ContractError) as fault:
        lending.answer(house, COORDINATOR, asked, agree=True)

    assert fault.value.message.id == "lending.fault.in_plan"


def test_a_plan_made_before_the_loan_cannot_be_approved_after_it(house: House):
    plan = plan_of(WEEK, municipality=DURRES)
    house.store.save_plan(plan)
    lent(house)

    with pytest.raises(ContractError) as fault:
        approve(house, COORDINATOR, plan, NOON)

    assert fault.value.message.id == "lending.fault.plan_elsewhere"


def test_either_side_ends_a_loan_early_and_the_team_is_back(house: House):
    loan = lent(house)

    lending.end_early(house, COORDINATOR, DURRES, loan, MONDAY)

    assert out(house, KRUJE) == {"t1": [MONDAY]}
    assert out(house, DURRES)["t1"] == list(WEEK.days[1:5])


def test_a_loan_ended_before_it_begins_never_was(house: House):
    loan = lent(house)

    ended = lending.end_early(house, BORROWER, KRUJE, loan, MONDAY - timedelta(days=3))

    assert ended.state is LoanState.WITHDRAWN
    assert out(house, KRUJE) == {}


def test_a_request_is_taken_back_by_who_asked_and_only_while_it_is_open(house: House):
    asked = lending.ask(house, BORROWER, KRUJE, FORM)
    with pytest.raises(AccessDeniedError):
        lending.take_back(house, COORDINATOR, asked)
    taken = lending.take_back(house, BORROWER, asked)

    with pytest.raises(ContractError):
        lending.answer(house, COORDINATOR, asked, agree=True)

    assert house.store.loans.loans() == (taken,)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda form: replace(form, team="t9"), "no_team"),
        (lambda form: replace(form, borrower=DURRES), "same"),
        (lambda form: replace(form, last=MONDAY + timedelta(days=140)), "too_long"),
    ],
)
def test_a_loan_that_makes_no_sense_is_refused(
    house: House, change: Callable[[LoanForm], LoanForm], rule: str
):
    with pytest.raises(ContractError) as fault:
        lending.ask(house, COORDINATOR, DURRES, change(FORM))

    assert fault.value.message.id == f"lending.fault.{rule}"


def test_a_team_without_people_cannot_be_lent(house: House):
    house.store.put_crew(teams=[replace(TEAMS[0], members=())])

    with pytest.raises(ContractError) as fault:
        lending.ask(house, COORDINATOR, DURRES, FORM)

    assert fault.value.message.id == "lending.fault.no_members"


def test_a_lent_team_opens_its_round_there_and_its_visit_counts_there(house: House):
    lent(house)
    plan = plan_of(WEEK, municipality=KRUJE)
    house.store.save_plan(plan)
    at = datetime.combine(MONDAY, time(10), TIRANE)
    approved = house.store.approve_plan(plan, by="k", at=at)
    assert approved.status is PlanStatus.APPROVED

    outing = round_today(house, FIELD, TEAMS[0], MONDAY)

    assert outing is not None
    assert outing.plan.municipality == KRUJE
    assert outing.plan.left_out == ()
    assert round_today(house, COORDINATOR, TEAMS[0], MONDAY) is None


SPANS = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 6)), max_size=3)


@given(SPANS)
def test_however_a_team_is_lent_it_has_one_shift_a_day_at_most(spans: list[tuple[int, int]]):
    weeks = [WEEK, Week.of(MONDAY + timedelta(days=7))]
    taken: set[date] = set()
    loans = []
    for number, (start, length) in enumerate(spans):
        first = MONDAY + timedelta(days=start)
        days = {first + timedelta(days=n) for n in range(length + 1)}
        if days & taken:
            continue
        taken |= days
        loans.append(
            Loan(
                id=f"l{number}",
                team="t1",
                lender=DURRES,
                borrower=KRUJE,
                first=first,
                last=first + timedelta(days=length),
                asked_by="k",
                asked_for=KRUJE,
                asked_at=NOON,
                state=LoanState.AGREED,
            )
        )
    home = LentCrew(workers=WORKERS, teams=TEAMS, bases=(BASE,), absences=())
    none = LentCrew(workers=(), teams=(), bases=(), absences=())
    found = []
    for own, others, code in ((home, none, DURRES), (none, home, KRUJE)):
        crew = crew_with_loans(own, others, loans, code, weeks)
        demand = make_demand(crew.teams, weeks, settings=RosterSettings(away=crew.away))
        found += [one.shift.start.date() for one in demand if one.shift.team == "t1"]

    # Every working day of the two weeks, each once, whoever it is worked for.
    assert sorted(found) == [day for week in weeks for day in week.days[:5]]
