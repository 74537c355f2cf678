"""Text that people or files brought, shown as it stands: Markdown in it means nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

__all__ = ["capital", "distinct", "plain", "together", "unmarked"]

#: An address becomes a link after the marks were taken literally; an unseen joint undoes it.
_ADDRESS = re.compile(r"https?(?=:)|www(?=\.)|@", re.IGNORECASE)
_JOINT = "\N{WORD JOINER}"
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&.^=])")
_TOGETHER = str.maketrans(
    {" ": "\N{NO-BREAK SPACE}", "\N{EN DASH}": f"{_JOINT}\N{EN DASH}{_JOINT}"}
)
#: So much of a code tells it from another.
_TELLING = 4


def plain(text: str) -> str:
    """Return a text whose Markdown is taken literally: no link, no picture, no formula.

    A place's name comes from a file. As Markdown it could fetch a picture from
    somebody's server and so tell where it is being looked at.
    """
    broken = _ADDRESS.sub(rf"\g<0>{_JOINT}", " ".join(text.split()))
    return _MARKS.sub(r"\\\1", broken)


def unmarked(text: str) -> str:
    """Return what `plain` made of a text for where Markdown means nothing anyway: a grid."""
    return re.sub(rf"\\({_MARKS.pattern})", r"\1", text)


def capital(text: str) -> str:
    """Return a text that begins a line: the Albanian names of days and months are small."""
    return text[:1].upper() + text[1:]


def together(text: str) -> str:
    """Return a short text that a narrow cell keeps on one line: hours, the name of a team."""
    return text.translate(_TOGETHER)


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return a name for every id that no other one has: a list of choices tells them by it alone.

    Two people may have one name; the end of their code then says which is meant.
    """
    met = Counter(names.values())
    return {
        key: name if met[name] == 1 else f"{name} · {key[-_TELLING:]}"
        for key, name in names.items()
    }
