"""Words that warn, with their false friends; numbers refused by their checksum."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jalons.households.families.free_text import plain_words, refused_numbers, text_warnings, word_list


@pytest.mark.parametrize(
    "text",
    [
        "Partie à Rome, revenue par Romans-sur-Isère",
        "Habite Romainville puis Romorantin",
        "Famille vue avec Romeurope",
        "CD-ROM de la préfecture",
        "Le Secours catholique passe mardi, le Secours islamique jeudi",
        "Croix-Rouge, Emmaüs",
        "Rue des Juifs, à Strasbourg",
        "12 avenue Pasteur",
        "Fume des cigarettes Gitanes",
        "Romane et Romain, jumeaux",
        "Roman prêté à la bibliothèque",
        "aromates, chrome, chromosome",
        "M. Romanescu",
        "Parle roumain : interprète utile",
        "Institut du monde arabe",
        "",
        "👩‍👧 Мария",
        "Le passeport est fait",
        "Religieusement à l’heure",
    ],
)
def test_false_friends_say_nothing(text: str) -> None:
    assert text_warnings(text) == []


def test_words_that_name_an_origin_or_a_religion_ask_whether_it_is_of_use() -> None:
    for text, word in [
        ("Famille rom de Timisoara", "rom"),
        ("les Roms,", "roms"),
        ("R\u200boms", "roms"),
        ("TSIGANES", "tsiganes"),
        ("des Yéniches", "yeniches"),
        ("gens (manouches)", "manouches"),
        ("elle est MUSULMANE.", "musulmane"),
        ("église évangélique", "evangelique"),
        ("ｒｏｍ", "rom"),
        ("Son numéro AGDREF", "agdref"),
        ("Témoins de  Jéhovah", "temoins de jehovah"),
        ("rom à Rome", "rom"),
    ]:
        warnings = text_warnings(text)
        assert [w.word for w in warnings] == [word], text
        assert "utile" in warnings[0].message or "registre" in warnings[0].message
    # Each word once, in the order of the text.
    assert [w.word for w in text_warnings("rom, catholique, rom")] == ["rom", "catholique"]


def test_every_word_of_the_list_is_written_as_it_is_looked_for() -> None:
    words = word_list()
    for phrase in [w for g in words["groups"] for w in g["words"]] + words["false_friends"]:
        assert plain_words(phrase) == phrase


NIR = "1 85 05 78 006 084 91"


def keyed(number: str) -> str:
    """The thirteen characters with their key."""
    value = int(number.replace("2A", "19").replace("2B", "18"))
    return f"{number}{97 - value % 97:02d}"


def test_a_social_security_number_is_refused_and_a_phone_number_passes() -> None:
    whole = keyed("1850578006084")
    assert whole == NIR.replace(" ", "")
    for text in [
        NIR,
        whole,
        f"en 1985 {whole}",
        f"n°{whole}, appeler",
        "1-85-05-78-006-084-91",
        "1.85.05.78.006.084.91",
        f"NIR{whole}",
        "1\u00a085\u202f05 78 006 084 91",
        keyed("299052A006084"),
        keyed("299052B006084"),
        "".join(chr(ord("０") + int(c)) for c in whole),
        f"{whole[:7]}\u200b{whole[7:]}",
    ]:
        assert [r.code for r in refused_numbers(text)] == ["nir"], text
    for text in [
        "06 12 34 56 78",
        "+33 6 12 34 56 78, +33 6 12 34 56 79",
        "0033612345678",
        "1 85 05 78 006 084 92",
        f"{whole}5",
        "2026-11-30 12:45:00 2026-11-30",
        "SIRET 732 829 320 00074",
        f"9{whole}",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
    ]:
        assert refused_numbers(text) == [], text


def test_an_iban_is_refused_by_its_checksum() -> None:
    for text in [
        "FR76 3000 6000 0112 3456 7890 189",
        "fr7630006000011234567890189 merci",
        "RIB : FR76-3000-6000-0112-3456-7890-189.",
        "RO49 AAAA 1B31 0075 9384 0000",
        "IBANDE89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
        "BG80 BNBG 9661 1020 3456 78",
    ]:
        assert [r.code for r in refused_numbers(text)] == ["iban"], text
    for text in [
        "FR76 3000 6000 0112 3456 7890 188",
        "FR76 3000",
        "visite de 24 ans, elle habite avec son fils à Lille",
        "ISBN 978-2",
    ]:
        assert refused_numbers(text) == [], text


@settings(max_examples=15, phases=[Phase.generate])
@given(st.text(max_size=60))
def test_any_text_is_looked_at(text: str) -> None:
    assert isinstance(text_warnings(text), list)
    assert isinstance(refused_numbers(text), list)


def test_a_long_note_is_looked_at_without_getting_lost() -> None:
    """Twenty thousand characters made to try every place: the patterns do not go back and forth."""
    assert refused_numbers("FR76" * 5_000) == []
    assert refused_numbers("1 2 " * 5_000) == []
    assert text_warnings("romani " * 3_000)[0].word == "romani"
