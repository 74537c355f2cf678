"""What a map says of itself, in a box drawn into it: a picture of the map says so too."""

from __future__ import annotations

import folium
from branca.element import MacroElement
from folium.template import Template

from data.nouns import Marks
from layers.drawing import escaped
from layers.marks import mark_lines
from layers.palette import BORDER, INK, PAPER, WARNING
from layers.words import Words

__all__ = ["MarkBox", "mark_group"]


class MarkBox(MacroElement):
    """A box at the top right; a newer one takes the place of the one before."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
          if (window.fenerMarks) { window.fenerMarks.remove(); }
          const marks = L.control({position: "topright"});
          marks.onAdd = function () {
            const box = L.DomUtil.create("div", "fener-marks");
            box.style.cssText = {{ this.box_style|tojson }};
            box.innerHTML = {{ this.content|tojson }};
            return box;
          };
          marks.addTo(map);
          window.fenerMarks = marks;
        })({{ this.canvas() }});
        {% endmacro %}
        """
    )

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._name = "MarkBox"
        self.box_style = (
            f"background:{PAPER};border:1px solid {BORDER};border-radius:4px;padding:4px 8px;"
            f"font:13px/1.35 sans-serif;color:{INK};max-width:min(260px,62vw)"
        )
        self.content = "".join(
            f'<div><span style="color:{WARNING}" aria-hidden="true">\N{BLACK UP-POINTING TRIANGLE}'
            f"</span> {escaped(line)}</div>"
            for line in lines
        )

    def canvas(self) -> str:
        """Return the name of the map it stands in: right away, or with a layer between."""
        above = self._parent
        while above is not None and not isinstance(above, folium.Map):
            above = above._parent  # noqa: SLF001 - folium has no other way up
        return str((above or self.get_root()).get_name())


def mark_group(marks: Marks, words: Words) -> folium.FeatureGroup:
    """Return a layer that is nothing but the marks, for a map that stays while its data change."""
    group = folium.FeatureGroup(name="marks", control=False)
    group.add_child(MarkBox(mark_lines(marks, words)))
    return group
