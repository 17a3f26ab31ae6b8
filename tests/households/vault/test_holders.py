"""A code opens its own pair; who has the register open gives its key to others without knowing their codes."""

import threading

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from jalons.config.settings import base
from jalons.households.vault import DerivationCost, TooManyDerivations, UnreadableSeal, derivation, holders
from jalons.households.vault.codes import (
    ALPHABET,
    GROUPS,
    MistypedCode,
    control,
    guesses_bits,
    new_recovery_code,
    normalized,
    proposed_code,
    read_recovery_code,
)
from jalons.households.vault.derivation import Derivation
from jalons.households.vault.register import new_register, open_with

COST = DerivationCost(64)
CODE = "la péniche du matin 7"


def test_the_cost_in_production() -> None:
    assert base.REGISTER_MEMORY_KIB >= 64 * 1024, "RFC 9106"
    cost = DerivationCost(base.REGISTER_MEMORY_KIB)
    assert (cost.passes, cost.lanes) == (3, 4)
    assert settings.REGISTER_MEMORY_KIB < base.REGISTER_MEMORY_KIB, "seuls les tests dérivent vite"


def test_from_a_code_to_the_key_of_a_register() -> None:
    register = new_register(7)
    pair = holders.new_pair(CODE, "12", COST)
    copies = {copy.version: copy.wrapped for copy in register.renewed().copies_for(pair.public, "12")}
    private = holders.open_private(pair.private, CODE, "12")
    assert open_with(7, private, "12", copies).version == 2
    assert open_with(7, private, "12", {1: copies[1], 2: b"altered"}).version == 1
    for code, context in (("la péniche du matin 8", "12"), (CODE, "13"), ("", "12")):
        with pytest.raises(UnreadableSeal):
            holders.open_private(pair.private, code, context)
    for organisation, holder, found in (
        (8, "12", copies),
        (7, "13", copies),
        (7, "12", {2: copies[1]}),
        (7, "12", {}),
    ):
        with pytest.raises(UnreadableSeal):
            open_with(organisation, private, holder, found)


@given(blob=st.binary(max_size=120))
def test_any_blob_in_the_base(blob: bytes) -> None:
    for act in (
        lambda: holders.open_private(blob, CODE, "12"),
        lambda: holders.open_private(Derivation.new(COST).header() + blob, CODE, "12"),
    ):
        with pytest.raises(UnreadableSeal):
            act()


def test_a_blob_does_not_say_how_much_memory_to_take() -> None:
    heavy = derivation.HEADER.pack(2**32 - 1, 3, 4) + bytes(60)
    with pytest.raises(UnreadableSeal):
        holders.open_private(heavy, CODE, "12")


def test_nobody_is_given_the_key_who_was_not_vouched_for() -> None:
    register = new_register(7)
    pair, forged = (holders.new_pair(CODE, "12", COST) for _ in range(2))
    proof = register.vouch(pair.public, "12")
    later = register.renewed()
    assert later.vouched(pair.public, "12", proof), "pendant que la clé change, l’ancienne preuve vaut"
    refused = [
        (later, forged.public, "12", proof),
        (later, pair.public, "13", proof),
        (later, pair.public, "12", b""),
        (later, pair.public, "12", None),
        (new_register(7), pair.public, "12", proof),
    ]
    assert not any(opened.vouched(public, holder, claim) for opened, public, holder, claim in refused)


def test_a_crowd_does_not_take_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "PATIENCE", 0.0)
    monkeypatch.setattr(derivation, "_turns", threading.BoundedSemaphore(1))
    with derivation._turns, pytest.raises(TooManyDerivations):
        Derivation.new(COST).key(CODE)
    assert Derivation.new(COST).key(CODE), "le tour est rendu"


# Codes ----------------------------------------------------------------------------------------------------------


def test_a_recovery_code_is_read_as_people_write_it() -> None:
    code = new_recovery_code()
    for typed in (
        code,
        code.lower(),
        code.replace("-", " "),
        f"  {code.replace('-', '')} ",
        code.replace("0", "O"),
    ):
        assert read_recovery_code(typed) == code
    assert len({new_recovery_code() for _ in range(50)}) == 50


@given(rank=st.integers(0, GROUPS * 5 - 1), symbol=st.sampled_from(ALPHABET), data=st.data())
def test_a_slip_of_the_pen_names_its_group(rank: int, symbol: str, data: st.DataObject) -> None:
    groups = [data.draw(st.text(ALPHABET, min_size=4, max_size=4)) for _ in range(GROUPS)]
    code = "".join(group + control(group, place) for place, group in enumerate(groups))
    typed = code[:rank] + symbol + code[rank + 1 :]
    if typed == code:
        return
    with pytest.raises(MistypedCode) as slip:
        read_recovery_code(typed)
    assert slip.value.group == rank // 5 + 1


def test_two_symbols_or_two_groups_that_change_places() -> None:
    groups = ("7K2M", "Q9XT", "0000", "ZZZZ", "1234", "ABCD")
    code = "-".join(group + control(group, rank) for rank, group in enumerate(groups))
    assert read_recovery_code(code) == code
    swapped = code[1] + code[0] + code[2:]
    moved = "-".join([*reversed(code.split("-")[:2]), *code.split("-")[2:]])
    for typed, group in ((swapped, 1), (moved, 1), (code[:-6], 0), (code[:-1], 6), ("", 0), ("œ" * 30, 1)):
        with pytest.raises(MistypedCode) as slip:
            read_recovery_code(typed)
        assert slip.value.group == group, typed


def test_codes_that_people_choose() -> None:
    assert normalized(" e\u0301te\u0301 ") == normalized("été")
    weak, strong = ("aaaaaaaaaaaaaaaa", "123412341234", "motdepasse"), (CODE, proposed_code())
    assert max(map(guesses_bits, weak)) < 60 <= min(map(guesses_bits, strong))
    assert guesses_bits("") == 0
