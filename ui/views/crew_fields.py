"""What a roster asks of a person: languages, days and hours, and, if they like, their sex."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from data.vocabulary import Language, Sex
from desk.crew import WorkerForm
from layers.words import Words
from ui.views.teams import day_name

__all__ = ["about_worker", "languages"]

_HALF_HOUR_S = 1800


def about_worker(form: WorkerForm, words: Words) -> WorkerForm:
    """Draw the fields of a person that only a roster looks at; return the form with them."""
    spoken = languages(form.languages, words, key="worker_languages")
    week = {day: day_name(day, words) for day in range(7)}
    days = st.pills(
        words("page_teams.available_days"),
        list(week),
        selection_mode="multi",
        default=form.available_days,
        format_func=week.__getitem__,
        key="worker_days",
    )
    left, right = st.columns(2)
    opens = left.time_input(
        words("page_teams.available_from"), form.available_from, key="worker_from",
        step=_HALF_HOUR_S,
    )  # fmt: skip
    closes = right.time_input(
        words("page_teams.available_until"), form.available_until, key="worker_until",
        step=_HALF_HOUR_S,
    )  # fmt: skip
    sexes = {sex: words(f"word.sex.{sex}") for sex in (Sex.UNKNOWN, Sex.FEMALE, Sex.MALE)}
    sex = st.radio(
        words("page_teams.sex"),
        list(sexes),
        index=list(sexes).index(form.sex),
        format_func=sexes.__getitem__,
        horizontal=True,
        key="worker_sex",
        help=words("page_teams.sex_help"),
    )
    return replace(
        form,
        languages=spoken,
        sex=sex,
        available_days=tuple(sorted(days)),
        available_from=opens,
        available_until=closes,
    )


def languages(known: Iterable[Language], words: Words, *, key: str) -> frozenset[Language]:
    """Draw the languages that are spoken, or asked for."""
    called = {one: words(f"word.language.{one}") for one in Language}
    chosen = st.multiselect(
        words(f"page_teams.{key}"),
        list(called),
        sorted(known),
        format_func=called.__getitem__,
        placeholder=words("page_teams.choose"),
        key=key,
    )
    return frozenset(chosen)
