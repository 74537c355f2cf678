"""One record at a time: entered, corrected and erased by whoever works there, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data import reference
from data.errors import AccessDeniedError, ContractError
from data.frames import CHILD_COUNTS
from data.nouns import TIRANE, Viewer
from data.readers.codes import is_well_made
from data.vocabulary import (
    MappingStatus,
    PlaceKind,
    RiskDegree,
    Role,
    Schooling,
    Sector,
    Source,
    VisitOutcome,
    VisitPurpose,
)
from desk import identity, records
from desk.records import CaseForm, PlaceForm, VisitForm
from desk.wiring import House, open_house
from tests.builders import CENTRE, DURRES, cases, places, visits

TIRANA = "AL1105"
NOW = datetime.now(TIRANE)
AT = datetime(2026, 6, 2, 17, 40, tzinfo=TIRANE)
LON, LAT = CENTRE
PLACE = PlaceForm(municipality=DURRES, name="Tregu", kind=PlaceKind.MARKET, lon=LON, lat=LAT)
CASE = CaseForm(
    municipality=DURRES,
    place_id="p000",
    identified_at=AT,
    hour_known=True,
    sector=Sector.STREET,
    risk_degree=RiskDegree.HIGH,
    source=Source.PATROL,
)
VISIT = VisitForm(
    municipality=DURRES,
    place_id="p000",
    team="",
    started_at=AT,
    ended_at=AT + timedelta(hours=1),
    purpose=VisitPurpose.IDENTIFICATION,
    outcome=VisitOutcome.NOBODY,
)


def viewer(role: Role, *codes: str) -> Viewer:
    return Viewer(account="mira", name="Mira", role=role, municipalities=frozenset(codes))


MIRA = viewer(Role.COORDINATOR, DURRES)
DEMO = replace(MIRA, account=identity.DEMO)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house of real records: two places, a case and a visit here, and some elsewhere."""
    made = open_house(tmp_path)
    real = {"synthetic": False}
    made.store.add(
        {
            "places": places(2, **real),
            "cases": cases(["p001"], **real),
            "visits": visits(["p001"], **real),
        }
    )
    made.store.add(
        {
            "places": places(1, municipality=TIRANA, **real).assign(place_id="t"),
            "cases": cases(["t"], municipality_found=TIRANA, **real).assign(case_code="t1"),
            "visits": visits(["t"], municipality=TIRANA, **real).assign(visit_id="t1"),
        }
    )
    return made


def one(frame: pd.DataFrame, column: str, key: str) -> pd.Series:
    return frame.set_index(column).loc[key]


def test_a_place_is_kept_in_its_unit_under_a_code_that_says_nothing(house: House):
    place_id = records.add_place(house, MIRA, replace(PLACE, name="  Tregu   i ri ", awake_from=6))

    kept = one(house.store.places(DURRES), "place_id", place_id)
    assert (kept["name"], kept["kind"], kept["awake_from"]) == ("Tregu i ri", "market", 6)
    assert (kept.geometry.x, kept.geometry.y) == CENTRE
    assert kept["unit"] in {unit.id for unit in reference.units(DURRES)}
    assert is_well_made(place_id.removeprefix("P-"))
    assert not kept["synthetic"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"name": "   "}, "name_length"),
        ({"name": "x" * 81}, "name_length"),
        ({"lon": 19.82, "lat": 41.33}, "point_outside"),
        ({"awake_from": 0}, "month"),
        ({"awake_to": 13}, "month"),
    ],
)
def test_a_place_that_breaks_a_rule_is_neither_kept_nor_changed(
    house: House, change: dict[str, object], rule: str
):
    before = house.store.places()

    for act in (
        lambda form: records.add_place(house, MIRA, form),
        lambda form: records.correct_place(house, MIRA, "p000", form),
    ):
        with pytest.raises(ContractError) as fault:
            act(replace(PLACE, **change))
        assert fault.value.message.id == f"record.{rule}"

    assert house.store.places().equals(before)


def test_a_case_stands_at_its_place_and_has_a_random_code(house: House):
    form = replace(CASE, municipality_home=TIRANA, referred_at=AT + timedelta(hours=3))

    codes = [records.add_case(house, MIRA, form) for _ in range(2)]

    kept = one(house.store.cases(DURRES), "case_code", codes[0])
    assert codes[0] != codes[1]
    assert all(is_well_made(code) for code in codes)
    assert (kept["identified_at"], kept["referred_at"]) == (AT, AT + timedelta(hours=3))
    assert (kept["place_id"], kept["municipality_home"]) == ("p000", TIRANA)
    assert (kept.geometry.x, kept.geometry.y) == CENTRE
    assert not kept["synthetic"]


FAULTY_CASES = [
    ({"place_id": "t"}, "record.unknown"),
    ({"place_id": "nowhere"}, "record.unknown"),
    ({"identified_at": NOW + timedelta(days=1)}, "record.future"),
    ({"referred_at": NOW + timedelta(days=1)}, "record.future"),
    ({"referred_at": AT - timedelta(hours=1)}, "import.rule.referred_before"),
    ({"municipality_home": "AL99"}, "desk.municipality_unknown"),
]


@pytest.mark.parametrize(("change", "rule"), FAULTY_CASES)
def test_a_case_that_breaks_a_rule_is_neither_kept_nor_changed(
    house: House, change: dict[str, object], rule: str
):
    before = house.store.cases()

    with pytest.raises(ContractError) as added:
        records.add_case(house, MIRA, replace(CASE, **change))
    with pytest.raises(ContractError) as corrected:
        records.correct_case(house, MIRA, "c0000", replace(CASE, **change))

    assert added.value.message.id == corrected.value.message.id == rule
    assert house.store.cases().equals(before)


def test_a_referral_on_the_day_itself_is_in_order_where_the_hour_is_not_known(house: House):
    midnight = AT.replace(hour=0, minute=0)

    assert records.add_case(house, MIRA, replace(CASE, referred_at=midnight))
    assert records.add_case(
        house, MIRA, replace(CASE, identified_at=midnight, hour_known=False, referred_at=AT)
    )


def test_a_corrected_case_keeps_its_code_its_point_and_its_mark(house: House):
    point = one(house.store.cases(), "case_code", "c0000").geometry
    form = replace(
        CASE,
        place_id="p001",
        risk_degree=RiskDegree.LOW,
        schooling=Schooling.DROPPED_OUT,
        referred_at=AT + timedelta(days=1),
    )

    records.correct_case(house, MIRA, "c0000", form)

    kept = one(house.store.cases(DURRES), "case_code", "c0000")
    assert (kept["risk_degree"], kept["schooling"]) == ("low", "dropped_out")
    assert kept["referred_at"] == AT + timedelta(days=1)
    assert kept.geometry.equals(point)
    assert not kept["synthetic"]

    records.correct_case(house, MIRA, "c0000", replace(form, referred_at=None))
    assert pd.isna(one(house.store.cases(), "case_code", "c0000")["referred_at"])


def test_a_case_given_another_place_stands_there(house: House):
    records.correct_case(house, MIRA, "c0000", CASE)

    kept = one(house.store.cases(), "case_code", "c0000")
    assert (kept["place_id"], kept.geometry.x, kept.geometry.y) == ("p000", *CENTRE)


def test_a_case_at_no_place_may_stay_at_none_but_not_lose_the_one_it_has(house: House):
    house.store.add({"cases": cases([""], synthetic=False).assign(case_code="vague")})
    nowhere = replace(CASE, place_id="")

    records.correct_case(house, MIRA, "vague", replace(nowhere, sector=Sector.HOUSE))
    assert one(house.store.cases(), "case_code", "vague")["sector"] == "house"
    with pytest.raises(ContractError):
        records.correct_case(house, MIRA, "c0000", nowhere)
    with pytest.raises(ContractError):
        records.add_case(house, MIRA, nowhere)


def test_a_visit_is_kept_with_its_times_and_counts(house: House):
    counts = dict(zip(CHILD_COUNTS, (3, 2, 3, 2, 0, 1), strict=True))
    form = replace(VISIT, outcome=VisitOutcome.IDENTIFIED, **counts)

    code = records.add_visit(house, MIRA, form)

    kept = one(house.store.visits(DURRES), "visit_id", code)
    assert (kept["started_at"], kept["ended_at"]) == (VISIT.started_at, VISIT.ended_at)
    assert kept["outcome"] == "identified"
    assert kept[list(CHILD_COUNTS)].to_dict() == counts


FAULTY_VISITS = [
    ({"place_id": "t"}, "unknown"),
    ({"team": "somebody else's"}, "unknown"),
    ({"ended_at": AT}, "visit_times"),
    ({"ended_at": AT + timedelta(hours=25)}, "visit_times"),
    ({"started_at": NOW, "ended_at": NOW + timedelta(hours=1)}, "future"),
    ({"n_seen": 1}, "counts"),
    ({"outcome": VisitOutcome.SEEN}, "counts"),
    ({"outcome": VisitOutcome.IDENTIFIED, "n_seen": 2}, "counts"),
    ({"outcome": VisitOutcome.SPOKEN, "n_seen": 2, "n_not_enrolled": 3}, "counts"),
    ({"outcome": VisitOutcome.SPOKEN, "n_seen": 2, "n_not_vaccinated": 3}, "counts"),
    ({"outcome": VisitOutcome.SPOKEN, "n_seen": 2, "n_not_registered": 3}, "counts"),
    ({"outcome": VisitOutcome.SPOKEN, "n_seen": 2, "n_not_enrolled": -1}, "counts"),
]


@pytest.mark.parametrize(("change", "rule"), FAULTY_VISITS)
def test_a_visit_that_breaks_a_rule_is_neither_kept_nor_changed(
    house: House, change: dict[str, object], rule: str
):
    before = house.store.visits()

    with pytest.raises(ContractError) as added:
        records.add_visit(house, MIRA, replace(VISIT, **change))
    with pytest.raises(ContractError) as corrected:
        records.correct_visit(house, MIRA, "v0000", replace(VISIT, **change))

    assert added.value.message.id == corrected.value.message.id == f"record.{rule}"
    assert house.store.visits().equals(before)


def test_a_corrected_visit_may_go_on_naming_a_team_that_is_gone(house: House):
    records.correct_visit(house, MIRA, "v0000", replace(VISIT, team="t1", place_id="p001"))

    kept = one(house.store.visits(), "visit_id", "v0000")
    assert (kept["team"], kept["place_id"], kept["started_at"]) == ("t1", "p001", AT)


@pytest.mark.parametrize("municipality", [DURRES, TIRANA])
def test_nobody_corrects_or_erases_a_record_of_another_municipality(
    house: House, municipality: str
):
    """Neither by naming the other municipality, nor by claiming the record for the own one."""
    before = [house.store.places(), house.store.cases(), house.store.visits()]
    acts = [
        lambda: records.correct_case(house, MIRA, "t1", replace(CASE, municipality=municipality)),
        lambda: records.correct_visit(house, MIRA, "t1", replace(VISIT, municipality=municipality)),
        lambda: records.correct_place(house, MIRA, "t", replace(PLACE, municipality=municipality)),
        lambda: records.erase(house, MIRA, "cases", "t1"),
        lambda: records.erase(house, MIRA, "visits", "t1"),
        lambda: records.erase(house, MIRA, "places", "t"),
    ]

    for act in acts:
        with pytest.raises((AccessDeniedError, ContractError)):
            act()

    after = [house.store.places(), house.store.cases(), house.store.visits()]
    assert all(a.equals(b) for a, b in zip(before, after, strict=True))


def test_a_record_cannot_be_moved_between_the_municipalities_of_somebody_with_two(house: House):
    both = viewer(Role.COORDINATOR, DURRES, TIRANA)

    with pytest.raises(ContractError):
        records.correct_case(house, both, "c0000", replace(CASE, municipality=TIRANA, place_id="t"))

    assert one(house.store.cases(), "case_code", "c0000")["municipality_found"] == DURRES


def test_an_erased_record_is_gone_and_a_place_in_use_stays(house: House):
    with pytest.raises(ContractError) as fault:
        records.erase(house, MIRA, "places", "p001")
    assert fault.value.message.id == "record.place_used"

    for noun, key in (("cases", "c0000"), ("visits", "v0000"), ("places", "p001")):
        records.erase(house, MIRA, noun, key)
        with pytest.raises(ContractError):
            records.erase(house, MIRA, noun, key)

    assert house.store.places(DURRES)["place_id"].tolist() == ["p000"]
    assert house.store.cases(DURRES).empty
    assert house.store.visits(DURRES).empty


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_nobody_else_enters_sees_corrects_or_erases(house: House, role: Role):
    other = viewer(role, DURRES)

    for act in (
        lambda: records.add_place(house, other, PLACE),
        lambda: records.add_case(house, other, CASE),
        lambda: records.add_visit(house, other, VISIT),
        lambda: records.correct_case(house, other, "c0000", CASE),
        lambda: records.erase(house, other, "cases", "c0000"),
        lambda: records.own_cases(house, other, DURRES),
        lambda: records.choices(house, other, DURRES),
    ):
        with pytest.raises(AccessDeniedError):
            act()


def demonstrated(tmp_path: Path) -> House:
    made = open_house(tmp_path / "demo")
    made.store.add({"places": places(2), "cases": cases(["p000"]), "visits": visits(["p000"])})
    return made


def test_what_the_demo_enters_is_invented(tmp_path: Path):
    house = demonstrated(tmp_path)

    records.add_case(house, DEMO, CASE)
    records.add_visit(house, DEMO, VISIT)
    records.add_place(house, DEMO, PLACE)

    assert house.store.all_synthetic()
    assert records.choices(house, DEMO, DURRES).places.keys() >= {"p000", "p001"}


def test_the_first_real_record_takes_the_demonstration_away(tmp_path: Path):
    house = demonstrated(tmp_path)
    assert records.choices(house, MIRA, DURRES).replaces_demo
    assert records.choices(house, MIRA, DURRES).places == {}

    with pytest.raises(ContractError):  # a real child does not stand at an invented place
        records.add_case(house, MIRA, CASE)
    place_id = records.add_place(house, MIRA, PLACE)

    assert house.store.places()["place_id"].tolist() == [place_id]
    assert house.store.cases().empty
    assert not records.choices(house, MIRA, DURRES).replaces_demo
    assert records.add_case(house, MIRA, replace(CASE, place_id=place_id))


def test_a_corrected_invented_record_stays_invented(tmp_path: Path):
    house = demonstrated(tmp_path)

    records.correct_case(house, MIRA, "c0000", CASE)
    records.correct_visit(house, MIRA, "v0000", VISIT)
    records.correct_place(house, MIRA, "p000", PLACE)
    records.set_unit_status(house, MIRA, reference.units(DURRES)[0].id, MappingStatus.LOOKED_NONE)

    assert house.store.all_synthetic()


def test_every_act_leaves_a_line_in_the_audit_without_a_place_or_code(house: House):
    code = records.add_case(house, MIRA, CASE)
    records.correct_case(house, MIRA, code, CASE)
    records.erase(house, MIRA, "cases", code)

    lines = house.store.audit.last(3)
    assert [line.action for line in lines] in (
        ["cases.erase", "cases.correct", "cases.add"],
        ["cases.add", "cases.correct", "cases.erase"],
    )
    assert {line.scope for line in lines} == {DURRES}
