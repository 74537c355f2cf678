"""Sentences as values, and the faults that carry them."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from data import errors
from data.errors import HouseError
from data.messages import Message

KINDS = [getattr(errors, name) for name in errors.__all__]


def test_equal_sentences_are_one_sentence():
    first, second = Message("a.b", {"n": 1, "x": "y"}), Message("a.b", {"x": "y", "n": 1})

    assert first == second
    assert len({first, second, Message("a.b", {"n": 2, "x": "y"}), Message("a.b")}) == 3


def test_a_sentence_cannot_be_changed_nor_what_it_was_made_from_change_it():
    params = {"n": 1}
    message = Message("a.b", params)
    params["n"] = 2

    assert message.params["n"] == 1
    with pytest.raises(TypeError):
        message.params["n"] = 3  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        message.id = "c.d"  # type: ignore[misc]


def test_a_sentence_travels_between_processes():
    message = Message("a.b", {"n": 1})

    assert pickle.loads(pickle.dumps(message)) == message  # noqa: S301 - our own bytes


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_every_fault_of_the_house_carries_a_sentence_and_is_caught_as_one(kind: type[HouseError]):
    message = Message("desk.week_malformed")

    with pytest.raises(HouseError) as fault:
        raise kind(message)

    assert fault.value.message is message
    assert str(fault.value) == "desk.week_malformed"


def test_a_fault_says_in_a_log_what_its_parameters_are():
    assert str(HouseError(Message("a.b", {"row": 3}))) == "a.b {'row': 3}"


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.ContractError, ValueError),
        (errors.CrsError, ValueError),
        (errors.AccessDeniedError, PermissionError),
        (errors.StreetsMissingError, LookupError),
    ],
)
def test_a_fault_is_also_what_python_calls_it(kind: type[HouseError], builtin: type[Exception]):
    assert issubclass(kind, builtin)
