"""A small invented house, and the browser door opened on it in any role, page and language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point
from streamlit.testing.v1 import AppTest

from data.crs import EDGE_CRS
from data.messages import Message
from data.nouns import (
    TIRANE,
    Base,
    Leg,
    Marks,
    Plan,
    Route,
    RouteStop,
    Shift,
    Stop,
    Team,
    TimeWindow,
    Week,
)
from data.vocabulary import PlanStatus, Role, TravelMode
from desk import identity
from desk.wiring import House, open_house
from ui import session

APP = Path(__file__).resolve().parents[2] / "app.py"
DURRES = "AL0301"
NAMES = ("Tregu i ri", "Kryqëzimi i portit", "Stacioni i autobusëve", "Plazhi [1](x)")
TEAM = Team(
    id="team-durres-1",
    name="Ekipi 1",
    municipality=DURRES,
    base="base-durres",
    mode=TravelMode.WALK,
    start=time(0),
    end=time(23, 59),
    weekdays=tuple(range(7)),
)
BASE = Base(id="base-durres", name="NJMF", municipality=DURRES, lon=19.445, lat=41.32)

OpenApp = Callable[..., AppTest]


def places() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "place_id": [f"p{i}" for i in range(len(NAMES))],
            "name": list(NAMES),
            "kind": ["market", "junction", "bus_station", "beach"],
            "municipality": [DURRES] * len(NAMES),
            "unit": [""] * len(NAMES),
            "awake_from": [1] * len(NAMES),
            "awake_to": [12] * len(NAMES),
            "synthetic": [True] * len(NAMES),
        },
        geometry=[Point(19.44 + 0.004 * i, 41.32 + 0.002 * i) for i in range(len(NAMES))],
        crs=EDGE_CRS,
    )


def plan_of(day: date, *, synthetic: bool = True, team: Team = TEAM) -> Plan:
    start = datetime.combine(day, time(9), TIRANE)
    stops, legs = [], []
    previous = BASE.id
    for i, name in enumerate(NAMES):
        arrive = start + timedelta(minutes=20 + 45 * i)
        window = TimeWindow(opens=start, closes=start + timedelta(hours=6))
        stop = Stop(
            id=f"s{i}",
            place_id=f"p{i}",
            name=name,
            lon=19.44 + 0.004 * i,
            lat=41.32 + 0.002 * i,
            prize=1.5,
            service_min=30,
            windows=(window,),
            must=i == 0,
            exploration=i == 2,
            reason=Message("stop.planned"),
        )
        stops.append(
            RouteStop(stop=stop, arrive=arrive, leave=arrive + timedelta(minutes=30), window=window)
        )
        legs.append(_leg(previous, stop.id))
        previous = stop.id
    legs.append(_leg(previous, BASE.id))
    shift = Shift(
        id=f"{team.id}-{day}",
        team=team.id,
        base=BASE.id,
        mode=TravelMode.WALK,
        start=start,
        end=start + timedelta(hours=6),
    )
    return Plan(
        id=f"{team.municipality}-{Week.of(day)}",
        version=1,
        status=PlanStatus.DRAFT,
        area=DURRES,
        area_name="Durrës",
        municipality=team.municipality,
        week=Week.of(day),
        seed=1,
        cut_by_time=False,
        shifts=(shift,),
        routes=(Route(shift=shift.id, stops=tuple(stops), legs=tuple(legs)),),
        left_out=(),
        workers=(),
        absences=(),
        bases=(BASE,),
        teams=(team,),
        notes=(),
        marks=Marks(synthetic=synthetic, illustrative_streets=True, as_of=start),
    )


def _leg(origin: str, destination: str) -> Leg:
    return Leg(
        origin=origin,
        destination=destination,
        travel_s=600.0,
        distance_m=820.0,
        line=((19.44, 41.32), (19.45, 41.33)),
    )


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return an invented house in which one team of Durrës has a round today."""
    monkeypatch.setenv("FENER_HOME", str(tmp_path))
    monkeypatch.delenv("FENER_STORE", raising=False)
    made = open_house(tmp_path)
    made.store.add({"places": places()})
    made.store.put_crew(bases=[BASE], teams=[TEAM], synthetic=True)
    made.store.save_plan(plan_of(datetime.now(TIRANE).date()))
    return made


@pytest.fixture
def open_app(house: House, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Return a function that opens the app as somebody, on a page, in a language."""

    def opened(
        role: Role | None = None,
        page: str | None = None,
        *,
        language: str = "sq",
        municipality: str = DURRES,
        token: str = "",
    ) -> AppTest:
        if role is not None:
            ground = municipality if role in {Role.COORDINATOR, Role.FIELD} else ""
            ticket = identity.demo_ticket(house, role, ground)
            token = identity.start_session(house, ticket) or ""
        sent = {session.SESSION_COOKIE: token, "fener_language": language}
        monkeypatch.setattr(session, "cookie", lambda name: sent.get(name, ""))
        app = AppTest.from_file(APP, default_timeout=30).run()
        if page is not None:
            app.switch_page(f"ui/pages/{page}.py").run()
        return app

    return opened
