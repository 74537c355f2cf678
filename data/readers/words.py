"""The closed words of the house as people write them, in Albanian and in English."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from data.readers.tables import fold
from data.vocabulary import (
    AgeBand,
    CalendarKind,
    Engagement,
    Language,
    PlaceKind,
    RiskDegree,
    Schooling,
    Sector,
    Sex,
    Skill,
    Source,
    TravelMode,
    VisitOutcome,
    VisitPurpose,
)

__all__ = ["WEEKDAYS", "flag_of", "word_of"]

# fmt: off
# By set first: members of two sets with one value are equal to each other.
_WORDS: Final[Mapping[type[StrEnum], Mapping[StrEnum, tuple[str, ...]]]] = {
    Sector: {
        Sector.STREET: (
            "street labour", "street work", "street child", "begging", "selling",
            "rrugë", "punë në rrugë", "në rrugë", "situatë rruge", "lypje", "shitje",
        ),
        Sector.HOUSE: ("house work", "domestic work", "punë shtëpie", "punë në shtëpi", "shtëpi"),
        Sector.AGRICULTURE: ("farming", "farm", "bujqësi", "bujqësia"),
        Sector.FORESTRY: ("pyje", "pylltari"),
        Sector.CONSTRUCTION: ("building", "ndërtim", "ndërtimi"),
        Sector.RECYCLING: (
            "landfill", "waste", "riciklim", "riciklimi", "mbledhje mbetjesh", "kazanë",
        ),
        Sector.MINING: (
            "natural resources", "exploitation of natural resources", "chrome", "chrome collection",
            "burime natyrore", "shfrytëzim i burimeve natyrore", "minierë", "miniera", "krom",
            "mbledhje kromi",
        ),
        Sector.PROHIBITED: (
            "prohibited activities", "illegal", "veprimtari të ndaluara", "aktivitete të ndaluara",
            "të ndaluara",
        ),
        Sector.OTHER: ("tjetër", "të tjera"),
    },
    RiskDegree: {
        RiskDegree.HIGH: ("i lartë", "e lartë", "lartë"),
        RiskDegree.MODERATE: ("medium", "mesatar", "mesatare", "i moderuar", "i mesëm", "e mesme"),
        RiskDegree.LOW: ("i ulët", "e ulët", "ulët"),
    },
    Engagement: {
        Engagement.ONGOING: (
            "regular", "all year", "i vazhdueshëm", "e vazhdueshme", "vazhdimisht",
        ),
        Engagement.SEASONAL: (
            "occasional", "sezonal", "sezonale", "i rastit", "e rastit", "rastësor", "rastësore",
        ),
        Engagement.UNKNOWN: ("nuk dihet", "i panjohur", "e panjohur"),
    },
    Schooling: {
        Schooling.ATTENDS: ("attends school", "in school", "ndjek", "ndjek shkollën", "frekuenton"),
        Schooling.COMBINES: (
            "combines school and work", "works and attends", "ndërthur", "shkollë dhe punë",
            "ndërthur shkollën me punën",
        ),
        Schooling.DROPPED_OUT: ("dropout", "braktisur", "ka braktisur", "ka lënë shkollën"),
        Schooling.NEVER_ENROLLED: (
            "not enrolled", "never", "i paregjistruar", "kurrë i regjistruar",
            "nuk është regjistruar kurrë",
        ),
        Schooling.UNKNOWN: ("nuk dihet", "i panjohur", "e panjohur"),
    },
    AgeBand: {
        AgeBand.UNDER_6: ("under 6", "0 to 5", "0 deri 5", "nën 6"),
        AgeBand.FROM_6: ("6 to 11", "6 deri 11"),
        AgeBand.FROM_12: ("12 to 14", "12 deri 14"),
        AgeBand.FROM_15: ("15 to 17", "15 deri 17"),
        AgeBand.UNKNOWN: ("nuk dihet", "e panjohur"),
    },
    Source: {
        Source.PATROL: ("round", "outreach", "field team", "ekipi në terren", "terren", "dalje"),
        Source.HELPLINE: ("116111", "116 111", "alo", "linja", "linja e ndihmës"),
        Source.SCHOOL: ("shkolla", "shkollë", "mësuesi"),
        Source.HEALTH: ("health centre", "shëndetësia", "qendra shëndetësore"),
        Source.POLICE: ("policia", "polici"),
        Source.INSPECTOR: ("labour inspector", "inspektori", "inspektorati", "inspektori i punës"),
        Source.CITIZEN: ("public", "qytetar", "qytetari"),
    },
    PlaceKind: {
        PlaceKind.MARKET: ("marketplace", "treg", "tregu", "pazar"),
        PlaceKind.JUNCTION: ("traffic lights", "kryqëzim", "semafor"),
        PlaceKind.SQUARE: ("shesh", "sheshi"),
        PlaceKind.BEACH: ("plazh", "plazhi"),
        PlaceKind.PROMENADE: ("shëtitore", "lungomare"),
        PlaceKind.BUS_STATION: ("bus station", "stacion autobusi", "stacioni i autobusëve"),
        PlaceKind.LANDFILL: ("dump", "fushë mbetjesh", "venddepozitim"),
        PlaceKind.MINE_HEAP: ("mine heap", "heap", "stok kromi", "mbetje miniere", "minierë"),
        PlaceKind.BORDER: ("border crossing", "pikë kufitare", "kufi"),
        PlaceKind.SCHOOL: ("shkollë", "shkolla"),
        PlaceKind.FARMLAND: ("farm", "fields", "arë", "tokë bujqësore", "serë"),
        PlaceKind.SHOPS: ("shopping", "dyqane", "qendër tregtare"),
        PlaceKind.WORSHIP: ("church", "mosque", "kishë", "xhami", "objekt kulti"),
        PlaceKind.SETTLEMENT: ("village", "fshat", "vendbanim", "lagje"),
        PlaceKind.OTHER: ("tjetër",),
    },
    VisitPurpose: {
        VisitPurpose.IDENTIFICATION: ("identifikim", "identifikimi"),
        VisitPurpose.SCHOOL_ENROLMENT: (
            "enrolment", "school", "regjistrim në shkollë", "shkollë",
        ),
        VisitPurpose.HEALTH: ("vaccination", "shëndet", "shëndetësi", "vaksinim"),
        VisitPurpose.REGISTRATION: ("civil registration", "gjendja civile", "regjistrim civil"),
        VisitPurpose.EXPLORATION: ("mapping", "eksplorim", "njohje", "hartëzim"),
        VisitPurpose.FOLLOW_UP: ("follow-up", "follow up", "ndjekje", "rivizitë"),
    },
    VisitOutcome: {
        VisitOutcome.NOBODY: ("none", "nobody met", "askush", "asnjë"),
        VisitOutcome.SEEN: ("parë", "u panë", "u pa"),
        VisitOutcome.SPOKEN: ("spoke", "talked", "biseduar", "u bisedua", "folur"),
        VisitOutcome.IDENTIFIED: ("identifikuar", "u identifikua", "u identifikuan"),
    },
    TravelMode: {
        TravelMode.WALK: ("on foot", "foot", "walking", "këmbë", "në këmbë"),
        TravelMode.DRIVE: ("car", "driving", "makinë", "me makinë"),
    },
    Skill: {
        Skill.CHILD_PROTECTION: (
            "child protection worker", "cpu", "pmf", "njmf", "mbrojtje e fëmijës",
            "punonjës për mbrojtjen e fëmijës",
        ),
        Skill.OUTREACH: ("outreach worker", "terren", "punonjës terreni"),
        Skill.MEDIATOR: ("community mediator", "ndërmjetës", "mediator komunitar"),
        Skill.PSYCHOLOGIST: ("psikolog", "psikologe"),
        Skill.POLICE: ("police officer", "polic", "police"),
        Skill.INSPECTOR: ("labour inspector", "inspektor"),
        Skill.DRIVER: ("shofer",),
    },
    CalendarKind: {
        CalendarKind.PUBLIC_HOLIDAY: ("holiday", "festë zyrtare", "festë", "ditë pushimi"),
        CalendarKind.SCHOOL_YEAR: ("school", "viti shkollor", "shkolla"),
        CalendarKind.SCHOOL_HOLIDAY: ("school holidays", "pushime shkollore", "pushimet"),
        CalendarKind.SEASON: ("summer season", "sezoni", "sezoni i plazhit"),
        CalendarKind.MARKET: ("market day", "treg", "ditë tregu", "pazar", "panair", "fair"),
        CalendarKind.FERRY: ("ship", "traget", "trageti"),
        CalendarKind.PILGRIMAGE: ("pelegrinazh", "pelegrinazhi"),
        CalendarKind.ENROLMENT_DRIVE: (
            "enrolment", "school enrolment", "regjistrim në shkollë", "fushatë regjistrimi",
        ),
        CalendarKind.HEALTH_ROUND: ("vaccination", "health", "vaksinim", "karta shëndetësore"),
        CalendarKind.REGISTRATION_ROUND: ("civil registration", "gjendja civile"),
        CalendarKind.AWARENESS_DAY: ("awareness", "ditë ndërgjegjësimi"),
        CalendarKind.JOINT_INSPECTION: ("inspection", "inspektim", "inspektim i përbashkët"),
        CalendarKind.OTHER: ("tjetër",),
    },
    Language: {
        Language.ALBANIAN: ("albanian", "shqip"),
        Language.ROMANI: ("romani", "romisht", "rome", "gjuha rome"),
        Language.GREEK: ("greek", "greqisht"),
        Language.MACEDONIAN: ("macedonian", "maqedonisht"),
        Language.SERBIAN: ("serbian", "serbisht"),
        Language.AROMANIAN: ("aromanian", "vllahisht", "arumanisht"),
        Language.ENGLISH: ("english", "anglisht"),
        Language.ITALIAN: ("italian", "italisht"),
        Language.SIGN: ("sign language", "gjuha e shenjave"),
    },
    Sex: {
        Sex.FEMALE: ("f", "woman", "grua", "femër"),
        Sex.MALE: ("m", "man", "burrë", "mashkull"),
        Sex.UNKNOWN: ("nuk dihet",),
    },
}

# fmt: on

_FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    dict.fromkeys(("true", "yes", "y", "1", "x", "po", "e vertete", "synthetic"), True)
    | dict.fromkeys(("false", "no", "n", "0", "jo", "e rreme"), False)
)

#: Monday is 1 in files, as on the calendar; 0 inside.
WEEKDAYS: Final[Mapping[str, int]] = MappingProxyType(
    {
        word: day
        for day, words in enumerate(
            (
                ("1", "mon", "monday", "hene", "e hene"),
                ("2", "tue", "tuesday", "marte", "e marte"),
                ("3", "wed", "wednesday", "merkure", "e merkure"),
                ("4", "thu", "thursday", "enjte", "e enjte"),
                ("5", "fri", "friday", "premte", "e premte"),
                ("6", "sat", "saturday", "shtune", "e shtune"),
                ("7", "sun", "sunday", "diel", "e diel"),
            )
        )
        for word in words
    }
)


@lru_cache(maxsize=32)
def _by_spelling(words: type[StrEnum]) -> Mapping[str, StrEnum]:
    found: dict[str, StrEnum] = {}
    for member in words:
        for spelling in (member.value, *_WORDS[words].get(member, ())):
            found[fold(spelling)] = member
    return MappingProxyType(found)


def word_of(text: str, words: type[StrEnum]) -> StrEnum:
    """Return the member of a closed set that a text means.

    Raises
    ------
    ValueError
        If no member is written so.
    """
    member = _by_spelling(words).get(fold(text))
    if member is None:
        msg = "not a word of the closed set"
        raise ValueError(msg)
    return member


def flag_of(text: str) -> bool:
    """Return yes or no; raise `ValueError` for any other text."""
    flag = _FLAGS.get(fold(text))
    if flag is None:
        msg = "neither yes nor no"
        raise ValueError(msg)
    return flag
