"""The one call that shows a map: panning and zooming never run the page again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
from streamlit_folium import st_folium

from layers.still import Still, still_map
from ui.session import Slot, is_phone

__all__ = ["Touch", "last_touch", "show_lasting_map", "show_map"]

_WIDE_PX = 620
_LASTING_PX = 560
_PHONE_PX = 420
_TOOLTIP = "last_object_clicked_tooltip"
#: The bare map, and the things on it.
_TOUCHES = ("last_clicked", "last_object_clicked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Where a map was touched; on a sign it is the sign's own point."""

    lon: float
    lat: float


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
    height = height_px or (_PHONE_PX if is_phone() else _WIDE_PX)
    answer = _shown(base, groups, key=key, returned=(_TOOLTIP,), height=height, center=centre)
    return answer.get(_TOOLTIP)


def show_lasting_map(
    base: Still, groups: Sequence[folium.FeatureGroup], *, key: str, touches: bool
) -> None:
    """Show a map that stays while its layers change.

    With `touches` a touch anywhere on it runs the page, which then asks `last_touch`.
    """
    height = _PHONE_PX if is_phone() else _LASTING_PX
    _shown(base, groups, key=key, returned=_TOUCHES if touches else (), height=height)


def _shown(
    base: folium.Map | Still,
    groups: Sequence[folium.FeatureGroup],
    *,
    key: str,
    returned: Sequence[str],
    **options: Any,  # noqa: ANN401 - the component's own
) -> Mapping[str, Any]:
    return st_folium(
        still_map(base) if isinstance(base, Still) else base,
        key=key,
        use_container_width=True,
        returned_objects=list(returned),
        feature_group_to_add=list(groups),
        **options,
    )


def last_touch(key: str) -> Touch | None:
    """Return where the map of a key was touched, once: the touch that led to this run.

    It can be asked before the map is shown, so that the map can show it.
    """
    value = Slot[Mapping[str, Mapping[str, float] | None]](key, {}).get()
    now = [value.get(name) for name in _TOUCHES]
    seen = Slot[list[Mapping[str, float] | None]](f"{key}.seen", [None, None])
    fresh = [point for point, old in zip(now, seen.get(), strict=True) if point and point != old]
    seen.set(now)
    return Touch(lon=fresh[0]["lng"], lat=fresh[0]["lat"]) if fresh else None
