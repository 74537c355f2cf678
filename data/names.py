"""Albanian names as people write them: with and without accents, definite and indefinite.

Codes are matched only with their system named: ``AL09`` is Lezhë as a P-code
and Dibër as ISO 3166-2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from data.nouns import Municipality

__all__ = ["CodeSystem", "find_county", "find_municipality", "fold", "forms", "visible"]

_OFFICE = ("bashkia e ", "bashkia ", "bashkise ", "qarku i ", "qarku ", "municipality of ")


class CodeSystem(StrEnum):
    """Where a code comes from."""

    PCODE = "pcode"
    ISO = "iso"


def fold(text: str) -> str:
    """Return a name in small plain letters: no accents, hyphens or double spaces, no office."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = " ".join(plain.replace("-", " ").replace(".", " ").split())
    for office in _OFFICE:
        plain = plain.removeprefix(office)
    return plain


def visible(text: str) -> str:
    """Return what a reader sees of a text: no control or direction signs, which break files.

    Line breaks and tabs stay; other blanks become spaces.
    """
    if text.isprintable():
        return text
    shown = (c if c.isprintable() or c in "\n\r\t" else " " if c.isspace() else "" for c in text)
    return "".join(shown)


def forms(name: str) -> frozenset[str]:
    """Return the folded forms of a name: *Tiranë* is also *Tirana*, *Durrës* also *Durrësi*."""
    plain = fold(name)
    found = {plain}
    if plain.endswith("a"):
        found.add(f"{plain[:-1]}e")
    if plain.endswith("e"):
        found |= {f"{plain[:-1]}a", plain[:-1]}
    if plain.endswith("i"):
        found.add(plain[:-1])
    if plain and plain[-1] not in "aeiou":
        found |= {f"{plain}i", f"{plain}e"}
    if plain.endswith("er"):
        found.add(f"{plain[:-2]}ra")
    return frozenset(found)


def find_municipality(
    text: str, municipalities: Iterable[Municipality], *, system: CodeSystem | None = None
) -> str | None:
    """Return the P-code of the one municipality a text names, or `None` if none or several do.

    Parameters
    ----------
    text
        A name in any form, or a code when `system` says which kind.
    municipalities
        The municipalities to look among.
    system
        Of a code; without it the text is a name and a code is not understood.
    """
    known = tuple(municipalities)
    if system is CodeSystem.PCODE:
        code = text.strip().upper()
        return code if any(m.code == code for m in known) else None
    if system is not None:
        return None  # the other systems stop at counties
    wanted = forms(text)
    exact = {m.code for m in known if fold(text) in _plain_names(m)}
    if len(exact) == 1:
        return exact.pop()
    found = {m.code for m in known if wanted & _names(m)}
    return found.pop() if len(found) == 1 else None


def _plain_names(municipality: Municipality) -> set[str]:
    return {
        fold(name)
        for name in (municipality.name_sq, municipality.name_en, *municipality.aliases)
        if name
    }


def _names(municipality: Municipality) -> set[str]:
    names = (
        municipality.name_sq,
        municipality.name_en,
        municipality.seat,
        *municipality.aliases,
    )
    return {form for name in names if name for form in forms(name)}


def find_county(
    code: str, counties: Iterable[tuple[str, str]], *, system: CodeSystem
) -> str | None:
    """Return the P-code of a county by its code in a named system.

    Parameters
    ----------
    code
        The code as written.
    counties
        Pairs of P-code and ISO 3166-2 code.
    system
        Which of the two the code is of: they collide, so it is never guessed.
    """
    wanted = code.strip().upper()
    for pcode, iso in counties:
        if wanted == (pcode if system is CodeSystem.PCODE else iso):
            return pcode
    return None
