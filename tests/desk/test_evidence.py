"""What a plan is made from: the store's, or a file's where one is given, up to a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import shapely

from data.nouns import TIRANE, Area, Base, Decision, Team, Worker
from data.vocabulary import EvidenceKind, RegisterState, Skill, TravelMode
from desk.evidence import Evidence, Files, crew_of, evidence_of
from desk.ground import area_of
from desk.wiring import House, open_house
from tests.builders import CENTRE, DURRES, NOON, cases, durres, places, visits

UNTIL = datetime(2026, 7, 6, tzinfo=TIRANE)
KRUJE = "AL0302"
LON, LAT = CENTRE
OURS = Path(__file__).resolve().parents[1] / "files"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with three places, five cases and four visits in Durrës, one each in Kruja."""
    made = open_house(tmp_path)
    made.store.add(
        {"places": places(3), "cases": cases(["p000"] * 5), "visits": visits(["p001"] * 4)}
    )
    other = cases(["k"]).assign(case_code="kruje", municipality_found=KRUJE)
    made.store.add(
        {
            "places": places(1).assign(place_id="k", municipality=KRUJE),
            "cases": other,
            "visits": visits(["k"], visit_id=["vk"], municipality=KRUJE),
        }
    )
    return made


def case_file(folder: Path, *points: tuple[float, float] | None, town: str = "Durrës") -> Path:
    head = "case_code,identified_at,lat,lon,municipality_found,sector,risk_degree,source,synthetic"
    lines = [
        f"F-{i},2026-06-0{i + 1} 15:00,{p[1] if p else ''},{p[0] if p else ''},{town},"
        "street,moderate,patrol,true"
        for i, p in enumerate(points)
    ]
    file = folder / "given-cases.csv"
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    return file


def visit_file(folder: Path, *points: tuple[float, float]) -> Path:
    head = (
        "visit_id,started_at,ended_at,place_name,place_kind,lat,lon,"
        "team,purpose,outcome,n_seen,n_identified,synthetic"
    )
    lines = [
        f"F-V-{i},2026-06-0{i + 1} 15:00,2026-06-0{i + 1} 16:00,Vend {i},market,{lat},{lon},"
        "T1,identification,nobody,0,0,true"
        for i, (lon, lat) in enumerate(points)
    ]
    file = folder / "given-visits.csv"
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    return file


def codes(made: Evidence) -> Sequence[str]:
    return sorted(made.cases["case_code"])


def test_without_files_it_is_the_stores_of_that_municipality_alone(house: House):
    made = evidence_of(house, durres(), Files(), until=UNTIL)

    assert codes(made) == [f"c{i:04d}" for i in range(5)]
    assert set(made.places["place_id"]) == {"p000", "p001", "p002"}
    assert set(made.visits["place_id"]) == {"p001"}


def test_what_is_known_only_later_is_not_in_it(house: House):
    made = evidence_of(house, durres(), Files(), until=NOON - timedelta(days=1, hours=-1))

    assert codes(made) == ["c0001", "c0002", "c0003", "c0004"]
    assert len(made.visits) == 2, "one began in time and ended too late"


def test_a_file_of_cases_stands_for_the_stores_cases_and_visits(house: House, tmp_path: Path):
    given = Files(cases=case_file(tmp_path, (LON, LAT), (LON + 0.02, LAT)))

    made = evidence_of(house, durres(), given, until=UNTIL)

    assert codes(made) == ["F-0", "F-1"]
    assert made.visits.empty
    # One lies at a known place, the other makes a new one; the known places stay.
    assert len(made.places) == 4
    assert made.cases.set_index("case_code").loc["F-0", "place_id"] == "p000"


def test_a_file_of_visits_alone_stands_for_the_stores_visits_only(house: House, tmp_path: Path):
    given = Files(visits=visit_file(tmp_path, (LON, LAT), (LON + 0.02, LAT)))

    made = evidence_of(house, durres(), given, until=UNTIL)

    assert codes(made) == [f"c{i:04d}" for i in range(5)]
    assert sorted(made.visits["visit_id"]) == ["F-V-0", "F-V-1"]
    assert set(made.visits["place_id"]) <= set(made.places["place_id"])


def test_cases_outside_the_area_are_left_out_and_those_without_a_point_go_by_their_town(
    house: House, tmp_path: Path
):
    inside, outside = (LON, LAT), (20.22, 41.49)
    own = evidence_of(
        house, durres(), Files(cases=case_file(tmp_path, inside, outside, None)), until=UNTIL
    )
    strange = evidence_of(
        house, durres(), Files(cases=case_file(tmp_path, inside, None, town="Krujë")), until=UNTIL
    )

    assert codes(own) == ["F-0", "F-2"]
    assert codes(strange) == ["F-0"]
    assert own.cases.set_index("case_code").loc["F-2", "place_id"] == ""


def test_places_of_a_file_of_visits_outside_the_area_are_left_out(house: House, tmp_path: Path):
    given = Files(visits=visit_file(tmp_path, (LON + 0.02, LAT), (20.22, 41.49)))

    made = evidence_of(house, durres(), given, until=UNTIL)

    assert made.visits["visit_id"].to_list() == ["F-V-0"]
    assert len(made.places) == 4


def test_an_area_from_a_file_has_the_files_evidence_and_nobody_elses(house: House, tmp_path: Path):
    area = Area(id="box", name="Box", boundary=shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1))
    given = Files(
        cases=case_file(tmp_path, (LON, LAT), town=""), visits=visit_file(tmp_path, (LON, LAT))
    )

    made = evidence_of(house, area, given, until=UNTIL)

    assert (codes(made), len(made.visits), len(made.places)) == (["F-0"], 1, 1)
    assert evidence_of(house, area, Files(), until=UNTIL).places.empty


def test_rejected_rows_of_both_files_are_handed_back(house: House, tmp_path: Path):
    broken_cases = case_file(tmp_path, (LON, LAT), (LON, LAT))
    broken_cases.write_text(broken_cases.read_text().replace("F-1,2026-06-02", "F-1,never"))
    broken_visits = visit_file(tmp_path, (LON, LAT), (LON, LAT))
    broken_visits.write_text(broken_visits.read_text().replace("F-V-1,2026-06-02", "F-V-1,never"))

    made = evidence_of(
        house, durres(), Files(cases=broken_cases, visits=broken_visits), until=UNTIL
    )

    assert len(made.rejected) == 2
    assert (len(made.cases), len(made.visits)) == (1, 1)


def test_it_is_marked_as_invented_if_anything_in_it_is(tmp_path: Path):
    house = open_house(tmp_path)
    house.store.add({"places": places(3, synthetic=False)})
    house.store.add({"cases": cases(["p000"] * 3, synthetic=False)})

    real = evidence_of(house, durres(), Files(), until=UNTIL)
    house.store.add({"visits": visits(["p001"], synthetic=True)})
    mixed = evidence_of(house, durres(), Files(), until=UNTIL)

    assert (real.synthetic, mixed.synthetic) == (False, True)


def test_it_says_up_to_when_it_speaks(house: House, tmp_path: Path):
    full = evidence_of(house, durres(), Files(), until=UNTIL)
    empty = evidence_of(open_house(tmp_path / "empty"), durres(), Files(), until=UNTIL)

    assert full.known_until(UNTIL) == NOON + timedelta(hours=1)
    assert empty.known_until(UNTIL) == UNTIL


# --- who works


def test_where_nobody_is_known_two_teams_of_two_go_out_each_with_a_protection_worker(house: House):
    crew = crew_of(house, area_of(KRUJE), Files())

    skills = {worker.id: worker.skills for worker in crew.workers}
    assert len(crew.teams) == 2
    for team in crew.teams:
        assert len(team.members) == team.size == 2
        assert sum(Skill.CHILD_PROTECTION in skills[member] for member in team.members) == 1
        assert team.base == crew.bases[0].id
    assert not set(crew.teams[0].members) & set(crew.teams[1].members)
    assert area_of(KRUJE).boundary.contains(shapely.Point(crew.bases[0].lon, crew.bases[0].lat))


def test_the_usual_crew_of_an_area_starts_from_its_middle(house: House):
    area = Area(id="box", name="Box", boundary=shapely.box(1.4, 42.4, 1.6, 42.6))

    base = crew_of(house, area, Files()).bases[0]

    assert area.boundary.contains(shapely.Point(base.lon, base.lat))
    assert base.municipality is None


def test_a_municipality_that_has_a_crew_keeps_it(house: House):
    base = Base(id="b", name="Baza", municipality=DURRES, lon=LON, lat=LAT)
    workers = tuple(
        Worker(id=f"w{n}", name=f"{n}", municipality=DURRES, skills=frozenset({Skill.OUTREACH}))
        for n in range(2)
    )
    usual = crew_of(house, durres(), Files()).teams[0]
    team = Team(
        id="t9",
        name="Ekipi 9",
        municipality=DURRES,
        base="b",
        mode=TravelMode.DRIVE,
        start=usual.start,
        end=usual.end,
        weekdays=(1,),
        members=("w0", "w1"),
    )
    house.store.put_crew(bases=(base,), workers=workers, teams=(team,))

    crew = crew_of(house, durres(), Files())

    assert (crew.teams, crew.bases) == ((team,), (base,))
    assert {worker.id for worker in crew.workers} == {"w0", "w1"}


def test_a_file_of_teams_stands_for_everybody(house: House):
    crew = crew_of(house, durres(), Files(teams=OURS / "teams.csv"))

    assert {base.id for base in crew.bases} == {"DU-BASE"}
    assert all(worker.id.startswith("DU-") for worker in crew.workers)
    assert crew.teams


def test_our_own_example_files_make_evidence_together(house: House):
    given = Files(cases=OURS / "cases.csv", visits=OURS / "visits.csv")

    made = evidence_of(house, durres(), given, until=UNTIL)

    assert len(made.cases) > 0
    assert len(made.visits) > 0
    assert made.synthetic
    assert pd.Series(made.visits["place_id"]).isin(made.places["place_id"]).all()


MERGED = Decision(
    place_id="p001",
    municipality=DURRES,
    state=RegisterState.MERGED,
    evidence=EvidenceKind.TEAM,
    decided_at=NOON,
    decided_by="mira",
    merged_into="p000",
)


def test_what_was_decided_comes_with_it_and_merged_places_are_one(house: House):
    house.store.register.decide(MERGED)

    made = evidence_of(house, durres(), Files(), until=UNTIL)

    assert made.decisions == (MERGED,)
    assert set(made.places["place_id"]) == {"p000", "p002"}
    assert set(made.visits["place_id"]) == {"p000"}


def test_a_file_of_cases_stands_for_what_was_decided_as_well(house: House, tmp_path: Path):
    house.store.register.decide(MERGED)
    files = Files(cases=case_file(tmp_path, (LON, LAT)))

    made = evidence_of(house, durres(), files, until=UNTIL)

    assert made.decisions == ()
    assert {"p000", "p001", "p002"} <= set(made.places["place_id"])


def test_a_municipality_borrows_what_teams_find_in_the_rest_of_its_county(house: House):
    # Kruja and Durrës are of one county; hours enough there, and one find of a team.
    met = visits(["k"] * 99, visit_id=[f"k{i}" for i in range(99)], municipality=KRUJE, hours=1.0)
    house.store.add({"visits": met})

    durres_has = evidence_of(house, durres(), Files(), until=UNTIL).county_per_hour
    kruje_has = evidence_of(house, area_of(KRUJE), Files(), until=UNTIL).county_per_hour

    assert durres_has is not None
    assert 0.002 < durres_has < 0.02
    # Durrës' four hours are too few to borrow from.
    assert kruje_has is None


def test_a_file_of_cases_borrows_from_nobody(house: House, tmp_path: Path):
    met = visits(["k"] * 99, visit_id=[f"k{i}" for i in range(99)], municipality=KRUJE, hours=1.0)
    house.store.add({"visits": met})
    files = Files(cases=case_file(tmp_path, CENTRE))

    assert evidence_of(house, durres(), files, until=UNTIL).county_per_hour is None
