"""When the sun is up: nobody is sent to a heap in the dark.

References
----------
NOAA Global Monitoring Laboratory, *General Solar Position Calculations*: good to
a minute or two at our latitudes.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta

from data.nouns import TIRANE, TimeWindow

__all__ = ["daylight"]

#: Degrees from the zenith at which the sun's upper edge touches the horizon, air included.
_HORIZON_DEG = 90.833
_NOON_MIN = 720.0
_MIN_PER_DEG = 4.0


def daylight(day: date, lon: float, lat: float) -> TimeWindow:
    """Return sunrise and sunset of a day at a point in degrees, by the minute inside them.

    In a polar night both are noon.
    """
    turn = 2.0 * math.pi * (day.timetuple().tm_yday - 1) / 365.0
    equation_min = 229.18 * (
        0.000075
        + 0.001868 * math.cos(turn)
        - 0.032077 * math.sin(turn)
        - 0.014615 * math.cos(2 * turn)
        - 0.040849 * math.sin(2 * turn)
    )
    declination = (
        0.006918
        - 0.399912 * math.cos(turn)
        + 0.070257 * math.sin(turn)
        - 0.006758 * math.cos(2 * turn)
        + 0.000907 * math.sin(2 * turn)
        - 0.002697 * math.cos(3 * turn)
        + 0.00148 * math.sin(3 * turn)
    )
    phi = math.radians(lat)
    height = math.cos(math.radians(_HORIZON_DEG)) / (math.cos(phi) * math.cos(declination))
    height -= math.tan(phi) * math.tan(declination)
    half_day_min = _MIN_PER_DEG * math.degrees(math.acos(min(max(height, -1.0), 1.0)))
    noon_min = _NOON_MIN - _MIN_PER_DEG * lon - equation_min
    return TimeWindow(
        opens=_moment(day, math.ceil(noon_min - half_day_min)),
        closes=_moment(day, math.floor(noon_min + half_day_min)),
    )


def _moment(day: date, utc_min: int) -> datetime:
    return (datetime.combine(day, time(), UTC) + timedelta(minutes=utc_min)).astimezone(TIRANE)
