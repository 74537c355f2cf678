"""Codes of cases and visits: what may be one, and one made where the file has none."""

from __future__ import annotations

import hashlib
import re
from typing import Final

__all__ = ["is_well_made", "make_code", "parse_code", "parse_id"]

#: Crockford's base 32: no I, L, O, U, so that nothing is misread.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 11
_CHECK: Final = 37
_SHAPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
#: An Albanian identity number (letter, eight digits, letter) or a mobile phone.
_PERSONAL: Final = re.compile(r"[A-Za-z]\d{8}[A-Za-z]|(?:\+|00)?(?:355)?0?6[6-9]\d{7}")


def make_code(seed: str) -> str:
    """Return eleven symbols and a check symbol that look random and depend on the seed alone."""
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{seed}/{attempt}".encode()).digest()
        number = int.from_bytes(digest, "big") % 32**_LENGTH
        if number % _CHECK < len(_ALPHABET):  # Crockford's five further check symbols are signs
            symbols = [_ALPHABET[number // 32**i % 32] for i in reversed(range(_LENGTH))]
            return "".join(symbols) + _ALPHABET[number % _CHECK]
        attempt += 1


def is_well_made(code: str) -> bool:
    """Return whether a made code's check symbol fits the others."""
    if len(code) != _LENGTH + 1 or any(symbol not in _ALPHABET for symbol in code):
        return False
    number = 0
    for symbol in code[:-1]:
        number = number * 32 + _ALPHABET.index(symbol)
    return number % _CHECK == _ALPHABET.index(code[-1])


def parse_id(text: str) -> str:
    """Return the code of a place, a team, a worker or a base as it stands.

    Raises
    ------
    ValueError
        If it has blanks or signs, or looks like an identity or a telephone number.
    """
    if not _SHAPE.fullmatch(text) or _PERSONAL.fullmatch(text):
        msg = "not a code"
        raise ValueError(msg)
    return text


def parse_code(text: str) -> str:
    """Return the code of a case or a visit as it stands.

    Raises
    ------
    ValueError
        If it is no `parse_id`, or has no digit, as a name would.
    """
    if not any(symbol.isdigit() for symbol in text):
        msg = "a code has a digit"
        raise ValueError(msg)
    return parse_id(text)
