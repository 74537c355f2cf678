"""What the map may show to whom, and what the filters leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data.access import K_INTERNAL
from data.errors import AccessDeniedError
from data.nouns import TIRANE, Decision, Viewer
from data.vocabulary import EvidenceKind, RegisterState, Role
from desk.picture import MapFilters, edition, filtered, picture, whole_picture
from desk.wiring import House, open_house
from geo.slots import SLOT_IDS
from tests.builders import DURRES, cases, places, visits

NOW = datetime(2026, 6, 11, 12, tzinfo=TIRANE)
KRUJE = "AL0302"
ALL = MapFilters()
EVIDENCE = ("cases", "hotspots", "clusters", "risk", "schools")


def viewer(role: Role, *codes: str) -> Viewer:
    return Viewer(account="a", name="a", role=role, municipalities=frozenset(codes))


COORDINATOR = viewer(Role.COORDINATOR, DURRES)
AGENCY = viewer(Role.AGENCY)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with 30 cases at one of four places of Durrës, and one case of Kruja."""
    made = open_house(tmp_path)
    here = places(4)
    there = places(1).assign(place_id="k", municipality=KRUJE)
    found = cases(["p000"] * 26 + ["p001"] * 4)
    looked = visits(["p000", "p001", "p002"] * 10)
    other = cases(["k"]).assign(case_code="kruje", municipality_found=KRUJE)
    made.store.add({"places": here, "cases": found, "visits": looked})
    made.store.add({"places": there, "cases": other})
    return made


def test_a_coordinator_sees_the_own_municipality_exactly(house: House):
    seen = picture(house, COORDINATOR, DURRES, ALL, as_of=NOW)

    assert len(seen.frames.cases) == seen.n_cases == 30
    assert set(seen.frames.places["place_id"]) == {"p000", "p001", "p002", "p003"}
    assert seen.frames.places.geometry.iloc[0].equals(places(1).geometry.iloc[0])
    assert not seen.frames.masked
    assert seen.marks.masked_m is None


@pytest.mark.parametrize("municipality", [KRUJE, None])
def test_a_coordinator_sees_nobody_elses(house: House, municipality: str | None):
    with pytest.raises(AccessDeniedError):
        picture(house, COORDINATOR, municipality, ALL, as_of=NOW)


@pytest.mark.parametrize("role", [Role.FIELD, Role.ADMINISTRATOR])
@pytest.mark.parametrize("municipality", [DURRES, None])
def test_nobody_else_sees_a_map(house: House, role: Role, municipality: str | None):
    with pytest.raises(AccessDeniedError):
        picture(house, viewer(role, DURRES), municipality, ALL, as_of=NOW)


@pytest.mark.parametrize("municipality", [DURRES, None])
def test_the_agency_sees_no_case_and_nothing_that_rests_on_one(
    house: House, municipality: str | None
):
    seen = picture(house, AGENCY, municipality, ALL, as_of=NOW)

    assert all(getattr(seen.frames, name).empty for name in EVIDENCE)
    assert seen.n_cases == seen.n_shown == 0
    assert seen.frames.states == {}
    assert seen.verdicts == ()


def test_the_agency_gets_places_moved_without_name_and_id_and_the_map_says_so(house: House):
    seen = picture(house, AGENCY, DURRES, ALL, as_of=NOW)
    moved, true = seen.frames.places, places(4)

    assert set(moved["name"]) == {""}
    assert not set(moved["place_id"]) & set(true["place_id"])
    assert not set(moved.geometry.to_wkt()) & set(true.geometry.to_wkt())
    assert seen.marks.masked_m is not None


def test_the_same_place_is_always_moved_to_the_same_point(house: House):
    first, second = (picture(house, AGENCY, c, ALL, as_of=NOW) for c in (DURRES, None))

    both = first.frames.places.merge(second.frames.places, on="place_id")
    assert len(both) == 4
    assert all(a.equals(b) for a, b in zip(both["geometry_x"], both["geometry_y"], strict=True))


def test_filters_hide_cases_and_leave_the_risk_alone(house: House):
    rest = picture(house, COORDINATOR, DURRES, MapFilters(sectors=("mining",)), as_of=NOW)
    whole = picture(house, COORDINATOR, DURRES, ALL, as_of=NOW)

    assert (rest.n_shown, rest.n_cases) == (0, 30)
    assert rest.frames.risk["rate_per_hour"].equals(whole.frames.risk["rate_per_hour"])
    assert len(whole.frames.risk) > 0


def test_days_are_included_at_both_ends(house: House):
    day = date(2026, 6, 10)

    seen = picture(house, COORDINATOR, DURRES, MapFilters(first=day, last=day), as_of=NOW)

    assert seen.n_shown == 1


def test_hours_of_the_week_leave_out_cases_of_which_only_the_day_is_known(house: House):
    vague = cases(["p000"]).assign(case_code="vague", hour_known=False)
    house.store.add({"cases": vague})

    slots = ("weekday-afternoon", "weekend-afternoon")
    seen = picture(house, COORDINATOR, DURRES, MapFilters(slots=slots), as_of=NOW)

    assert seen.n_cases == 31
    assert "vague" not in set(seen.frames.cases["case_code"])
    assert seen.frames.risk_slots == slots


def test_hours_of_the_week_hide_no_place_at_risk_whose_hours_nobody_knows(house: House):
    whole = picture(house, COORDINATOR, DURRES, ALL, as_of=NOW)
    known = whole.frames.hotspots.iloc[:1]
    high = known["slots"].iloc[0]
    others = MapFilters(slots=tuple(slot for slot in SLOT_IDS if slot not in high))
    unknown = known.assign(slots=[()])

    left = {
        bool(rows["slots"].iloc[0]): len(
            filtered(
                replace(whole, frames=replace(whole.frames, hotspots=rows)), others
            ).frames.hotspots
        )
        for rows in (known, unknown)
    }

    assert left == {True: 0, False: 1}


def test_a_season_hides_cases_of_other_months_and_places_that_sleep(house: House):
    house.store.add({"places": places(5, awake_from=6, awake_to=9)})

    winter = picture(house, COORDINATOR, DURRES, MapFilters(season="winter"), as_of=NOW)
    summer = picture(house, COORDINATOR, DURRES, MapFilters(season="summer"), as_of=NOW)

    assert (winter.n_shown, len(winter.frames.places)) == (0, 0)
    assert summer.n_shown > 0
    assert len(summer.frames.places) == 5


def test_too_few_cases_give_a_sentence_and_no_pattern(tmp_path: Path):
    house = open_house(tmp_path)
    few = cases(["p000"] * (K_INTERNAL - 1))
    house.store.add({"places": places(2), "cases": few, "visits": visits(["p000"] * 5)})

    seen = picture(house, COORDINATOR, DURRES, ALL, as_of=NOW)

    assert [message.id for message in seen.verdicts] == ["geo.too_few_cases"]
    assert all(getattr(seen.frames, name).empty for name in ("risk", "hotspots", "clusters"))


def test_places_say_whether_somebody_was_there_in_time(house: House):
    late = NOW + timedelta(days=60)

    now, later = (picture(house, COORDINATOR, DURRES, ALL, as_of=at) for at in (NOW, late))

    assert now.frames.states["p000"] == "visited"
    assert later.frames.states["p000"] == "overdue"
    assert "p003" not in now.frames.states


def test_a_look_at_the_map_leaves_a_line_in_the_audit_without_a_place(house: House):
    picture(house, COORDINATOR, DURRES, ALL, as_of=NOW)

    line = house.store.audit.last(1)[0]
    assert (line.action, line.scope) == ("map.see", DURRES)


def test_filters_laid_over_a_whole_picture_are_no_look_of_their_own(house: House):
    whole = whole_picture(house, COORDINATOR, DURRES, as_of=NOW)

    seen = filtered(whole, MapFilters(sectors=("mining",)))

    assert (seen.n_shown, seen.n_cases, seen.frames.counts) == (0, 30, {})
    assert whole.frames.counts == {"p000": 26, "p001": 4}
    assert [line.action for line in house.store.audit.last(9)] == ["map.see"]


def test_a_kept_picture_is_true_until_something_that_it_shows_changes(house: House):
    before = edition(house)
    picture(house, COORDINATOR, DURRES, ALL, as_of=NOW)
    same = edition(house)

    house.store.add({"places": places(1).assign(place_id="new")})

    assert same == before
    assert edition(house) != before


def test_the_places_at_risk_on_the_map_are_those_that_count(house: House):
    usual = {
        "municipality": DURRES,
        "evidence": EvidenceKind.RESIDENTS,
        "decided_by": "mira",
        "expires_at": NOW + timedelta(days=60),
    }
    confirmed, refused = (
        Decision(place_id=place, state=state, decided_at=NOW - timedelta(hours=1), **usual)
        for place, state in (
            ("p003", RegisterState.CONFIRMED),
            ("p000", RegisterState.REFUSED),
        )
    )
    before = whole_picture(house, COORDINATOR, DURRES, as_of=NOW)
    mark = edition(house)

    house.store.register.decide(confirmed)
    house.store.register.decide(refused)
    after = whole_picture(house, COORDINATOR, DURRES, as_of=NOW)

    assert before.frames.hotspots["place_id"].tolist() == ["p000"]
    assert after.frames.hotspots["place_id"].tolist() == ["p003"]
    assert after.frames.hotspots["rate_per_hour"].isna().all()
    assert edition(house) != mark
    assert whole_picture(house, AGENCY, DURRES, as_of=NOW).frames.hotspots.empty
