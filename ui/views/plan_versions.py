"""The side of a plan that holds its versions: who changed what when, and two beside each other."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.nouns import Plan, RouteStop, Shift
from data.vocabulary import PlanStatus
from desk import plans, revising
from layers.words import Words
from patrol.changes_said import changes_said
from patrol.compare import Compared, Figures, Moved
from ui.shell import Here, here
from ui.views.plan_change import short_label, show_next
from ui.widgets.messages import keep_fault
from ui.widgets.tables import number_table
from ui.widgets.text import distinct, plain

__all__ = ["label_of", "versions"]

_FIGURES = (
    *("visits", "places", "covered", "worth"),
    *("at_places", "on_the_way", "km", "longest_gap"),
)


def versions(now: Here, plan: Plan) -> None:
    """List the versions of the week, and put two of them beside each other."""
    words = now.words
    found = plans.versions(now.house, now.viewer, plan.municipality or "", plan.week)
    rows = [_row(one, words) for one in found]
    headers = {name: words(f"decide.col_{name}") for name in ("version", "who", "when", "what")}
    number_table(pd.DataFrame(rows, columns=list(headers)), headers, words)
    for one in found:
        if one.status is PlanStatus.UNDONE:
            st.button(
                words("decide.bring_back", number=one.version),
                key=f"bring_back_{one.version}",
                icon=":material/redo:",
                on_click=_bring_back,
                args=(one,),
            )
    if len(found) > 1:
        _beside(now, found, plan)


def label_of(plan: Plan, words: Words) -> str:
    """Return how a version is called in a list of choices."""
    return words(
        "page_plan.version_label",
        number=plan.version,
        status=f"@word.plan_status.{plan.status}",
    )


def _row(plan: Plan, words: Words) -> dict[str, str]:
    said = [plain(words.message(one)) for one in changes_said(plan)]
    if plan.based_on is not None:
        said.insert(0, words("decide.based_on", number=plan.based_on))
    who = plain(plan.made_by) or "\N{EN DASH}"
    when = "\N{EN DASH}" if plan.made_at is None else words.moment(plan.made_at)
    if plan.approved_at is not None:
        said.append(
            words("decide.approved_by", name=plain(plan.approved_by or ""), at=plan.approved_at)
        )
    return {
        "version": label_of(plan, words),
        "who": who,
        "when": when,
        "what": " ".join(said) or words("decide.made"),
    }


def _bring_back(plan: Plan) -> None:
    with keep_fault():
        now = here()
        show_next(revising.bring_back(now.house, now.viewer, plan))


def _beside(now: Here, found: tuple[Plan, ...], shown: Plan) -> None:
    """Let two versions be chosen, and show what sets them apart."""
    words = now.words
    st.subheader(words("decide.compare"), anchor=False)
    known = {one.version: one for one in found}
    labels = {number: label_of(one, words) for number, one in known.items()}
    other = (
        shown.based_on
        if shown.based_on in known
        else next(number for number in known if number != shown.version)
    )
    left, right = st.columns(2)
    one = left.selectbox(
        words("decide.one"), list(labels), index=list(labels).index(other or shown.version),
        format_func=labels.__getitem__, key="compare_one",
    )  # fmt: skip
    two = right.selectbox(
        words("decide.other"), list(labels), index=list(labels).index(shown.version),
        format_func=labels.__getitem__, key="compare_other",
    )  # fmt: skip
    if one == two:
        st.markdown(words("decide.same"))
        return
    seen = revising.compared(now.house, now.viewer, known[one], known[two])
    _figures(seen, labels[one], labels[two], words)
    _differences(seen, (known[one], known[two]), words)


def _figures(seen: Compared, one: str, other: str, words: Words) -> None:
    rows = [
        {"what": words(f"decide.figure.{name}"), "one": a, "other": b}
        for name, a, b in zip(
            _FIGURES, _written(seen.one, words), _written(seen.other, words), strict=True
        )
    ]
    headers = {"what": words("decide.figure"), "one": one, "other": other}
    number_table(pd.DataFrame(rows), headers, words)


def _written(figures: Figures, words: Words) -> list[str]:
    gap = figures.longest_gap_d
    return [
        words.number(figures.visits),
        words.number(figures.places),
        words("decide.percent", share=round(100 * figures.covered)),
        words.number(figures.worth, "#,##0.00"),
        words("decide.minutes", n=round(figures.at_places_min)),
        words("decide.minutes", n=round(figures.on_the_way_min)),
        words.number(figures.km),
        "\N{EN DASH}" if gap is None else words("decide.days", n=round(gap)),
    ]


def _differences(seen: Compared, both: tuple[Plan, Plan], words: Words) -> None:
    for name, places in (("only_one", seen.only_one), ("only_other", seen.only_other)):
        if places:
            text = ", ".join(plain(place) for place in places)
            st.markdown(f"**{words(f'decide.{name}')}** {text}")
    if not seen.moved:
        st.markdown(words("decide.none_moved"))
        return
    rows = [_moved(one, both, words) for one in seen.moved]
    headers = {
        "place": words("page_plan.col_place"),
        "one": words("decide.one"),
        "other": words("decide.other"),
    }
    number_table(pd.DataFrame(rows), headers, words)


def _moved(one: Moved, both: tuple[Plan, Plan], words: Words) -> dict[str, str]:
    before, after = (
        _when(plan, visit, words) for plan, visit in zip(both, (one.before, one.after), strict=True)
    )
    return {"place": plain(one.place), "one": before, "other": after}


def _when(plan: Plan, visit: tuple[Shift, RouteStop] | None, words: Words) -> str:
    if visit is None:
        return "\N{EN DASH}"
    shift, met = visit
    return f"{plain(short_label(plan, shift, words))} · {words.clock(met.arrive)}"


def names_of(plan: Plan) -> dict[str, str]:
    """Return the places of a plan by the ids of their stops, each by a name of its own."""
    names = {met.stop.id: met.stop.name for route in plan.routes for met in route.stops}
    return distinct(dict(sorted(names.items(), key=lambda item: (item[1], item[0]))))
