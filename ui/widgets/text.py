"""Text that people or files brought, shown as it stands: Markdown in it means nothing."""

from __future__ import annotations

import re

__all__ = ["plain"]

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&.^=])")


def plain(text: str) -> str:
    """Return a text whose Markdown is taken literally: no link, no picture, no formula.

    A place's name comes from a file. As Markdown it could fetch a picture from
    somebody's server and so tell where it is being looked at.
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
