"""The register: what stands in it, what a coordinator decides, and nobody else at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import TIRANE, Base, Team, Viewer, Worker
from data.vocabulary import EvidenceKind, HotspotState, PlaceKind, Role, TravelMode
from desk import register_actions as act
from desk.identity import DEMO
from desk.record_forms import PlaceForm
from desk.register import Entry, Register, owners, register_of
from desk.register_actions import Change, RegisterForm
from desk.wiring import House, open_house
from tests.builders import CENTRE, DURRES, cases, places, visits

KRUJE = "AL0302"
NOW = datetime.now(TIRANE)
COORDINATOR = Viewer(
    account="mira", name="Mira", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
TEAM = Team(
    id="t1",
    name="Ekipi 1",
    municipality=DURRES,
    base="b1",
    mode=TravelMode.WALK,
    start=NOW.time(),
    end=NOW.time(),
    weekdays=(0,),
)
TOLD = RegisterForm(evidence=EvidenceKind.RESIDENTS, owner="t1", slots=("weekend-night",))
BARE = RegisterForm(evidence=EvidenceKind.TEAM)
NEW = PlaceForm(
    municipality=DURRES, name="Rruga e re", kind=PlaceKind.SHOPS, lon=CENTRE[0], lat=CENTRE[1]
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house of real rows in which the model proposes p000, and p003 was never seen."""
    made = open_house(tmp_path)
    when = [NOW - timedelta(days=2 + i) for i in range(30)]
    found = cases(["p000"] * 26 + ["p001"] * 4, when=when, synthetic=False)
    looked = visits(["p000", "p001", "p002"] * 10, when=when, synthetic=False)
    known = places(4, synthetic=False)
    base = Base(id="b1", name="NJMF", municipality=DURRES, lon=CENTRE[0], lat=CENTRE[1])
    worker = Worker(id="w1", name="Ana", municipality=DURRES, skills=frozenset())
    made.store.add({"places": known, "cases": found, "visits": looked})
    made.store.put_crew(bases=[base], teams=[TEAM], workers=[worker])
    return made


def register(house: House, as_of: datetime | None = None) -> Register:
    return register_of(house, COORDINATOR, DURRES, as_of=as_of)


def entry(house: House, place: str, as_of: datetime | None = None) -> Entry:
    return next(one for one in register(house, as_of).entries if one.place_id == place)


def listed(house: House, as_of: datetime | None = None) -> dict[str, str]:
    return {one.place_id: str(one.state) for one in register(house, as_of).entries}


def confirm(house: House, place: str = "p003", form: RegisterForm = TOLD) -> Change:
    return act.confirm(house, COORDINATOR, DURRES, place, form)


# What stands in it


def test_without_a_decision_it_holds_what_the_model_proposes(house: House):
    (only,) = register(house).entries

    assert (only.place_id, only.name, only.state) == ("p000", "Vend 0", HotspotState.PROPOSED)
    assert (only.n_cases, only.hours, only.decision) == (26, 10.0, None)
    assert only.expires is not None
    assert register(house).n_counting == 1


def test_a_place_without_a_case_is_confirmed_by_a_person(house: House):
    confirm(house)

    known = entry(house, "p003")
    assert (known.state, known.n_cases, known.hours) == (HotspotState.CONFIRMED, 0, 0.0)
    assert known.slots == TOLD.slots
    assert known.decision is not None
    assert (known.decision.owner, known.decision.decided_by) == ("t1", "mira")
    assert known.expires == known.decision.decided_at + timedelta(days=90)
    assert register(house).n_counting == 2


def test_what_needs_somebody_stands_first(house: House):
    confirm(house, "p003")
    act.refuse(house, COORDINATOR, DURRES, "p002", EvidenceKind.TEAM)
    act.merge(house, COORDINATOR, DURRES, "p001", "p003")

    assert list(listed(house).values()) == ["proposed", "confirmed", "refused", "merged"]
    assert listed(house, NOW + timedelta(days=80))["p003"] == "due"
    assert listed(house, NOW + timedelta(days=100)) == {"p003": "expired", "p001": "merged"}
    assert entry(house, "p001").merged_into == "Vend 3"


def test_it_says_how_many_visits_met_nobody_and_that_repeats_are_too_few_to_say_more(house: House):
    confirm(house, "p002", BARE)
    seen = entry(house, "p002")
    house.store.add(
        {"visits": visits(["p002"] * 2, when=[NOW + timedelta(days=1)] * 2, visit_id=["x", "y"])}
    )

    later = entry(house, "p002", NOW + timedelta(days=5))

    assert (seen.n_empty, later.n_empty) == (0, 2)  # who told of it says that it is in use
    assert seen.n_left is None
    assert register(house).detections.verdict is not None


def test_with_repeats_enough_it_says_how_many_more_are_needed(house: House):
    ids = ["p000", "p001", "p002"]
    when = [NOW - timedelta(days=200 - 9 * i) for _ in ids for i in range(20)]
    met = ["seen", "nobody", "nobody"] * 20
    codes = [f"r{i}" for i in range(60)]
    house.store.add(
        {
            "visits": visits(
                [p for p in ids for _ in range(20)],
                when=when,
                outcome=met,
                visit_id=codes,
                synthetic=False,
            )
        }
    )
    confirm(house, "p002", RegisterForm(evidence=EvidenceKind.MODEL))

    known = entry(house, "p002")

    assert known.detection is not None
    assert known.n_left == max(known.detection.needed - known.n_empty, 0)


def test_owners_are_the_teams_and_people_of_the_municipality(house: House):
    assert owners(house, COORDINATOR, DURRES) == {"t1": "Ekipi 1", "w1": "Ana"}


# What is decided


def test_confirming_again_gives_ninety_days_more_and_editing_none(house: House):
    first = confirm(house).after
    assert first is not None

    edited = act.edit(house, COORDINATOR, DURRES, "p003", BARE).after
    again = confirm(house).after

    assert edited == replace(first, owner="", slots=(), evidence=EvidenceKind.TEAM)
    assert again is not None
    assert again.expires_at is not None
    assert again.expires_at >= again.decided_at + timedelta(days=89)


def test_what_nobody_confirmed_cannot_be_edited(house: House):
    act.refuse(house, COORDINATOR, DURRES, "p000", EvidenceKind.TEAM)

    with pytest.raises(ContractError) as fault:
        act.edit(house, COORDINATOR, DURRES, "p000", BARE)

    assert fault.value.message == Message("register.not_confirmed")


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (RegisterForm(evidence=EvidenceKind.TEAM, owner="stranger"), "register.owner_unknown"),
        (RegisterForm(evidence=EvidenceKind.TEAM, slots=("noon",)), "register.slot_unknown"),
    ],
)
def test_an_owner_or_hours_that_nobody_knows_are_refused(
    house: House, form: RegisterForm, fault: str
):
    with pytest.raises(ContractError) as raised:
        confirm(house, form=form)

    assert raised.value.message == Message(fault)
    assert house.store.register.decisions() == ()


@pytest.mark.parametrize(
    "action",
    [
        lambda house, place: act.confirm(house, COORDINATOR, DURRES, place, BARE),
        lambda house, place: act.refuse(house, COORDINATOR, DURRES, place, EvidenceKind.TEAM),
        lambda house, place: act.merge(house, COORDINATOR, DURRES, place, "p000"),
        lambda house, place: act.merge(house, COORDINATOR, DURRES, "p000", place),
        lambda house, place: act.withdraw(house, COORDINATOR, DURRES, place),
        lambda house, place: act.edit(house, COORDINATOR, DURRES, place, BARE),
    ],
    ids=["confirm", "refuse", "merge", "merge into", "withdraw", "edit"],
)
def test_a_place_of_another_municipality_is_none_that_can_be_decided_on(
    house: House, action: Callable[[House, str], Change]
):
    there = places(1, synthetic=False).assign(place_id="k", municipality=KRUJE)
    house.store.add({"places": there})

    with pytest.raises(ContractError) as fault:
        action(house, "k")

    assert fault.value.message == Message("record.unknown")
    assert house.store.register.decisions() == ()


def test_a_merge_leads_somewhere(house: House):
    act.merge(house, COORDINATOR, DURRES, "p001", "p000")

    for place, into, fault in (
        ("p000", "p000", "register.merge_itself"),
        ("p000", "p001", "register.merge_merged"),
        ("p003", "p001", "register.merge_merged"),
    ):
        with pytest.raises(ContractError) as raised:
            act.merge(house, COORDINATOR, DURRES, place, into)
        assert raised.value.message == Message(fault)
    assert entry(house, "p000").n_cases == 30


def test_a_place_that_only_cases_made_is_kept_with_what_is_decided_on_it(house: House):
    lon, lat = CENTRE[0] + 0.02, CENTRE[1]
    loose = cases(
        [""] * 40, when=[NOW - timedelta(days=1 + i) for i in range(40)], synthetic=False
    ).assign(case_code=[f"loose{i}" for i in range(40)])
    loose = loose.set_geometry([shapely.Point(lon, lat)] * 40, crs=loose.crs)
    house.store.add({"cases": loose})
    made = next(p for p in register(house).places if p.startswith("place-"))

    confirm(house, made, BARE)

    kept = house.store.places(DURRES).set_index("place_id")
    assert made in kept.index
    assert entry(house, made).n_cases == 40
    one_more = loose.iloc[:1].assign(case_code="more")
    house.store.add({"cases": one_more})
    assert entry(house, made).n_cases == 41  # its code is its own from now on


def test_a_new_place_is_added_and_confirmed_in_one(house: House):
    made = act.add(house, COORDINATOR, NEW, TOLD)

    known = entry(house, made.place_id)
    assert (known.name, known.state, known.kind) == ("Rruga e re", "confirmed", "shops")
    assert (made.before, known.n_cases) == (None, 0)


def test_a_new_place_outside_the_municipality_is_refused_and_nothing_is_kept(house: House):
    with pytest.raises(ContractError):
        act.add(house, COORDINATOR, replace(NEW, lon=20.5), TOLD)

    assert len(house.store.places(DURRES)) == 4
    assert house.store.register.decisions() == ()


# What is taken back


ACTIONS: dict[str, Callable[[House], Change]] = {
    "confirm": lambda house: confirm(house, "p000"),
    "refuse": lambda house: act.refuse(house, COORDINATOR, DURRES, "p000", EvidenceKind.TEAM),
    "merge": lambda house: act.merge(house, COORDINATOR, DURRES, "p000", "p002"),
    "edit": lambda house: act.edit(house, COORDINATOR, DURRES, "p003", BARE),
    "withdraw": lambda house: act.withdraw(house, COORDINATOR, DURRES, "p003"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_was_decided_can_be_undone(house: House, action: str):
    confirm(house)
    before, decided = listed(house), house.store.register.decisions()

    change = ACTIONS[action](house)
    assert house.store.register.decisions() != decided
    act.undo(house, COORDINATOR, DURRES, change)

    assert house.store.register.decisions() == decided
    assert listed(house) == before


def test_nothing_is_undone_twice_or_after_somebody_else(house: House):
    change = confirm(house)
    act.undo(house, COORDINATOR, DURRES, change)

    with pytest.raises(ContractError) as fault:
        act.undo(house, COORDINATOR, DURRES, change)

    assert fault.value.message == Message("register.changed_since")


def test_a_change_of_one_municipality_is_not_undone_in_another(house: House):
    change = confirm(house)
    both = replace(COORDINATOR, municipalities=frozenset({DURRES, KRUJE}))

    with pytest.raises(ContractError):
        act.undo(house, both, KRUJE, change)

    assert len(house.store.register.decisions()) == 1


# The demonstration


def test_what_is_decided_while_the_demonstration_stands_goes_with_it(tmp_path: Path):
    demo = open_house(tmp_path)
    demo.store.add({"places": places(3)})
    confirm(demo, "p001", BARE)
    assert demo.store.all_synthetic()

    made = act.add(demo, COORDINATOR, NEW, BARE)

    assert [one.place_id for one in demo.store.register.decisions()] == [made.place_id]
    assert demo.store.places()["place_id"].tolist() == [made.place_id]
    assert not demo.store.holds_demo()


def test_the_people_of_the_demonstration_own_no_real_place(tmp_path: Path):
    demo = open_house(tmp_path)
    demo.store.add({"places": places(3)})
    base = Base(id="b1", name="NJMF", municipality=DURRES, lon=CENTRE[0], lat=CENTRE[1])
    demo.store.put_crew(bases=[base], teams=[TEAM], synthetic=True)

    with pytest.raises(ContractError) as fault:
        act.add(demo, COORDINATOR, NEW, TOLD)

    assert fault.value.message == Message("register.owner_unknown")
    assert demo.store.all_synthetic()


def test_what_the_demonstrations_coordinator_adds_stays_invented(tmp_path: Path):
    demo = open_house(tmp_path)
    demo.store.add({"places": places(3)})

    act.add(demo, replace(COORDINATOR, account=DEMO), NEW, BARE)

    assert len(demo.store.places()) == 4
    assert demo.store.all_synthetic()


# Who


def everything(house: House, viewer: Viewer, town: str) -> list[Callable[[], object]]:
    change = Change(place_id="p000", before=None, after=None)
    return [
        lambda: register_of(house, viewer, town),
        lambda: owners(house, viewer, town),
        lambda: act.confirm(house, viewer, town, "p000", BARE),
        lambda: act.edit(house, viewer, town, "p000", BARE),
        lambda: act.refuse(house, viewer, town, "p000", EvidenceKind.TEAM),
        lambda: act.merge(house, viewer, town, "p000", "p001"),
        lambda: act.withdraw(house, viewer, town, "p000"),
        lambda: act.undo(house, viewer, town, change),
        lambda: act.add(house, viewer, replace(NEW, municipality=town), BARE),
    ]


people = st.builds(
    Viewer,
    account=st.just("x"),
    name=st.just("x"),
    role=st.sampled_from(Role),
    municipalities=st.frozensets(st.sampled_from([DURRES, KRUJE, ""])),
    teams=st.frozensets(st.sampled_from(["t1"])),
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(viewer=people, town=st.sampled_from([DURRES, KRUJE]))
def test_no_role_but_the_coordinator_of_the_municipality_gets_or_changes_a_row(
    house: House, viewer: Viewer, town: str
):
    if viewer.role is Role.COORDINATOR and town in viewer.municipalities:
        assert {one.place_id for one in register_of(house, viewer, town).entries} <= {"p000"}
        return
    before = house.store.version()
    for ask in everything(house, viewer, town):
        with pytest.raises(AccessDeniedError) as fault:
            ask()
        assert "p000" not in str(fault.value)
    assert house.store.version() == before


def test_every_decision_leaves_its_line_with_codes_and_the_municipality_only(house: House):
    confirm(house)
    act.merge(house, COORDINATOR, DURRES, "p001", "p003")
    register(house)

    lines = house.store.audit.last(3)

    assert [(line.action, line.scope) for line in lines] == [
        ("register.see", DURRES),
        ("register.merge p001", DURRES),
        ("register.confirm p003", DURRES),
    ]
    assert "Vend" not in repr(lines)
