"""The legend, drawn into the map beside what it explains: a sign and a text on every line."""

from __future__ import annotations

from collections.abc import Sequence

import folium
from branca.element import MacroElement
from folium.template import Template

from layers.drawing import LegendEntry, escaped
from layers.palette import BORDER, INK, PAPER
from layers.words import Words

__all__ = ["legend_group"]


class _Legend(MacroElement):
    """A box at the bottom right that folds; on a narrow map it begins folded."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
          if (window.fenerLegend) { window.fenerLegend.remove(); }
          if (!{{ this.content|tojson }}) { return; }
          const legend = L.control({position: "bottomright"});
          legend.onAdd = function () {
            const box = L.DomUtil.create("details", "fener-legend");
            box.style.cssText = {{ this.box_style|tojson }};
            box.innerHTML = {{ this.content|tojson }};
            // It explains the map and must not hide it.
            const size = map.getSize();
            box.style.maxWidth = Math.max(170, Math.min(290, size.x * 0.4)) + "px";
            box.style.maxHeight = Math.max(180, size.y * 0.42) + "px";
            const wide = size.x > 720; // on a smaller map it would hide what it explains
            box.open = window.fenerLegendOpen === undefined ? wide : window.fenerLegendOpen;
            box.addEventListener("toggle", function () { window.fenerLegendOpen = box.open; });
            L.DomEvent.disableClickPropagation(box);
            L.DomEvent.disableScrollPropagation(box);
            return box;
          };
          legend.addTo(map);
          window.fenerLegend = legend;
        })({{ this._parent._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, entries: Sequence[LegendEntry], words: Words) -> None:
        super().__init__()
        self._name = "Legend"
        self.box_style = (
            f"background:{PAPER};border:1px solid {BORDER};border-radius:4px;padding:6px 10px;"
            f"font:13px/1.35 sans-serif;color:{INK};overflow-y:auto"
        )
        rows = "".join(
            '<div style="display:flex;gap:8px;align-items:center;margin-top:3px">'
            f'<span style="flex:none">{entry.sign}</span><span>{escaped(entry.text)}</span></div>'
            for entry in entries
        )
        style = "font-weight:bold;cursor:pointer;padding:4px 0"
        title = f'<summary style="{style}">{escaped(words("map.legend"))}</summary>'
        self.content = title + rows if entries else ""


def legend_group(entries: Sequence[LegendEntry], words: Words) -> folium.FeatureGroup:
    """Return a group that is nothing but the legend; without entries it takes the old one away."""
    group = folium.FeatureGroup(name="legend", control=False)
    group.add_child(_Legend(entries, words))
    return group
