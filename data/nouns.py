"""The nouns of the house that are not frames: frozen, keyword-only, units in the names.

Points are longitude and latitude in EPSG:4326 degrees; times are aware
datetimes in Europe/Tirane unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry

from data.changes import Change
from data.crs import metric_crs_at
from data.decisions import Decision
from data.duties import Duty
from data.messages import Message
from data.pace import Pace
from data.vocabulary import (
    Language,
    PlaceKind,
    PlanStatus,
    Role,
    Sex,
    Skill,
    TravelMode,
    VisitPurpose,
)
from data.week import Week

__all__ = [
    "LENT",
    "TIRANE",
    "Absence",
    "Area",
    "Base",
    "Decision",
    "LeftOut",
    "Leg",
    "Marks",
    "Municipality",
    "Pace",
    "Plan",
    "Roster",
    "Route",
    "RouteStop",
    "Shift",
    "Stop",
    "Team",
    "TimeWindow",
    "Unit",
    "Viewer",
    "Week",
    "Worker",
]

TIRANE = ZoneInfo("Europe/Tirane")


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """One of the 61 municipalities (*bashki*)."""

    code: str
    name_sq: str
    name_en: str
    aliases: tuple[str, ...]
    county: str
    coastal: bool
    seat: str
    seat_lon: float
    seat_lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One of the 373 administrative units (*njësi administrative*)."""

    id: str
    name: str
    municipality: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where a plan happens: a municipality, or a polygon from a file."""

    id: str
    name: str
    boundary: BaseGeometry
    municipality: str | None = None
    coastal: bool = False

    @property
    def metric_crs(self) -> str:
        """Return the metric system of this area: EPSG:6870, or the local UTM zone elsewhere."""
        centre = self.boundary.representative_point()
        return metric_crs_at(centre.x, centre.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """When a visit may begin, as aware datetimes; both ends belong to it."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place turned into work for one period.

    `prize` is without a unit: expected meetings with children, raised for what is overdue.
    `urgency` is nought where nothing is due; what has more of it comes before what has less, and
    before all prizes. `waited_days` are those since the last visit by the end of the week in
    which its interval is over; `None` where it is not, or where nobody was yet.
    `kind` and `needs_escort` are what `patrol.safety` asks of it, `shifts` the ids of those that
    may serve it (`None`: any); plans of before have none of them.
    `service_min` is the dwell and the `chance` of meeting a child times `contact_min`.
    `pace` is how often it may be met, if known; `usual` all windows, if safety leaves it some.
    """

    id: str
    place_id: str
    name: str
    lon: float
    lat: float
    prize: float
    service_min: float
    windows: tuple[TimeWindow, ...]
    must: bool
    exploration: bool
    reason: Message
    mode: TravelMode | None = None
    kind: PlaceKind | None = None
    needs_escort: bool = False
    shifts: tuple[str, ...] | None = None
    purpose: VisitPurpose = VisitPurpose.IDENTIFICATION
    chance: float = 0.0
    contact_min: float = 0.0
    pace: Pace | None = None
    usual: tuple[TimeWindow, ...] = ()
    urgency: int = 0
    waited_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Where a round starts and ends."""

    id: str
    name: str
    municipality: str | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person who works; `id` is a code, `name` is shown to the own municipality only.

    `available_days` are weekdays (0 is Monday); a shift begins at `available_from`
    or later and ends by `available_until`, where they are given. `sex` is
    known to whoever keeps the teams, and to the roster; no plan keeps it.
    """

    id: str
    name: str
    municipality: str | None
    skills: frozenset[Skill]
    trained: bool = True
    weekly_hours: float = 40.0
    languages: frozenset[Language] = frozenset()
    sex: Sex = Sex.UNKNOWN
    available_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    available_from: time | None = None
    available_until: time | None = None


#: The kind of an absence that is work elsewhere, by a loan.
LENT = "lent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which a worker cannot work, first and last included."""

    worker: str
    first: date
    last: date
    kind: str = "leave"  # or `LENT`


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who usually goes out together, from where, how, and in which hours of which weekdays."""

    id: str
    name: str
    municipality: str | None
    base: str
    mode: TravelMode
    start: time
    end: time
    weekdays: tuple[int, ...]
    size: int = 2
    members: tuple[str, ...] = ()
    languages: frozenset[Language] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One team's working time on one day, with the workers the roster gave it."""

    id: str
    team: str
    base: str
    mode: TravelMode
    start: datetime
    end: datetime
    workers: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who does which shift in one or several weeks; `notes` says which wishes gave way."""

    weeks: tuple[Week, ...]
    shifts: tuple[Shift, ...]
    duties: tuple[Duty, ...] = ()
    notes: tuple[Message, ...] = ()
    proven_optimal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The way between two stops (or bases, by id); `departs` is when, if heat or dark holds it."""

    origin: str
    destination: str
    travel_s: float
    distance_m: float
    line: tuple[tuple[float, float], ...]
    departs: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStop:
    """A stop on a route, with the times it is met and left."""

    stop: Stop
    arrive: datetime
    leave: datetime
    window: TimeWindow

    def hours_in(self, shift: Shift) -> TimeWindow:
        """Return when the visit may begin, without the hours of days the shift is not on.

        Nights that touch are one window: from 22:00 to 12:00 reads as no hours at all.
        """
        opens, closes = self.window.opens, self.window.closes
        if opens.astimezone(TIRANE).date() < shift.start.astimezone(TIRANE).date():
            opens = shift.start
        if closes.astimezone(TIRANE).date() > shift.end.astimezone(TIRANE).date():
            closes = shift.end
        return TimeWindow(opens=opens, closes=closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A shift's round from a base over stops to it or another one; `pause`: its break, if any."""

    shift: str
    stops: tuple[RouteStop, ...]
    legs: tuple[Leg, ...]
    pause: TimeWindow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A place the plan does not visit, and why.

    `candidate` is the place as work, where a round could still serve it.
    """

    stop: str
    place_id: str
    name: str
    reason: Message
    candidate: Stop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What every map, sheet and file has to say of itself."""

    synthetic: bool
    illustrative_streets: bool
    as_of: datetime
    masked_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A period of routes and roster, what was left out and why, and how it was made.

    Parameters
    ----------
    changes
        What was changed by hand in the version `based_on`, and so made this one.
    standing
        Of all changes those still in force: locks, places taken out, roads closed.
    made_by, made_at
        Who changed it or had it made, and when, where that is known.
    at_once
        A change of the day to an approved version, approved as soon as it was made.
    """

    id: str
    version: int
    status: PlanStatus
    area: str
    area_name: str
    municipality: str | None
    week: Week
    seed: int
    cut_by_time: bool
    shifts: tuple[Shift, ...]
    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...]
    workers: tuple[Worker, ...]
    absences: tuple[Absence, ...]
    bases: tuple[Base, ...]
    teams: tuple[Team, ...]
    notes: tuple[Message, ...]
    marks: Marks
    settings: Mapping[str, object] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    approved_by: str | None = None
    approved_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    standing: tuple[Change, ...] = ()
    based_on: int | None = None
    made_by: str = ""
    made_at: datetime | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person in one of their roles, with what that role is bound to.

    `municipalities` are P-codes (empty for the agency and the administrator:
    the role itself says how far they see); `teams` are a field worker's teams,
    whose rounds they may open; `is_operator` marks the machine's own
    administrator acting for the terminal door without ``--as``.
    """

    account: str
    name: str
    role: Role
    municipalities: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    is_operator: bool = False
