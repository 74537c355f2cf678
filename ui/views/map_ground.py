"""Details of the map: what features of the ground do, and what a rate borrows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from geo.features import Effect
from layers.words import Words
from ui.widgets.tables import number_table
from ui.widgets.text import plain

__all__ = ["ground_part", "scales_part"]

_TWO: Final = "0.00"
#: What the name of a scale of the surroundings begins with; its metres follow.
_AROUND: Final = "around_"


def ground_part(effects: Sequence[Effect], words: Words) -> None:
    """Say by how much kinds of place raise a rate, and whether cases bear it out."""
    learned = any(effect.learned for effect in effects)
    said = "some" if learned else "guessed" if effects else "none"
    st.markdown(f"**{words('findings.ground.title')}** {words(f'findings.ground.{said}')}")
    if not effects:
        return
    st.caption(words("findings.ground.statistic"))
    columns = {
        "feature": [words(f"word.kind.{effect.kind}") for effect in effects],
        "expert": [words.number(effect.expert, _TWO) for effect in effects],
        "factor": [_with_interval(effect, words) for effect in effects],
        "places": [effect.n_places for effect in effects],
        "cases": [words.number(effect.n_cases) for effect in effects],
    }
    headers = {name: words(f"findings.column.{name}") for name in columns}
    number_table(pd.DataFrame(columns), headers, words)


def scales_part(scales: Mapping[str, float], words: Words) -> None:
    """Say how much a rate leans on each of what it borrows from."""
    st.markdown(f"**{words('findings.scales.title')}** {words('findings.scales.what')}")
    st.caption(words("findings.scales.statistic"))
    names = [plain(_scale(name, words)) for name in scales]
    shares = [f"{words.number(100 * share, '0')} %" for share in scales.values()]
    headers = {name: words(f"findings.column.{name}") for name in ("scale", "share")}
    number_table(pd.DataFrame({"scale": names, "share": shares}), headers, words)


def _with_interval(effect: Effect, words: Words) -> str:
    factor, low, high = (
        words.number(value, _TWO) for value in (effect.factor, effect.low80, effect.high80)
    )
    return f"{factor} ({low}\N{EN DASH}{high})"


def _scale(name: str, words: Words) -> str:
    if name.startswith(_AROUND):
        return words("findings.scale.around", metres=int(name.removeprefix(_AROUND)))
    return words(f"findings.scale.{name}")
