"""The one point that somebody looked for or touched: a pin, and the map goes there once."""

from __future__ import annotations

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template

from layers.drawing import symbols, tip
from layers.glyphs import pin

__all__ = ["layer"]

_PIN_PX = 44
#: Close enough to tell one crossing from the next.
_CLOSE_ZOOM = 15


class _Go(MacroElement):
    """Move the map to a point, once for each order: later runs leave it where it was moved to."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
          const order = {{ this.order|tojson }};
          if (sessionStorage.getItem("fener.order") === order) { return; }
          sessionStorage.setItem("fener.order", order);
          map.setView({{ this.point|tojson }}, Math.max(map.getZoom(), {{ this.zoom }}));
        })({{ this._parent._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, lon: float, lat: float, *, order: str, zoom: int) -> None:
        super().__init__()
        self._name = "Go"
        self.order, self.point, self.zoom = order, [round(lat, 5), round(lon, 5)], zoom


def layer(
    lon: float, lat: float, name: str, *, order: str = "", zoom: int = _CLOSE_ZOOM
) -> folium.FeatureGroup:
    """Return a pin with a name; a new `order` moves the map there, an empty one does not."""
    group = folium.FeatureGroup(name="found", control=False)
    symbols([shapely.Point(lon, lat)], [pin(size_px=_PIN_PX)], [tip(name)], size_px=_PIN_PX).add_to(
        group
    )
    if order:
        group.add_child(_Go(lon, lat, order=order, zoom=zoom))
    return group
