"""A base map drawn once and kept as text: writing thousands of streets anew takes half a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from layers.maps.base import OfflineMap

__all__ = ["Still", "still", "still_map"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """What a base map does in the browser, under the name the map had, and where it looks."""

    name: str
    script: str
    location: tuple[float, float]


class _Script(MacroElement):
    """Lines that were written before."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.text }}{% endmacro %}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Script"
        self.text = text


def still(canvas: folium.Map) -> Still:
    """Return a base map as text; it can be kept and shared, which a map of folium's cannot."""
    figure: Any = canvas.get_root()
    figure.render()
    name = canvas.get_name()
    written = figure.script._children.items()  # noqa: SLF001 - branca's pieces have no other door
    parts = [piece.render() for owner, piece in written if owner != name]
    north, east = canvas.location
    return Still(name=name, script="\n".join(parts), location=(north, east))


def still_map(kept: Still) -> folium.Map:
    """Return a fresh map that does what the kept one did."""
    canvas = OfflineMap(location=list(kept.location), zoom_start=11)
    canvas.add_child(_Script(kept.script.replace(kept.name, canvas.get_name())))
    return canvas
