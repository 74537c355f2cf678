"""The one call that shows a map: panning and zooming never run the page again."""

from __future__ import annotations

from collections.abc import Sequence

import folium
from streamlit_folium import st_folium

from ui.session import is_phone

__all__ = ["show_map"]

_WIDE_PX = 620
_PHONE_PX = 420


def show_map(
    base: folium.Map,
    groups: Sequence[folium.FeatureGroup] = (),
    *,
    key: str,
    centre: tuple[float, float] | None = None,
    height_px: int | None = None,
) -> str | None:
    """Show a base map with layers on it; return the tooltip of what was touched last.

    Parameters
    ----------
    base
        The still part: it is mounted once, and keeps its place while layers change.
    groups
        The layers, drawn anew without mounting the map again.
    key
        Fixed for a page, so that a rerun does not begin a new map.
    centre
        Latitude and longitude to look at; without it the base map's own.
    height_px
        Without it, by the width of the device.
    """
    answer = st_folium(
        base,
        key=key,
        height=height_px or (_PHONE_PX if is_phone() else _WIDE_PX),
        use_container_width=True,
        returned_objects=["last_object_clicked_tooltip"],
        feature_group_to_add=list(groups),
        center=centre,
    )
    return answer.get("last_object_clicked_tooltip")
