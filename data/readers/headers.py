"""The allow-list of columns: what each is called in Albanian, in English and in known exports.

A header that is not here is dropped and counted, never read. Names are
written as `tables.header_key` writes them: no case, no accents, underscores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from data.readers.tables import header_key

__all__ = [
    "ABSENCE_HEADERS",
    "BASE_HEADERS",
    "CALENDAR_HEADERS",
    "CASE_HEADERS",
    "TEAM_HEADERS",
    "VISIT_HEADERS",
    "WORKER_HEADERS",
    "Headers",
    "is_identifying",
    "match_headers",
]

Headers = Mapping[str, tuple[str, ...]]

_POINT: Final = {
    "lon": ("longitude", "lng", "long", "x", "gjatesia", "gjatesia_gjeografike", "geo_lon"),
    "lat": ("latitude", "y", "gjeresia", "gjeresia_gjeografike", "geo_lat"),
}
_SYNTHETIC: Final = ("sintetike", "e_trilluar", "te_trilluara", "te_dhena_te_trilluara")

CASE_HEADERS: Final[Headers] = {
    "case_code": ("code", "kodi", "kodi_i_rastit", "case_id_display", "short_id"),
    "place_id": ("place_code", "kodi_i_vendit"),
    "identified_at": (
        "identified_on",
        "date",
        "identification_date",
        "registration_date",
        "data",
        "data_e_identifikimit",
        "identifikuar_me",
    ),
    "identified_time": ("time", "hour", "ora", "ora_e_identifikimit"),
    "identified_until": ("until", "deri_me", "identifikuar_deri_me", "data_deri_me"),
    **_POINT,
    "municipality_found": (
        "municipality",
        "found_in",
        "bashkia",
        "bashkia_ku_u_gjet",
        "gjetur_ne",
    ),
    "municipality_found_pcode": ("municipality_pcode", "pcode_found", "bashkia_pcode", "pcode"),
    "municipality_home": ("home_municipality", "bashkia_e_banimit", "bashkia_e_origjines"),
    "municipality_home_pcode": ("pcode_home", "bashkia_e_banimit_pcode"),
    "sector": ("sektori", "lloji_i_punes", "work_type"),
    "risk_degree": ("risk", "risk_level", "shkalla_e_rrezikut", "rreziku", "niveli_i_rrezikut"),
    "engagement": ("angazhimi", "lloji_i_angazhimit"),
    "age_band": ("age_group", "grupmosha", "grup_mosha", "mosha_grup"),
    "schooling": ("school_status", "shkollimi", "gjendja_shkollore"),
    "source": ("found_by", "burimi", "gjetur_nga", "raportuar_nga"),
    "referred_at": ("referred_on", "referral_date", "referuar_me", "data_e_referimit"),
    "referred_time": ("ora_e_referimit",),
    "synthetic": _SYNTHETIC,
}

VISIT_HEADERS: Final[Headers] = {
    "visit_id": ("visit_code", "kodi_i_vizites", "kodi_i_daljes"),
    "place_id": ("place_code", "kodi_i_vendit"),
    "place_name": ("place", "vendi", "emri_i_vendit"),
    "place_kind": ("kind", "lloji_i_vendit"),
    **_POINT,
    "municipality": ("bashkia",),
    "municipality_pcode": ("pcode", "bashkia_pcode"),
    "team": ("team_code", "ekipi", "kodi_i_ekipit"),
    "date": ("data", "visited_on", "data_e_vizites", "data_e_daljes"),
    "started_at": ("start", "started", "from", "fillimi", "nga_ora", "ora_e_fillimit"),
    "ended_at": ("end", "ended", "until", "mbarimi", "deri_ne_oren", "ora_e_mbarimit"),
    "purpose": ("qellimi",),
    "outcome": ("result", "rezultati"),
    "n_seen": ("seen", "femije_te_pare", "te_pare"),
    "n_identified": ("identified", "femije_te_identifikuar", "te_identifikuar"),
    "n_not_enrolled": ("not_enrolled", "te_paregjistruar_ne_shkolle"),
    "n_not_vaccinated": ("not_vaccinated", "unvaccinated", "te_pavaksinuar"),
    "n_without_health_card": ("without_health_card", "pa_karte_shendetesore"),
    "n_not_registered": (
        "not_registered",
        "without_birth_certificate",
        "te_paregjistruar_ne_gjendjen_civile",
        "pa_certifikate_lindjeje",
    ),
    "synthetic": _SYNTHETIC,
}

_MUNICIPALITY: Final = {
    "municipality": ("bashkia",),
    "municipality_pcode": ("pcode", "bashkia_pcode"),
}

WORKER_HEADERS: Final[Headers] = {
    "id": ("worker", "worker_code", "code", "kodi", "kodi_i_punonjesit"),
    "name": ("emri",),
    **_MUNICIPALITY,
    "skills": ("aftesite", "aftesia", "roli"),
    "trained": ("i_trajnuar", "trajnuar"),
    "weekly_hours": ("ore_ne_jave", "hours"),
    "languages": ("gjuhet",),
    "sex": ("gjinia",),
    "available_days": ("ditet_kur_mundet",),
    "available_from": ("mundet_nga_ora",),
    "available_until": ("mundet_deri_ne_oren",),
}

TEAM_HEADERS: Final[Headers] = {
    "id": ("team", "team_code", "code", "kodi", "kodi_i_ekipit"),
    "name": ("emri",),
    **_MUNICIPALITY,
    "base": ("baza", "base_code"),
    "mode": ("menyra", "levizja", "travel_mode"),
    "start": ("fillimi", "nga_ora"),
    "end": ("mbarimi", "deri_ne_oren"),
    "weekdays": ("days", "ditet", "ditet_e_javes"),
    "size": ("madhesia", "nr_personave"),
    "members": ("anetaret", "workers"),
    "languages": ("gjuhet",),
}

BASE_HEADERS: Final[Headers] = {
    "id": ("base", "base_code", "code", "kodi", "kodi_i_bazes"),
    "name": ("emri",),
    **_MUNICIPALITY,
    **_POINT,
}

ABSENCE_HEADERS: Final[Headers] = {
    "worker": ("punonjesi", "worker_code", "kodi_i_punonjesit", "id"),
    "first": ("from", "first_day", "nga", "dita_e_pare"),
    "last": ("until", "to", "last_day", "deri", "dita_e_fundit"),
    "kind": ("lloji", "arsyeja"),
}

CALENDAR_HEADERS: Final[Headers] = {
    "title": ("titulli", "summary", "what", "cfare"),
    "kind": ("lloji", "category"),
    "first": ("from", "first_day", "nga", "dita_e_pare", "date", "data"),
    "last": ("until", "to", "last_day", "deri", "dita_e_fundit"),
    "yearly": ("every_year", "cdo_vit", "vjetore"),
    "weekdays": ("days", "ditet", "ditet_e_javes"),
    "start": ("from_hour", "fillimi", "nga_ora"),
    "end": ("until_hour", "mbarimi", "deri_ne_oren"),
    "place_kinds": ("place_kind", "llojet_e_vendeve", "lloji_i_vendit"),
    "factor": ("weight", "faktori", "pesha"),
}

# fmt: off
_IDENTIFYING: Final = frozenset({
    "name", "names", "emri", "emer", "mbiemri", "mbiemer", "surname", "firstname", "lastname",
    "first", "middle", "last", "nickname", "nofka", "pseudonimi", "full", "father", "mother",
    "parent", "guardian", "caregiver", "family", "atesia", "atesi", "babai", "baba", "nena",
    "nene", "prindi", "prinderit", "kujdestari", "familja", "phone", "telephone", "mobile",
    "telefon", "telefoni", "celulari", "email", "mail", "address", "adresa", "adrese", "street",
    "rruga", "house", "shtepia", "home", "national", "personal", "passport", "pasaporta",
    "identity", "letternjoftim", "nid", "nuis", "id", "birth", "birthday", "birthdate", "born",
    "dob", "datelindja", "datelindje", "lindjes", "ditelindja", "vendlindja", "age", "mosha",
    "sex", "gender", "gjinia", "ethnicity", "ethnic", "etnia", "etnike", "religion", "feja",
    "besimi", "nationality", "citizenship", "kombesia", "shtetesia", "language", "gjuha",
    "disability", "disabled", "aftesia", "aftesi", "photo", "photograph", "foto", "fotografia",
    "picture", "occupation", "profesioni", "notes", "shenime", "comments", "komente",
})
# fmt: on


def match_headers(columns: Iterable[str], headers: Headers) -> dict[str, int]:
    """Return the position of the column of each field that the table has.

    A column with the field's own name counts before one with another of its
    names, else the first; a second one is dropped like any other. The group
    that KoboToolbox writes before a slash is passed over, and its point
    columns ``…_latitude`` and ``…_longitude`` are known.
    """
    by_name = {name: field for field, names in headers.items() for name in names}
    by_name |= {field: field for field in headers}
    found: dict[str, int] = {}
    exact: set[str] = set()
    for position, column in enumerate(columns):
        key = header_key(column)
        field = by_name.get(key) or by_name.get(header_key(column.rpartition("/")[2]))
        for kobo, of in (("_latitude", "lat"), ("_longitude", "lon")):
            if field is None and key.endswith(kobo) and of in headers:
                field = of
        if field is None or field in exact:
            continue
        if key == field:
            found[field] = position
            exact.add(field)
        else:
            found.setdefault(field, position)
    return found


def is_identifying(column: str) -> bool:
    """Return whether a header speaks of who somebody is, or of what must never raise a risk."""
    return not _IDENTIFYING.isdisjoint(header_key(column).split("_"))
