"""The fields of a case, a visit and a place: drawn in a form, read when it is sent.

No field asks for a name of a person, and none is free text but a place's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar

import streamlit as st

from data.errors import ContractError
from data.frames import CHILD_COUNTS
from data.messages import Message
from data.nouns import TIRANE
from data.vocabulary import (
    AgeBand,
    Engagement,
    PlaceKind,
    RiskDegree,
    Schooling,
    Sector,
    Source,
    VisitOutcome,
    VisitPurpose,
)
from desk.directory import municipality_names
from desk.points import typed_point
from desk.records import CaseForm, Choices, PlaceForm, VisitForm
from layers.words import Words

__all__ = ["case_fields", "place_fields", "visit_fields"]

_DAY: Final = "DD.MM.YYYY"
_MONTHS: Final = tuple(range(1, 13))
_FIVE_MINUTES_S: Final = 300
_MOST_CHILDREN: Final = 200
Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")


def _needed(value: Value | None, field: str) -> Value:
    """Return what was chosen; without a choice the fault names the field."""
    if value is None or value == "":
        raise ContractError(Message("import.rule.missing", {"field": f"@import.field.{field}"}))
    return value


def _word(key: str, label: str, words: Words, kind: type[Word], now: Word | None) -> Word | None:
    """Draw a choice among the words of a closed set, whose catalogue `label` names."""
    options = list(kind)
    return st.selectbox(
        words(f"page_import.field_{label}"),
        options,
        index=None if now is None else options.index(now),
        format_func={one: words(f"word.{label}.{one}") for one in options}.__getitem__,
        placeholder=words("page_import.choose"),
        key=key,
    )


def _named(key: str, label: str, words: Words, options: Mapping[str, str], now: str) -> str:
    """Draw a choice among names by their ids; nothing chosen is an empty text."""
    ids = list(options)
    return (
        st.selectbox(
            words(f"page_import.field_{label}"),
            ids,
            index=ids.index(now) if now in options else None,
            format_func=dict(options).__getitem__,
            placeholder=words("page_import.choose"),
            key=key,
        )
        or ""
    )


def place_fields(
    key: str, words: Words, choices: Choices, known: PlaceForm | None
) -> Callable[[], PlaceForm]:
    """Draw the fields of a place."""
    name = st.text_input(
        words("page_import.field_place_name"),
        known.name if known else "",
        max_chars=80,
        help=words("page_import.field_place_name_help"),
        key=f"{key}_name",
    )
    kind = _word(f"{key}_kind", "kind", words, PlaceKind, known.kind if known else None)
    written = f"{known.lat:.5f}, {known.lon:.5f}" if known else ""
    at = st.text_input(
        words("page_import.field_point"),
        written,
        placeholder="41.3200, 19.4400",
        max_chars=60,
        help=words("page_import.field_point_help"),
        key=f"{key}_point",
    )
    left, right = st.columns(2)
    months = {month: words(f"word.month.{month}") for month in _MONTHS}
    first = left.selectbox(
        words("page_import.field_awake_from"),
        _MONTHS,
        index=_MONTHS.index(known.awake_from if known else _MONTHS[0]),
        format_func=months.__getitem__,
        key=f"{key}_from",
    )
    last = right.selectbox(
        words("page_import.field_awake_to"),
        _MONTHS,
        index=_MONTHS.index(known.awake_to if known else _MONTHS[-1]),
        format_func=months.__getitem__,
        key=f"{key}_to",
    )

    def made() -> PlaceForm:
        # A point that nobody touched stays as exact as it is.
        point = known if known and at == written else typed_point(at)
        return PlaceForm(
            municipality=choices.municipality,
            name=name,
            kind=_needed(kind, "place_kind"),
            lon=point.lon,
            lat=point.lat,
            awake_from=first,
            awake_to=last,
        )

    return made


def case_fields(
    key: str, words: Words, choices: Choices, known: CaseForm | None
) -> Callable[[], CaseForm]:
    """Draw the fields of a case: where and when, what work, how the child stands."""
    place = _named(
        f"{key}_place",
        "place",
        words,
        choices.places,
        known.place_id if known else "",
    )
    found = _Moment.drawn(
        f"{key}_at", words, "identified", known.identified_at if known else None,
        has_hour=bool(known and known.hour_known),
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        sector = _word(f"{key}_sector", "sector", words, Sector, known.sector if known else None)
        source = _word(f"{key}_source", "source", words, Source, known.source if known else None)
        engagement = _word(
            f"{key}_engagement", "engagement", words, Engagement,
            known.engagement if known else Engagement.UNKNOWN,
        )  # fmt: skip
    with right:
        risk = _word(f"{key}_risk", "risk", words, RiskDegree, known.risk_degree if known else None)
        age = _word(
            f"{key}_age", "age", words, AgeBand, known.age_band if known else AgeBand.UNKNOWN
        )
        schooling = _word(
            f"{key}_schooling", "schooling", words, Schooling,
            known.schooling if known else Schooling.UNKNOWN,
        )  # fmt: skip
    home = _named(
        f"{key}_home",
        "home",
        words,
        _by_name(),
        known.municipality_home if known else "",
    )
    referral = known.referred_at if known else None
    referred = _Moment.drawn(
        f"{key}_referred", words, "referred", referral,
        has_hour=bool(referral and referral.astimezone(TIRANE).time() != time()),
    )  # fmt: skip

    def made() -> CaseForm:
        return CaseForm(
            municipality=choices.municipality,
            # A case that stands at no place may stay at none.
            place_id=place if known and not known.place_id else _needed(place, "place_id"),
            identified_at=_needed(found.at(), "identified_at"),
            hour_known=found.hour is not None,
            sector=_needed(sector, "sector"),
            risk_degree=_needed(risk, "risk_degree"),
            source=_needed(source, "source"),
            engagement=engagement or Engagement.UNKNOWN,
            age_band=age or AgeBand.UNKNOWN,
            schooling=schooling or Schooling.UNKNOWN,
            municipality_home=home,
            referred_at=referred.at(),
        )

    return made


def _by_name() -> dict[str, str]:
    names = municipality_names()
    return {code: names[code] for code in sorted(names, key=names.__getitem__)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """A day and perhaps a time of day as they were entered."""

    day: date | None
    hour: time | None
    known: datetime | None

    @classmethod
    def drawn(
        cls, key: str, words: Words, label: str, known: datetime | None, *, has_hour: bool
    ) -> _Moment:
        """Draw a day and its time beside each other."""
        local = None if known is None else known.astimezone(TIRANE)
        left, right = st.columns(2)
        day = left.date_input(
            words(f"page_import.field_{label}_day"),
            None if local is None else local.date(),
            max_value=datetime.now(TIRANE).date(),
            format=_DAY,
            key=f"{key}_day",
        )
        hour = right.time_input(
            words(f"page_import.field_{label}_hour"),
            local.time() if local is not None and has_hour else None,
            step=_FIVE_MINUTES_S,
            help=words("page_import.field_hour_help"),
            key=f"{key}_hour",
        )
        return cls(day=day, hour=hour, known=known)

    def at(self) -> datetime | None:
        """Return the moment, at midnight where no time was entered; nothing without a day."""
        if self.day is None:
            return None
        return _exact(datetime.combine(self.day, self.hour or time(), TIRANE), self.known)


def _exact(entered: datetime, known: datetime | None) -> datetime:
    """Return what was entered; what nobody touched keeps the seconds that no field shows."""
    if known is not None and known.replace(second=0, microsecond=0) == entered:
        return known
    return entered


def visit_fields(
    key: str, words: Words, choices: Choices, known: VisitForm | None
) -> Callable[[], VisitForm]:
    """Draw the fields of a visit: where and when, why, and what was met."""
    team = known.team if known else ""
    place = _named(
        f"{key}_place",
        "place",
        words,
        choices.places,
        known.place_id if known else "",
    )
    # A team that is gone is still the one that went.
    teams = dict(choices.teams) | ({team: team} if team and team not in choices.teams else {})
    went = _named(f"{key}_team", "team", words, teams, team)
    start = known.started_at.astimezone(TIRANE) if known else None
    end = known.ended_at.astimezone(TIRANE) if known else None
    left, middle, right = st.columns(3)
    day = left.date_input(
        words("page_import.field_visit_day"),
        start.date() if start else None,
        max_value=datetime.now(TIRANE).date(),
        format=_DAY,
        key=f"{key}_day",
    )
    begun, ended = (
        column.time_input(
            words(f"page_import.field_{label}"),
            moment.time() if moment else None,
            step=_FIVE_MINUTES_S,
            key=f"{key}_{label}",
        )
        for column, label, moment in ((middle, "begun", start), (right, "ended", end))
    )
    left, right = st.columns(2)
    with left:
        purpose = _word(
            f"{key}_purpose", "purpose", words, VisitPurpose,
            known.purpose if known else VisitPurpose.IDENTIFICATION,
        )  # fmt: skip
    with right:
        outcome = _word(
            f"{key}_outcome", "outcome", words, VisitOutcome, known.outcome if known else None
        )
    # Labels of one line and of two: the numbers stand in a row all the same.
    columns = st.columns(len(CHILD_COUNTS), vertical_alignment="bottom")
    counts = {
        name: column.number_input(
            words(f"page_import.field_{name}"),
            0,
            _MOST_CHILDREN,
            getattr(known, name) if known else 0,
            key=f"{key}_{name}",
        )
        for name, column in zip(CHILD_COUNTS, columns, strict=True)
    }

    def made() -> VisitForm:
        on = _needed(day, "started_at")
        started = datetime.combine(on, _needed(begun, "started_at"), TIRANE)
        until = datetime.combine(on, _needed(ended, "ended_at"), TIRANE)
        # An end that is not after the start lies past midnight.
        until = until if until > started else until + timedelta(days=1)
        return VisitForm(
            municipality=choices.municipality,
            place_id=_needed(place, "place_id"),
            team=went,
            started_at=_exact(started, start),
            ended_at=_exact(until, end),
            purpose=purpose or VisitPurpose.IDENTIFICATION,
            outcome=_needed(outcome, "outcome"),
            **counts,
        )

    return made
