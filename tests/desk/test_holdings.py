"""What the house holds of a municipality, for whoever brings more."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.nouns import Viewer
from data.vocabulary import Role
from desk.ground import import_streets
from desk.holdings import holdings
from desk.wiring import House, open_house
from tests.builders import DURRES, cases, places, visits

KRUJE = "AL0302"
MIRA = Viewer(account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = open_house(tmp_path)
    made.store.add({"places": places(3), "cases": cases(["p000"] * 2), "visits": visits(["p001"])})
    made.store.add({"places": places(1, municipality=KRUJE).assign(place_id="k")})
    return made


def street(folder: Path, lon: float) -> Path:
    """Write one street eastwards from a longitude, at the latitude of Durrës."""
    path = folder / f"street{lon}.osm"
    path.write_text(
        f'<osm version="0.6"><node id="1" lat="41.32" lon="{lon}"/>'
        f'<node id="2" lat="41.33" lon="{lon + 0.01}"/><way id="1"><nd ref="1"/><nd ref="2"/>'
        '<tag k="highway" v="residential"/></way></osm>',
        encoding="utf-8",
    )
    return path


def test_only_the_own_municipality_is_counted(house: House):
    found = holdings(house, MIRA, DURRES)

    counted = (found.n_places, found.n_cases, found.n_visits, found.n_teams)
    assert counted == (3, 2, 1, 0)
    assert not found.is_empty
    with pytest.raises(AccessDeniedError):
        holdings(house, MIRA, KRUJE)


def test_only_streets_that_reach_the_municipality_are_its_own(house: House, tmp_path: Path):
    near, far = (import_streets(house, MIRA, street(tmp_path, lon)) for lon in (19.45, 1.5))

    found = holdings(house, MIRA, DURRES).streets

    assert found == (near,)
    assert far.n_edges == near.n_edges


def test_a_new_house_is_empty_even_with_streets(tmp_path: Path):
    new = open_house(tmp_path / "new")
    import_streets(new, MIRA, street(tmp_path, 19.45))

    assert holdings(new, MIRA, DURRES).is_empty
