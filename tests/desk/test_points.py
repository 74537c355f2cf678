"""A point as people write it: with comma or point, in either order, with or without letters."""

from __future__ import annotations

import pytest

from data.errors import ContractError
from desk.points import typed_point


@pytest.mark.parametrize(
    "text",
    [
        "41.32, 19.44",
        "41.32,19.44",
        "41.32 19.44",
        "41,32; 19,44",
        "41,32 19,44",
        "  (41.32, 19.44) ",
        "41.32° N, 19.44° E",
        "41.32/19.44",
    ],
)
def test_latitude_and_longitude_are_read_however_they_are_written(text: str):
    point = typed_point(text)

    assert (point.lon, point.lat, point.was_swapped) == (19.44, 41.32, False)


def test_exchanged_numbers_are_put_right_and_said():
    point = typed_point("19.44, 41.32")

    assert (point.lon, point.lat, point.was_swapped) == (19.44, 41.32, True)


@pytest.mark.parametrize("text", ["", "41.32", "Durrës", "41.32, 19.44, 5", "41.32, abc", "1e3, 4"])
def test_what_is_no_point_is_refused(text: str):
    with pytest.raises(ContractError) as caught:
        typed_point(text)

    assert caught.value.message.id == "record.point_malformed"


@pytest.mark.parametrize("text", ["0, 0", "48.2, 16.4", "41.3, -19.4"])
def test_a_point_in_no_corner_of_albania_is_refused(text: str):
    with pytest.raises(ContractError) as caught:
        typed_point(text)

    assert caught.value.message.id == "record.point_outside"
