"""The tables. Times are kept in UTC; frames get them back in Europe/Tirane."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from data.frames import CHILD_COUNTS
from data.store.geometry import Geometry
from data.store.moments import Moment

__all__ = ["METADATA"]

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _time(name: str, *, empty: bool = False) -> Column[object]:
    return Column(name, Moment(), nullable=empty)


def _text(name: str, default: str | None = None) -> Column[str]:
    return Column(name, String, nullable=False, default=default)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


PLACES = Table(
    "places",
    METADATA,
    Column("place_id", String, primary_key=True),
    _text("name"),
    _text("kind"),
    Column("municipality", String, nullable=False, index=True),
    _text("unit", ""),
    Column("awake_from", Integer, nullable=False, default=1),
    Column("awake_to", Integer, nullable=False, default=12),
    _flag("synthetic"),
    Column("geometry", Geometry(), nullable=False),
)

CASES = Table(
    "cases",
    METADATA,
    Column("case_code", String, primary_key=True),
    _text("place_id", ""),
    Column("municipality_found", String, nullable=False, index=True),
    _text("municipality_home", ""),
    _time("identified_at"),
    _time("identified_until", empty=True),
    _flag("hour_known"),
    _text("sector"),
    _text("risk_degree"),
    _text("engagement"),
    _text("age_band"),
    _text("schooling"),
    _text("source"),
    _time("referred_at", empty=True),
    _flag("synthetic"),
    Column("geometry", Geometry(), nullable=True),
)

VISITS = Table(
    "visits",
    METADATA,
    Column("visit_id", String, primary_key=True),
    Column("place_id", String, nullable=False, index=True),
    Column("municipality", String, nullable=False, index=True),
    _text("team", ""),
    _time("started_at"),
    _time("ended_at"),
    _text("purpose"),
    _text("outcome"),
    *(Column(name, Integer, nullable=False, default=0) for name in CHILD_COUNTS),
    _flag("synthetic"),
)

REGISTER = Table(
    "register",  # decisions on places, the last one of each
    METADATA,
    Column("place_id", String, ForeignKey("places.place_id"), primary_key=True),
    Column("municipality", String, nullable=False, index=True),
    _text("state"),
    Column("merged_into", String, ForeignKey("places.place_id"), nullable=True),
    _text("owner", ""),
    _text("slots", ""),  # ids of slots, space-separated
    _text("evidence"),
    _time("decided_at"),
    _text("decided_by"),
    _time("expires_at", empty=True),
    _flag("synthetic"),
)

PERIMETERS = Table(
    "perimeters",
    METADATA,
    Column("perimeter_id", String, primary_key=True),
    _text("name"),
    _text("kind"),
    Column("municipality", String, nullable=False, index=True),
    _flag("approximate"),
    Column("danger_m", Float, nullable=False),
    _flag("synthetic"),
    Column("geometry", Geometry(), nullable=False),
)

SEGMENTS = Table(
    "segments",
    METADATA,
    Column("segment_id", String, primary_key=True),
    Column("perimeter_id", String, ForeignKey("perimeters.perimeter_id"), nullable=False),
    _text("status"),
    Column("length_m", Float, nullable=False),
    Column("geometry", Geometry(), nullable=False),
)

BASES = Table(
    "bases",
    METADATA,
    Column("id", String, primary_key=True),
    _text("name"),
    Column("municipality", String, nullable=False, index=True),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    _flag("synthetic"),
)

WORKERS = Table(
    "workers",
    METADATA,
    Column("id", String, primary_key=True),
    _text("name"),
    Column("municipality", String, nullable=False, index=True),
    _text("skills", ""),  # words of Skill, space-separated
    _flag("trained"),
    Column("weekly_hours", Float, nullable=False, default=40.0),
    _text("languages", ""),  # words of Language, space-separated
    _text("sex", "unknown"),
    _text("available_days", "0 1 2 3 4 5 6"),
    _text("available_from", ""),  # HH:MM, or empty
    _text("available_until", ""),
    _flag("synthetic"),
)

WISHES = Table(
    "wishes",
    METADATA,
    Column("worker", String, ForeignKey("workers.id"), primary_key=True),
    Column("day", String, primary_key=True),  # ISO
    _text("wants"),
    _text("team", ""),
    Column("weight", Integer, nullable=False),
)

ABSENCES = Table(
    "absences",
    METADATA,
    Column("worker", String, ForeignKey("workers.id"), primary_key=True),
    Column("first", String, primary_key=True),  # ISO days
    Column("last", String, nullable=False),
    _text("kind", "leave"),
)

TEAMS = Table(
    "teams",
    METADATA,
    Column("id", String, primary_key=True),
    _text("name"),
    Column("municipality", String, nullable=False, index=True),
    Column("base", String, ForeignKey("bases.id"), nullable=False),
    _text("mode"),
    _text("start"),  # HH:MM
    _text("end"),
    _text("weekdays"),  # 0..6, space-separated
    Column("size", Integer, nullable=False, default=2),
    _text("members", ""),
    _text("languages", ""),  # words of Language, space-separated
    _flag("synthetic"),
)

CHECK_INS = Table(
    "check_ins",  # when a team said that it is well, and who was called: no place, by design
    METADATA,
    Column("shift", String, primary_key=True),
    Column("at", Moment(), primary_key=True),
    Column("state", String, primary_key=True),
    _text("team"),
    Column("municipality", String, nullable=False, index=True),
    _flag("synthetic"),
)

SKIPS = Table(
    "skips",  # stops that a team passed by, and why
    METADATA,
    Column("shift", String, primary_key=True),
    Column("place_id", String, primary_key=True),
    _text("team"),
    Column("municipality", String, nullable=False, index=True),
    _time("at"),
    _text("reason"),
    _flag("synthetic"),
)

UNIT_STATUS = Table(
    "unit_status",
    METADATA,
    Column("unit", String, primary_key=True),
    Column("municipality", String, nullable=False, index=True),
    _text("status"),
    _time("at"),
    _flag("synthetic"),
)

CALENDAR = Table(
    "calendar",
    METADATA,
    Column("id", String, primary_key=True),
    Column("municipality", String, nullable=False, index=True),  # empty: the whole country
    _text("kind"),
    _text("title", ""),
    _text("first"),  # ISO days
    _text("last"),
    _flag("yearly"),
    _text("weekdays", ""),  # 0..6, space-separated
    _text("start", ""),  # HH:MM
    _text("end", ""),
    _text("places", ""),  # ids, space-separated
    _text("place_kinds", ""),  # words of PlaceKind, space-separated
    Column("factor", Float, nullable=False, default=1.0),
    _text("team", ""),
    _flag("dropped"),
    _flag("synthetic"),
)

LOANS = Table(
    "loans",  # of teams; a team that goes takes its loans along
    METADATA,
    Column("id", String, primary_key=True),
    Column("team", String, nullable=False, index=True),
    Column("lender", String, nullable=False, index=True),
    Column("borrower", String, nullable=False, index=True),
    _text("first"),  # ISO days
    _text("last"),
    _text("state"),
    _text("asked_by"),
    _text("asked_for"),
    _time("asked_at"),
    _text("answered_by", ""),
    _time("answered_at", empty=True),
    _flag("synthetic"),
)

PLANS = Table(
    "plans",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("municipality", String, nullable=False),
    _text("week"),
    _text("status"),
    _flag("synthetic"),
    Column("content", Text, nullable=False),  # JSON, lossless
    _time("made_at"),
    _text("approved_by", ""),
    _time("approved_at", empty=True),
    Index("ix_plans_municipality_week", "municipality", "week"),
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("login", String, primary_key=True),
    _text("name"),
    _text("password_hash", ""),  # empty until the one-time link was used
    _flag("closed"),
    Column("failures", Integer, nullable=False, default=0),
    _time("locked_until", empty=True),
    _time("made_at"),
)

GRANTS = Table(
    "grants",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("login", String, ForeignKey("accounts.login"), nullable=False, index=True),
    _text("role"),
    _text("municipality", ""),
    _text("team", ""),
    UniqueConstraint("login", "role", "municipality", "team"),
)

TOKENS = Table(
    "tokens",  # one-time links, tickets and sessions; only hashes are kept
    METADATA,
    Column("hash", String, primary_key=True),
    _text("kind"),
    _text("login"),
    _text("role", ""),
    _text("municipality", ""),
    _text("team", ""),
    _time("made_at"),
    _time("seen_at"),
    _time("expires_at"),
)

IMPORTS = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True),
    _text("kind"),
    _text("sha256"),
    Column("n_new", Integer, nullable=False),
    Column("n_changed", Integer, nullable=False),
    _time("at"),
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("key", String, primary_key=True),
    _text("value"),
)

AUDIT = Table(
    "audit",  # append-only: triggers refuse anything else
    METADATA,
    Column("id", Integer, primary_key=True),
    _time("at"),
    _text("account"),
    _text("role"),
    _text("action"),
    _text("purpose"),
    _text("scope"),
    _text("export_sha256", ""),
    _text("previous"),
    _text("hash"),
)
