"""A municipality's crew: kept by its coordinator alone, and told what it lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from data import reference
from data.errors import AccessDeniedError, ContractError
from data.nouns import Absence, Base, Team, Viewer, Worker
from data.vocabulary import Role, Skill, TravelMode
from desk import crew, settings
from desk.crew import Crew, TeamForm, WorkerForm
from desk.crew_check import check_crew, hours_a_day
from desk.identity import DEMO
from desk.wiring import House, open_house
from layers.words import LANGUAGES, Words

DURRES, KRUJE = "AL0301", "AL0302"
MIDDLE = (19.4547, 41.3236)


def viewer(role: Role = Role.COORDINATOR, town: str = DURRES, account: str = "c") -> Viewer:
    return Viewer(account=account, name="c", role=role, municipalities=frozenset({town}))


OWN = viewer()


def form(base: str, members: tuple[str, ...] = (), **changes: object) -> TeamForm:
    usual = TeamForm(
        name="Ekipi 1",
        base=base,
        mode=TravelMode.WALK,
        start=time(9),
        end=time(15),
        weekdays=(0, 1, 2),
        size=2,
        members=members,
    )
    return replace(usual, **changes)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return an empty house."""
    return open_house(tmp_path)


def now(house: House) -> Crew:
    return crew.crew_of(house, OWN, DURRES)


def with_people(house: House, n: int = 2, **changes: object) -> Crew:
    for number in range(n):
        usual = WorkerForm(name=f"P{number}", skills=frozenset({Skill.CHILD_PROTECTION}))
        crew.add_worker(house, OWN, now(house), replace(usual, **changes))
    crew.add_base(house, OWN, now(house), "NJMF", MIDDLE)
    return now(house)


def test_a_team_is_made_from_a_base_and_people(house: House):
    known = with_people(house)
    members = tuple(worker.id for worker in known.workers)

    crew.add_team(house, OWN, known, form(known.bases[0].id, members, name="  Ekipi   1 "))

    (team,) = now(house).teams
    assert (team.name, team.members, team.municipality) == ("Ekipi 1", members, DURRES)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"base": "elsewhere"}, "crew.base_needed"),
        ({"weekdays": ()}, "crew.day_needed"),
        ({"members": ("stranger",)}, "crew.unknown"),
        ({"size": 1}, "crew.size"),
        ({"size": 9}, "crew.size"),
        ({"name": " "}, "record.name_length"),
        ({"name": "x" * 61}, "record.name_length"),
    ],
)
def test_a_team_that_cannot_be_is_refused(house: House, changes: dict[str, object], message: str):
    known = with_people(house)

    with pytest.raises(ContractError) as caught:
        crew.add_team(house, OWN, known, replace(form(known.bases[0].id), **changes))

    assert caught.value.message.id == message
    assert now(house).teams == ()


def test_a_changed_team_stays_the_same_team(house: House):
    known = with_people(house)
    crew.add_team(house, OWN, known, form(known.bases[0].id))
    team = now(house).teams[0].id

    crew.change_team(house, OWN, now(house), team, form(known.bases[0].id, weekdays=(5, 6)))

    (kept,) = now(house).teams
    assert (kept.id, kept.weekdays) == (team, (5, 6))


def test_an_erased_worker_leaves_their_team_and_no_absence(house: House):
    known = with_people(house)
    first, second = (worker.id for worker in known.workers)
    crew.add_team(house, OWN, known, form(known.bases[0].id, (first, second)))
    crew.add_absence(house, OWN, known, absence(first))

    crew.erase_worker(house, OWN, now(house), first)

    left = now(house)
    assert [worker.id for worker in left.workers] == [second]
    assert left.teams[0].members == (second,)
    assert left.absences == ()


@pytest.mark.parametrize("hours", [0.0, -1.0, 60.5])
def test_hours_that_no_week_has_are_refused(house: House, hours: float):
    with pytest.raises(ContractError):
        with_people(house, weekly_hours=hours)


def test_a_changed_worker_keeps_their_code(house: House):
    known = with_people(house, 1)
    code = known.workers[0].id
    changed = WorkerForm(name="Other", skills=frozenset(), trained=False, weekly_hours=20)

    crew.change_worker(house, OWN, known, code, changed)

    (kept,) = now(house).workers
    assert (kept.id, kept.name, kept.trained, kept.weekly_hours) == (code, "Other", False, 20)


def test_a_base_outside_the_municipality_is_refused(house: House):
    town = reference.municipality(KRUJE)

    with pytest.raises(ContractError) as caught:
        crew.add_base(house, OWN, now(house), "NJMF", (town.seat_lon, town.seat_lat))

    assert caught.value.message.id == "record.point_outside"


def test_a_base_stays_while_a_team_starts_from_it(house: House):
    known = with_people(house)
    base = known.bases[0]
    crew.add_team(house, OWN, known, form(base.id))

    with pytest.raises(ContractError) as caught:
        crew.erase_base(house, OWN, now(house), base.id)
    assert caught.value.message.id == "crew.base_used"

    crew.erase_team(house, OWN, now(house), now(house).teams[0].id)
    crew.erase_base(house, OWN, now(house), base.id)
    assert now(house).bases == ()


def test_a_base_can_move_inside_the_municipality_only(house: House):
    base = with_people(house).bases[0]

    crew.change_base(house, OWN, now(house), replace(base, name="Zyra", lon=19.45))
    with pytest.raises(ContractError):
        crew.change_base(house, OWN, now(house), replace(base, lon=20.5))

    (kept,) = now(house).bases
    assert (kept.id, kept.name, kept.lon) == (base.id, "Zyra", 19.45)


def absence(worker: str, first: int = 1, last: int = 3) -> Absence:
    return Absence(worker=worker, first=date(2026, 12, first), last=date(2026, 12, last))


def test_an_absence_is_noted_and_taken_back(house: House):
    known = with_people(house)
    noted = absence(known.workers[0].id)
    crew.add_absence(house, OWN, known, noted)
    assert now(house).absences == (noted,)

    crew.erase_absence(house, OWN, now(house), noted)

    assert now(house).absences == ()
    with pytest.raises(ContractError):
        crew.erase_absence(house, OWN, now(house), noted)


def test_an_absence_that_ends_before_it_begins_is_refused(house: House):
    known = with_people(house)

    with pytest.raises(ContractError):
        crew.add_absence(house, OWN, known, absence(known.workers[0].id, first=3, last=2))


def test_an_absence_of_somebody_elsewhere_is_refused(house: House):
    with pytest.raises(ContractError):
        crew.add_absence(house, OWN, with_people(house), absence("stranger"))


@pytest.mark.parametrize(
    "stranger",
    [viewer(town=KRUJE), viewer(Role.FIELD), viewer(Role.AGENCY), viewer(Role.ADMINISTRATOR)],
)
def test_nobody_else_sees_or_changes_a_crew(house: House, stranger: Viewer):
    known = with_people(house)
    team = form(known.bases[0].id)
    person = WorkerForm(name="P", skills=frozenset())
    base = known.bases[0]
    tries = [
        lambda: crew.crew_of(house, stranger, DURRES),
        lambda: crew.add_worker(house, stranger, known, person),
        lambda: crew.change_worker(house, stranger, known, known.workers[0].id, person),
        lambda: crew.erase_worker(house, stranger, known, known.workers[0].id),
        lambda: crew.add_base(house, stranger, known, "x", MIDDLE),
        lambda: crew.change_base(house, stranger, known, base),
        lambda: crew.erase_base(house, stranger, known, base.id),
        lambda: crew.add_team(house, stranger, known, team),
        lambda: crew.change_team(house, stranger, known, "t", team),
        lambda: crew.erase_team(house, stranger, known, "t"),
        lambda: crew.add_absence(house, stranger, known, absence(known.workers[0].id)),
        lambda: crew.erase_absence(house, stranger, known, absence(known.workers[0].id)),
        lambda: settings.set_cpu_phone(house, stranger, DURRES, "129"),
    ]

    for attempt in tries:
        with pytest.raises(AccessDeniedError):
            attempt()
    assert now(house) == known


def test_the_audit_says_what_was_done_and_names_nobody(house: House):
    with_people(house, 1)

    lines = house.store.audit.last(10)
    assert {"worker.add", "base.add", "crew.see"} == {line.action for line in lines}
    assert {line.scope for line in lines} == {DURRES}


def test_what_a_demo_visitor_enters_is_invented(house: House):
    visitor = viewer(account=DEMO)
    crew.add_worker(house, visitor, now(house), WorkerForm(name="P", skills=frozenset()))

    assert house.store.all_synthetic()


def team_of(*members: str, **changes: object) -> Team:
    usual = Team(
        id="t",
        name="Ekipi 1",
        municipality=DURRES,
        base="b",
        mode=TravelMode.WALK,
        start=time(9),
        end=time(15),
        weekdays=(0,),
        members=members,
    )
    return replace(usual, **changes)


def crew_with(workers: list[Worker], *teams: Team) -> Crew:
    base = Base(id="b", name="b", municipality=DURRES, lon=MIDDLE[0], lat=MIDDLE[1])
    return Crew(
        municipality=DURRES, workers=tuple(workers), teams=teams, bases=(base,), absences=()
    )


def person(code: str, *skills: Skill, trained: bool = True) -> Worker:
    return Worker(
        id=code, name=code, municipality=DURRES, skills=frozenset(skills), trained=trained
    )


CPU = Skill.CHILD_PROTECTION


def test_a_full_team_lacks_nothing():
    found = check_crew(crew_with([person("a", CPU), person("b")], team_of("a", "b")))

    assert (found.teams_without_protection, found.faults, found.notes) == ((), (), ())


@pytest.mark.parametrize(
    ("workers", "team", "faults", "notes"),
    [
        ([person("a"), person("b")], team_of("a", "b"), ["crew.no_protection"], []),
        (
            [person("a"), person("b"), person("c", CPU)],
            team_of("a", "b"),
            [],
            ["crew.protection_on_call"],
        ),
        (
            [person("a", CPU), person("b", trained=False)],
            team_of("a", "b"),
            ["crew.few_trained"],
            [],
        ),
        (
            [person("a", CPU), person("b", trained=False), person("c")],
            team_of("a", "b"),
            [],
            ["crew.team_few_trained"],
        ),
        ([person("a", CPU), person("b")], team_of("a"), [], ["crew.few_members"]),
        (
            [person("a", CPU), person("b")],
            team_of("a", "b", size=3),
            ["crew.few_people"],
            [],
        ),
        (
            [person("a", CPU), person("b")],
            team_of("a", "b", end=time(19)),
            ["crew.long_day"],
            [],
        ),
    ],
)
def test_what_a_crew_lacks_is_said_before_a_roster_fails(
    workers: list[Worker], team: Team, faults: list[str], notes: list[str]
):
    found = check_crew(crew_with(workers, team))

    assert [message.id for message in found.faults] == faults
    assert [message.id for message in found.notes] == notes
    for language in LANGUAGES:
        for message in (*found.faults, *found.notes):
            assert "{" not in Words(language).message(message)


def test_people_without_a_team_lack_nothing():
    assert check_crew(crew_with([person("a")])).faults == ()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [(time(9), time(15, 30), 6.5), (time(22), time(4), 6.0), (time(9), time(9), 24.0)],
)
def test_a_team_may_work_past_midnight(start: time, end: time, hours: float):
    assert hours_a_day(team_of(start=start, end=end)) == hours


def test_the_units_telephone_is_kept_and_taken_back(house: House):
    settings.set_cpu_phone(house, OWN, DURRES, " +355 52  22 33 44 ")
    assert settings.cpu_phone(house, DURRES) == "+355 52 22 33 44"

    settings.set_cpu_phone(house, OWN, DURRES, "")
    assert settings.cpu_phone(house, DURRES) == settings.NO_PHONE
    assert settings.cpu_phone(house, None) == settings.NO_PHONE


@pytest.mark.parametrize("phone", ["call me", "12", "[x](y)", "+ ( )", "1" * 30])
def test_what_is_no_telephone_is_refused(house: House, phone: str):
    with pytest.raises(ContractError):
        settings.set_cpu_phone(house, OWN, DURRES, phone)


def test_a_number_only_tried_never_stands_beside_real_data(house: House):
    visitor = viewer(account=DEMO)
    crew.add_worker(house, visitor, now(house), WorkerForm(name="P", skills=frozenset()))
    settings.set_cpu_phone(house, visitor, DURRES, "000 000")
    assert settings.cpu_phone(house, DURRES) == "000 000"

    house.store.clear_synthetic()
    crew.add_worker(house, OWN, now(house), WorkerForm(name="Q", skills=frozenset()))

    assert settings.cpu_phone(house, DURRES) == settings.NO_PHONE


def test_real_people_never_stand_beside_invented_ones(house: House):
    crew.add_worker(
        house,
        viewer(account=DEMO),
        now(house),
        WorkerForm(name="I trilluar", skills=frozenset({Skill.OUTREACH})),
    )

    with pytest.raises(ContractError) as fault:
        with_people(house, 1)

    assert fault.value.message.id == "crew.demo_first"
    assert [worker.name for worker in house.store.workers(DURRES)] == ["I trilluar"]
