"""A municipality keeps its limits of safety, its rhythm and its call chain; plans keep to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely
from geopandas import GeoDataFrame

from data import reference
from data.errors import AccessDeniedError, ContractError
from data.fieldwork import Contact
from data.frames import PERIMETERS
from data.nouns import Viewer
from data.vocabulary import PlaceKind, Role
from desk.identity import DEMO
from desk.safety import (
    keep_rhythm,
    keep_safety,
    rhythm_of,
    safety_for,
    safety_of,
    set_heat_alert,
    team_names,
    with_zones,
)
from desk.wiring import House, open_house
from layers.words import LANGUAGES, Words
from patrol.checkins import CheckInSettings
from patrol.safety import SafetySettings
from tests.builders import CENTRE, DURRES, durres, places

BULQIZE = "AL0201"
DAY = date(2026, 7, 8)
ALL_OF_IT = SafetySettings(
    escort_places=("p002",),
    daylight=(8, 17),
    daylight_kinds=(PlaceKind.MINE_HEAP, PlaceKind.LANDFILL),
    daylight_teams=("t1",),
    heat_months=(6, 7),
    heat_hours=(13, 17),
    heat_alerts=(DAY,),
    alert_hours=(10, 19),
    sheltered_kinds=(),
)
CHAIN = (Contact(name="Koordinatorja", phone="069 1"), Contact(name="Policia", phone="129"))


def viewer(role: Role = Role.COORDINATOR, town: str = DURRES, account: str = "c") -> Viewer:
    return Viewer(account=account, name="c", role=role, municipalities=frozenset({town}))


OWN = viewer()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with three real places in Durrës."""
    made = open_house(tmp_path)
    made.store.add({"places": places(3, synthetic=False)})
    return made


def perimeter(kind: str = "mine", *, approximate: bool = False) -> GeoDataFrame:
    lon, lat = CENTRE
    data = {
        "perimeter_id": ["m1"], "name": ["M"], "kind": [kind], "municipality": [DURRES],
        "approximate": [approximate], "danger_m": [300.0], "synthetic": [False],
    }  # fmt: skip
    square = shapely.box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)
    return PERIMETERS.check(GeoDataFrame(data, geometry=[square], crs="EPSG:4326"))


def test_limits_come_back_as_they_were_set_and_only_to_their_municipality(house: House):
    keep_safety(house, OWN, DURRES, ALL_OF_IT)

    assert safety_of(house, DURRES) == ALL_OF_IT
    assert safety_of(house, "AL0302") == SafetySettings()
    assert house.store.audit.last(1)[0].action == "safety.set"


def test_a_heat_alert_is_given_and_taken_back(house: House):
    set_heat_alert(house, OWN, DURRES, DAY, on=True)
    set_heat_alert(house, OWN, DURRES, DAY, on=True)
    assert safety_of(house, DURRES).heat_alerts == (DAY,)

    set_heat_alert(house, OWN, DURRES, DAY, on=False)

    assert safety_of(house, DURRES).heat_alerts == ()


@pytest.mark.parametrize(
    ("name", "hours"), [("daylight", (18, 7)), ("heat_hours", (12, 12)), ("alert_hours", (10, 25))]
)
def test_hours_that_are_none_are_refused(house: House, name: str, hours: tuple[int, int]):
    with pytest.raises(ContractError) as fault:
        keep_safety(house, OWN, DURRES, replace(ALL_OF_IT, **{name: hours}))

    assert fault.value.message.id == "safety.hours_order"
    assert safety_of(house, DURRES) == SafetySettings()


def test_rhythm_and_chain_come_back_as_they_were_set(house: House):
    rhythm = CheckInSettings(every_min=45, grace_min=10, chain=CHAIN)
    empty = Contact(name=" ", phone="")

    keep_rhythm(house, OWN, DURRES, replace(rhythm, chain=(CHAIN[0], empty, CHAIN[1])))

    assert rhythm_of(house, DURRES) == rhythm
    assert rhythm_of(house, "AL0302") == CheckInSettings()


@pytest.mark.parametrize(
    ("changes", "fault_id"),
    [
        ({"every_min": 5}, "safety.minutes_range"),
        ({"grace_min": 90}, "safety.minutes_range"),
        ({"chain": (Contact(name="Ana", phone=""),)}, "safety.chain_link"),
        ({"chain": (Contact(name="", phone="069 1"),)}, "safety.chain_link"),
        ({"chain": (Contact(name="Ana", phone="nesër"),)}, "crew.phone"),
    ],
)
def test_a_rhythm_that_cannot_be_kept_is_refused_in_words(
    house: House, changes: dict[str, object], fault_id: str
):
    with pytest.raises(ContractError) as fault:
        keep_rhythm(house, OWN, DURRES, replace(CheckInSettings(), **changes))

    assert fault.value.message.id == fault_id
    for language in LANGUAGES:
        assert "{" not in Words(language).message(fault.value.message)


@pytest.mark.parametrize(
    "who",
    [viewer(town="AL0302"), viewer(Role.FIELD), viewer(Role.AGENCY), viewer(Role.ADMINISTRATOR)],
    ids=lambda v: f"{v.role}",
)
def test_nobody_else_sets_or_sees_limits_and_chains(house: House, who: Viewer):
    for ask in (
        lambda: keep_safety(house, who, DURRES, ALL_OF_IT),
        lambda: set_heat_alert(house, who, DURRES, DAY, on=True),
        lambda: keep_rhythm(house, who, DURRES, CheckInSettings()),
        lambda: safety_for(house, who, DURRES),
        lambda: team_names(house, who, DURRES),
    ):
        with pytest.raises(AccessDeniedError):
            ask()
    assert safety_of(house, DURRES) == SafetySettings()


def test_what_the_demo_tried_never_holds_for_real_data(house: House):
    keep_safety(house, viewer(account=DEMO), DURRES, ALL_OF_IT)

    assert safety_of(house, DURRES) == SafetySettings()


def test_places_in_the_zone_of_a_mine_need_an_escort_besides_those_marked(house: House):
    house.store.add({"perimeters": perimeter()})
    keep_safety(house, OWN, DURRES, replace(SafetySettings(), escort_places=("p002",)))

    found = safety_for(house, OWN, DURRES)

    # The second place lies 335 m to the east, the edge of the zone 383 m.
    assert found.escort_places == ("p000", "p001", "p002")


def test_at_a_landfill_the_coordinator_says_which_places_need_an_escort(house: House):
    house.store.add({"perimeters": perimeter("landfill")})

    assert safety_for(house, OWN, DURRES).escort_places == ()


def test_a_rough_outline_takes_no_town_away_but_its_heaps_need_an_escort(house: House):
    house.store.add({"perimeters": perimeter(approximate=True)})
    assert safety_for(house, OWN, DURRES).escort_places == ()
    heap = places(1, kind="mine_heap", synthetic=False).assign(place_id="heap")
    house.store.add({"places": heap})

    assert safety_for(house, OWN, DURRES).escort_places == ("heap",)


def test_where_nobody_drew_a_perimeter_the_known_mining_areas_count(house: House):
    area = reference.area_of(BULQIZE)
    mines = reference.mining_areas()
    inside = mines[mines["municipality"] == BULQIZE].geometry.iloc[0].representative_point()
    there = places(2).assign(kind=["mine_heap", "market"]).set_geometry([inside, inside])

    assert with_zones(house, area, there, {}).escort_places == ("p000",)


def test_a_mark_on_a_merged_place_holds_for_the_one_it_counts_with(house: House):
    keep_safety(house, OWN, DURRES, replace(SafetySettings(), escort_places=("p001",)))

    found = with_zones(house, durres(), places(3), {"p001": "p000"})

    assert found.escort_places == ("p000",)
