"""What is sealed opens where it was sealed, by who holds the key, and nowhere else."""

import copy
import pickle
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.households.vault import OpenRegister, UnreadableSeal, WrappedKey
from jalons.households.vault.register import new_register
from jalons.households.vault.sealing import new_key, seal, unseal

FAMILY, OTHER = UUID(int=1), UUID(int=2)


def register_with(*households: UUID, organisation: int = 7) -> OpenRegister:
    register = new_register(organisation)
    for household in households:
        register.new_household_key(household)
    return register


@given(
    payload=st.binary(max_size=300), place=st.integers(0, 400), bit=st.integers(0, 7), cut=st.integers(1, 400)
)
@example(payload=b"", place=0, bit=0, cut=1)
def test_altered_or_cut(payload: bytes, place: int, bit: int, cut: int) -> None:
    register = register_with(FAMILY)
    sealed = register.seal(FAMILY, "content", payload)
    assert register.open(FAMILY, "content", sealed) == payload
    assert payload not in sealed or len(payload) < 4
    altered = bytearray(sealed)
    altered[place % len(sealed)] ^= 1 << bit
    for wrong in (bytes(altered), sealed[:-cut], sealed + b"\0", b"", None):
        with pytest.raises(UnreadableSeal):
            register.open(FAMILY, "content", wrong)


def test_swapped_with_another_row_part_register_or_version() -> None:
    register = register_with(FAMILY, OTHER)
    mine, other = (register.seal(row, "content", b"Stoica") for row in (FAMILY, OTHER))
    refused = [
        (register, OTHER, "content", mine),
        (register, FAMILY, "content", other),
        (register, FAMILY, "summary", mine),
        (register, uuid4(), "content", mine),  # its key is destroyed, or was never there
        (register_with(FAMILY), FAMILY, "content", mine),
        (register_with(FAMILY, organisation=8), FAMILY, "content", mine),
    ]
    for opened, row, part, sealed in refused:
        with pytest.raises(UnreadableSeal):
            opened.open(row, part, sealed)
    assert register.seal(FAMILY, "content", b"Stoica") != mine, (
        "deux fois le même contenu ne se reconnaît pas"
    )
    register.forget(FAMILY)
    for act in (
        lambda: register.open(FAMILY, "content", mine),
        lambda: register.seal(FAMILY, "content", b"x"),
    ):
        with pytest.raises(UnreadableSeal, match="clé détruite ou absente"):
            act()


def test_the_key_of_a_household_is_for_it_alone() -> None:
    register, key = new_register(7), new_key()
    elsewhere = OpenRegister(8, {1: key}), OpenRegister(7, {2: key}), OpenRegister(7, {1: new_key()})
    own = OpenRegister(7, {1: key})
    wrapped = own.new_household_key(FAMILY)
    sealed = own.seal(FAMILY, "content", b"Stoica")
    again = OpenRegister(7, {1: key})
    again.learn(FAMILY, wrapped)
    assert again.open(FAMILY, "content", sealed) == b"Stoica"
    attempts = [
        *((opened, FAMILY, wrapped) for opened in elsewhere),
        (OpenRegister(7, {1: key, 2: key}), FAMILY, WrappedKey(2, wrapped.wrapped)),
        (again, OTHER, wrapped),
        (again, FAMILY, WrappedKey(1, wrapped.wrapped[:-1])),
        (again, FAMILY, WrappedKey(3, wrapped.wrapped)),
        (again, FAMILY, None),
        (register, FAMILY, wrapped),
    ]
    for opened, row, held in attempts:
        opened.learn(row, held)  # never an error: the household is unreadable, the page is not broken
        with pytest.raises(UnreadableSeal):
            opened.open(row, "content", sealed)


def test_between_two_requests() -> None:
    register, key = register_with(FAMILY).renewed(), new_key()
    wrapped = register.new_household_key(FAMILY)
    sealed = register.sealed_under(key, "12")
    back = OpenRegister.unsealed(7, key, sealed, "12")
    back.learn(FAMILY, wrapped)
    assert back.open(FAMILY, "content", register.seal(FAMILY, "content", b"Stoica")) == b"Stoica"
    assert back.version == register.version == 2
    for organisation, under, context in ((8, key, "12"), (7, new_key(), "12"), (7, key, "13")):
        with pytest.raises(UnreadableSeal):
            OpenRegister.unsealed(organisation, under, sealed, context)


def test_it_stays_in_its_request() -> None:
    key = new_key()
    register = OpenRegister(7, {1: key})
    register.new_household_key(FAMILY)
    for act in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            act(register)
    assert not hasattr(register, "__dict__")
    assert repr(register) == "<OpenRegister 7>"
    with pytest.raises(UnreadableSeal):
        OpenRegister(7, {})


def test_what_is_sealed_names_its_format() -> None:
    key = new_key()
    sealed = seal(key, b"Stoica", "ici")
    with pytest.raises(UnreadableSeal):
        unseal(key, b"\x02" + sealed[1:], "ici")
