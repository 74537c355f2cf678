"""The closed sets of words of the house.

Sectors, risk degrees, engagement and schooling are those of form E3 of the
standard operating procedures (`docs/glossary.md` names the source of each).
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "AgeBand",
    "CalendarKind",
    "ChangeKind",
    "CheckInState",
    "DutyKind",
    "Engagement",
    "EvidenceKind",
    "HotspotState",
    "Language",
    "LoanState",
    "MappingStatus",
    "PerimeterKind",
    "PlaceKind",
    "PlanStatus",
    "RegisterState",
    "RiskDegree",
    "Role",
    "Schooling",
    "Sector",
    "SegmentStatus",
    "Sex",
    "Skill",
    "SkipReason",
    "Source",
    "TravelMode",
    "VisitOutcome",
    "VisitPurpose",
    "Wants",
]


class Role(StrEnum):
    """What a person is while they look at something; one person may hold several."""

    FIELD = "field"
    COORDINATOR = "coordinator"
    AGENCY = "agency"
    ADMINISTRATOR = "administrator"


class Sector(StrEnum):
    """What the child is made to work at."""

    STREET = "street"
    HOUSE = "house"
    AGRICULTURE = "agriculture"
    FORESTRY = "forestry"
    CONSTRUCTION = "construction"
    RECYCLING = "recycling"
    MINING = "mining"
    PROHIBITED = "prohibited"
    OTHER = "other"


class RiskDegree(StrEnum):
    """How soon somebody has to act."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class Engagement(StrEnum):
    """Whether the work goes on all year."""

    ONGOING = "ongoing"
    SEASONAL = "seasonal"
    UNKNOWN = "unknown"


class Schooling(StrEnum):
    """How the child stands with school."""

    ATTENDS = "attends"
    COMBINES = "combines"
    DROPPED_OUT = "dropped_out"
    NEVER_ENROLLED = "never_enrolled"
    UNKNOWN = "unknown"


class AgeBand(StrEnum):
    """Age in four bands; the exact age is never kept."""

    UNDER_6 = "0-5"
    FROM_6 = "6-11"
    FROM_12 = "12-14"
    FROM_15 = "15-17"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who found or reported the case."""

    PATROL = "patrol"
    HELPLINE = "helpline"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    INSPECTOR = "inspector"
    CITIZEN = "citizen"


class PlaceKind(StrEnum):
    """What sort of place work is or may be seen at."""

    MARKET = "market"
    JUNCTION = "junction"
    SQUARE = "square"
    BEACH = "beach"
    PROMENADE = "promenade"
    BUS_STATION = "bus_station"
    LANDFILL = "landfill"
    MINE_HEAP = "mine_heap"
    BORDER = "border"
    SCHOOL = "school"
    FARMLAND = "farmland"
    SHOPS = "shops"
    WORSHIP = "worship"
    SETTLEMENT = "settlement"
    OTHER = "other"


class VisitPurpose(StrEnum):
    """Why a team went."""

    IDENTIFICATION = "identification"
    SCHOOL_ENROLMENT = "school_enrolment"
    HEALTH = "health"
    REGISTRATION = "registration"
    EXPLORATION = "exploration"
    FOLLOW_UP = "follow_up"


class VisitOutcome(StrEnum):
    """What the team met, from least to most."""

    NOBODY = "nobody"
    SEEN = "seen"
    SPOKEN = "spoken"
    IDENTIFIED = "identified"


class SegmentStatus(StrEnum):
    """How a piece of a perimeter stands."""

    OPEN = "open"
    FENCED = "fenced"
    GUARDED = "guarded"


class PerimeterKind(StrEnum):
    """What a perimeter goes around."""

    MINE = "mine"
    QUARRY = "quarry"
    LANDFILL = "landfill"


class TravelMode(StrEnum):
    """How a team moves between stops."""

    WALK = "walk"
    DRIVE = "drive"


class Skill(StrEnum):
    """What a worker is trained or entitled for."""

    CHILD_PROTECTION = "child_protection"
    OUTREACH = "outreach"
    MEDIATOR = "mediator"
    PSYCHOLOGIST = "psychologist"
    POLICE = "police"
    INSPECTOR = "inspector"
    DRIVER = "driver"


class Language(StrEnum):
    """What a worker speaks with people they meet; of the workers, never of a child."""

    ALBANIAN = "sq"
    ROMANI = "rom"
    GREEK = "el"
    MACEDONIAN = "mk"
    SERBIAN = "sr"
    AROMANIAN = "rup"
    ENGLISH = "en"
    ITALIAN = "it"
    SIGN = "sgn"


class Sex(StrEnum):
    """Of a worker who wants it known, so that a woman and a man go out together."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class DutyKind(StrEnum):
    """What somebody does in a piece of their working time."""

    ROUND = "round"
    CASEWORK = "casework"
    ON_CALL = "on_call"


class Wants(StrEnum):
    """What a worker would like of a day."""

    OFF = "off"
    WORK = "work"


class PlanStatus(StrEnum):
    """Where a version of a plan stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    UNDONE = "undone"

    @property
    def rank(self) -> int:
        """Return which of a week's versions counts: an approved one first, one undone last."""
        return (PlanStatus.UNDONE, PlanStatus.DRAFT, PlanStatus.APPROVED).index(self)


class ChangeKind(StrEnum):
    """What a coordinator does to a plan: the first seven at any time, the others today."""

    LOCK = "lock"
    UNLOCK = "unlock"
    DROP = "drop"
    ADD = "add"
    REORDER = "reorder"
    MOVE = "move"
    TIME = "time"
    CALL = "call"
    RAIN = "rain"
    CLOSED = "closed"
    ILL = "away"


class MappingStatus(StrEnum):
    """What a unit says of itself; a municipality is mapped when all its units say something."""

    UNKNOWN = "unknown"
    PLACES_FOUND = "places_found"
    LOOKED_NONE = "looked_none"


class RegisterState(StrEnum):
    """What a person decided on a place; what the model proposes is worked out anew, not kept."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    MERGED = "merged"


class HotspotState(StrEnum):
    """How a place stands in the register today, the most pressing first."""

    DUE = "due"
    PROPOSED = "proposed"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    ASLEEP = "asleep"
    REFUSED = "refused"
    MERGED = "merged"


class EvidenceKind(StrEnum):
    """What a decision on a place rests on: who saw or said it, never what or of whom."""

    TEAM = "team"
    RESIDENTS = "residents"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    HELPLINE = "helpline"
    MODEL = "model"


class CalendarKind(StrEnum):
    """What a calendar entry is; `patrol.season` says what follows from each kind."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_YEAR = "school_year"
    SCHOOL_HOLIDAY = "school_holiday"
    SEASON = "season"
    MARKET = "market"
    FERRY = "ferry"
    PILGRIMAGE = "pilgrimage"
    ENROLMENT_DRIVE = "enrolment_drive"
    HEALTH_ROUND = "health_round"
    REGISTRATION_ROUND = "registration_round"
    AWARENESS_DAY = "awareness_day"
    JOINT_INSPECTION = "joint_inspection"
    OTHER = "other"


class LoanState(StrEnum):
    """How far two coordinators are with lending a team; only what is agreed is in force."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class CheckInState(StrEnum):
    """What is noted of a team that is out: what it said itself, and what came of calling it."""

    WELL = "well"
    HELP = "help"
    BACK = "back"
    TRIED = "tried"
    REACHED = "reached"


class SkipReason(StrEnum):
    """Why a team passed a stop by: never a free text, which could name somebody."""

    NOBODY_COULD_GO = "nobody_could_go"
    ROAD_CLOSED = "road_closed"
    DANGER = "danger"
    MET_A_CHILD = "met_a_child"
    PLACE_CLOSED = "place_closed"
    OTHER = "other"
