"""Files that are wrong in every way: each is refused in French, with its place, and nothing is written."""

import copy
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.exchange.loading import MOST_VALUES, UnreadableFile, load
from jalons.conventions.exchange.reading import MOST_SHEETS, FileReading, read, read_file
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.counting import alerts, counts
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Convention, Deliberation
from tests.conventions.samples import Json, number, sample, two_departements
from tests.work import calls_of

Place = tuple[str | int, ...]
WRONG: list[Any] = [
    None,
    True,
    "texte",
    -5,
    3.14159265358979,
    10**17,
    "",
    [],
    {},
    ["x"],
    [{}],
    {"x": 1},
    "a" * 5000,
]


def places(told: Any, at: Place = ()) -> Iterator[Place]:
    """Every place of a file, one of a kind: what is true of the first item of a list is true of the others."""
    items: Any = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for name, each in items:
        yield (*at, name)
        yield from places(each, (*at, name))


def kind_of(place: Place) -> Place:
    return tuple("[]" if isinstance(name, int) else name for name in place)


def kinds(told: Any, *, but: Any = None) -> list[Place]:
    """One place of each kind; `but` those of another file, which are tried there."""
    found: dict[Place, Place] = {}
    for place in places(told):
        found.setdefault(kind_of(place), place)
    tried = {kind_of(place) for place in places(but)}
    return [place for kind, place in found.items() if kind not in tried]


# A file, and what is tried in it: of the second one, what the first one does not have.
TRIED = [
    pytest.param(sample, kinds(sample()), id="sample"),
    pytest.param(two_departements, kinds(two_departements(), but=sample()), id="two_departements"),
]


def at(told: Json, place: Place) -> Any:
    within: Any = told
    for name in place:
        within = within[name]
    return within


@pytest.mark.parametrize(("make", "tried"), TRIED)
def test_anything_anywhere_is_refused_dropped_or_comes_out_as_it_came_in(
    make: Callable[[], Json], tried: list[Place]
) -> None:
    told = make()
    accepted = refused = dropped = 0
    for order, place in enumerate(tried):
        # Every wrong value somewhere, and several at every place: all of them everywhere would take a minute.
        within, name = at(told, place[:-1]), place[-1]
        stood = within[name]
        for value in WRONG[order % 6 :: 6]:
            within[name] = value
            reading = read(told)
            if reading.is_sound:
                if value is WRONG[order % 6]:  # the rules, the longest, for one of the values
                    counts(reading.file)
                    alerts(reading.file, reading.log)
                written = write_file(reading.file)
                if reading.log.dropped:
                    dropped += 1
                    again = read(written)  # what is left is read again as it stands
                    assert again.is_sound, (place, value)
                    assert write_file(again.file) == written, (place, value)
                else:
                    accepted += 1
                    assert written == told, (place, value)
            else:
                refused += 1
                assert all(str(problem) for problem in reading.log.problems)
        within[name] = stood
    assert accepted > len(tried) // 5
    assert dropped > len(tried) // 5
    assert refused > len(tried) // 9


@pytest.mark.django_db
def test_what_is_accepted_can_be_stored(territories: Any) -> None:
    """All that may be empty or open at once, in one file that goes through the base."""
    told = sample()
    leaves = [place for place in kinds(told) if not isinstance(at(told, place), dict | list)]
    for place in leaves:
        within, stood = at(told, place[:-1]), at(told, place)
        for value in (None, {"x": [1, "é"]}, "texte"):
            within[place[-1]] = value
            tried = read(told)
            if tried.is_sound and not tried.log.dropped:
                break
            within[place[-1]] = stood
    assert sum(at(told, place) is None for place in leaves) > 50
    reading = read(told)
    assert reading.is_sound, [str(problem) for problem in reading.log.problems][:5]
    store_file(file=reading.file, by=transcriber())
    stored = file_of(reading.file.dossiers[0].convention.slug)
    assert stored is not None
    assert write_file(stored) == told
    assert store_file(file=read(told).file, by=transcriber()).nothing


TEXT = json.dumps(sample(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (TEXT[: len(TEXT) // 2].encode(), "coupé"),
        (b"", "vide"),
        (b" \n", "vide"),
        (TEXT.encode("utf-16"), "UTF-8"),
        (TEXT.encode("cp1252", "replace"), "UTF-8"),
        (TEXT.replace("17.4", "NaN", 1).encode(), "n’est pas un nombre"),
        (TEXT.replace("17.4", "9" * 5000, 1).encode(), "démesuré"),
        (b"[" * 100_000, "emboîte"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "emboîte"),
        (b'{"a":' * 61 + b"1" + b"}" * 61, "emboîte.*60 niveaux au plus.*« a »"),
        (b'{"x": 1, "y": ' + b"[" * 61 + b"]" * 61 + b"}", "emboîte.*« y »"),
        (b'{"meta": 1, "meta": 2}', "écrite deux fois"),
        (b"a" * (50 * 1024 * 1024 + 1), "plus de 50 Mo"),
        (b"pas du JSON", "JSON valide"),
    ],
)
def test_not_a_file_of_conventions(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        load(content)


@pytest.mark.parametrize("content", [b'{"a":' * 60 + b"1" + b"}" * 60, b"[" * 61 + b"]" * 61])
def test_as_deep_as_allowed(content: bytes) -> None:
    assert load(content) == json.loads(content)


def edit(change: Callable[[Json], Any]) -> Json:
    told = sample()
    change(told)
    return told


def turned(told: Json) -> None:
    first, second, _ = told["fiches"]
    first["parent"], second["parent"] = second["id"], first["id"]


def cell(told: Json, **said: Any) -> None:
    told["fiches"][0]["indicator_table"]["indicators"][0]["values"]["objectif_2022"].update(said)


PART = f"part_{'x' * 90}"
NESTED: Any = []
for _ in range(70):
    NESTED = [NESTED]


def twice(name: str) -> Callable[[Json], Any]:
    return lambda told: told[name].append(copy.deepcopy(told[name][0]))


@pytest.mark.parametrize(
    ("told", "path", "expected"),
    [
        ([], "le fichier", "un objet JSON"),
        (None, "le fichier", "un objet JSON"),
        ({}, "meta.schema", "jalons-conventions/1"),
        (edit(lambda told: told["meta"].update(schema="x/2")), "meta.schema", "jalons-conventions/1"),
        (edit(lambda told: told.update(conventions=[])), "conventions", "au moins une"),
        (edit(lambda told: told.update(fiches={"x": 1})), "fiches", "une liste"),
        (edit(lambda told: told["fiches"].append("texte")), "fiches[3]", "un objet"),
        (edit(lambda told: told["fiches"][0].update(convention="autre")), "fiches[0].convention", "exemple-2022"),
        (edit(turned), "fiches[0].parent", "n’est pas sous celle-ci"),
        (edit(lambda told: told["fiches"][0].update(parent="rien")), "fiches[0].parent", "d’une autre fiche"),
        (edit(lambda told: cell(told, number=10**30)), "objectif_2022.number", "18 chiffres"),
        (edit(lambda told: cell(told, number=float("inf"))), "objectif_2022.number", "fini"),
        (edit(lambda told: cell(told, raw="\x00")), "objectif_2022.raw", "caractère nul"),
        (edit(lambda told: cell(told, raw="\ud800")), "objectif_2022.raw", "moitié de caractère"),
        (edit(lambda told: told.update({"a\x00": 1})), "le fichier", "des clés sans caractère nul"),
        (edit(lambda told: told["conventions"][0].update(id="a b/é")), "conventions[0].id", "identifiant"),
        (edit(lambda told: told["fiches"][0]["budget"][0].update({PART: {"amount": 1}})), "budget[0]", "60"),
        (edit(twice("conventions")), "conventions[1].id", "conventions[0].id"),
        (edit(twice("fiches")), "fiches[3].id", "fiches[0].id"),
        (edit(twice("annexes_financieres")), "annexes_financieres.id", "n’est pas déjà"),
        (edit(lambda told: told.update(deliberation=[told["deliberation"]] * 2)), "deliberation[1]", "n’est pas déjà"),
        (edit(lambda told: told.update(x=NESTED)), "x[0]", "60 niveaux"),
    ],
)  # fmt: skip
def test_wrong_inside(told: Any, path: str, expected: str) -> None:
    problems = read(told).log.problems
    assert problems
    assert any(path in problem.path and expected in problem.expected for problem in problems), list(
        map(str, problems)
    )


@pytest.mark.parametrize(
    ("told", "path", "expected"),
    [
        (edit(lambda told: cell(told, kind="machin")), "objectif_2022.kind", "type de cellule connu"),
        (edit(lambda told: cell(told, number=10**15)), "objectif_2022.number", "14 chiffres"),
        (edit(lambda told: cell(told, parts=[{"number": "x"}])), "objectif_2022.parts", "parties"),
        (edit(lambda told: told["conventions"][0].update(year=0)), "conventions[0].year", "1900"),
        (edit(lambda told: told["fiches"][0].update(start_date="2022-02-30")), "start_date", "qui existe"),
        (edit(lambda told: told["fiches"][0].update(sheet_label="x" * 500)), "sheet_label", "120 caractères"),
        (edit(lambda told: told["conventions"][0]["clauses"].update({"x" * 90: {}})), ".clauses", "60 caractères"),
        (edit(lambda told: told["fiches"][0].update(sub_actions="texte")), "fiches[0].sub_actions", "une liste"),
        (edit(lambda told: told["conventions"][0]["clauses"].update(parity=None)), "clauses.parity", "un objet"),
        (edit(lambda told: told["conventions"][0]["parties"].append(None)), "parties[2]", "un objet"),
        (edit(lambda told: cell(told, unit=3)), "objectif_2022.unit", "un texte"),
    ],
)  # fmt: skip
def test_a_bad_optional_value_is_dropped_and_told(told: Any, path: str, expected: str) -> None:
    reading = read(told)
    assert reading.is_sound, [str(problem) for problem in reading.log.problems]
    [dropped] = reading.log.dropped
    assert path in dropped.path
    assert expected in dropped.expected
    [finding] = [each for each in alerts(reading.file, reading.log) if each.rule == "dropped_value"]
    assert "n’a pas été reprise" in finding.message
    assert counts(reading.file)["sheets"] == 3


GONE = object()
# Without these there is no file of conventions: their absence refuses it.
NEEDED = {("meta",), ("meta", "schema"), ("conventions",), ("conventions", "[]"), ("conventions", "[]", "id")}


@pytest.mark.parametrize(
    "instead", [None, GONE, {}, []], ids=["null", "removed", "empty object", "empty list"]
)
@pytest.mark.parametrize(("make", "tried"), TRIED)
def test_every_absence_of_the_format_is_read(
    make: Callable[[], Json], tried: list[Place], instead: Any
) -> None:
    """Each key and each item, one of a kind: null, gone, an empty container. The rest of the file is read."""
    for group in apart([place for place in tried if kind_of(place) not in NEEDED]):
        if fault := absent(make(), group, instead):
            alone = {place: absent(make(), [place], instead) for place in group}
            raise AssertionError({place: why for place, why in alone.items() if why} or (group, fault))


def apart(tried: list[Place], size: int = 8) -> Iterator[list[Place]]:
    """Groups of places far from each other, none within another, that may be absent together."""
    rounds = -(-len(tried) // size)
    for start in range(rounds):
        group = tried[start::rounds]
        within = [p for p in group if any(p != other and p[: len(other)] == other for other in group)]
        yield [place for place in group if place not in within]
        yield from ([place] for place in within)


def absent(told: Json, group: list[Place], instead: Any) -> str:
    """What is wrong with the reading of `told` when these places are absent; empty when it is right."""
    for place in sorted(
        group, key=str, reverse=True
    ):  # the last item of a list first: the others keep their rank
        within, name = at(told, place[:-1]), place[-1]
        if instead is GONE:
            del within[name]
        else:
            within[name] = copy.deepcopy(instead)
    reading = read(told)
    if not reading.is_sound:
        return "; ".join(map(str, reading.log.problems))
    written = write_file(reading.file)
    return "" if write_file(read(written).file) == written else "ce qui est relu n’est pas ce qui est écrit"


HEAD: Json = {"meta": {"schema": "jalons-conventions/1"}, "conventions": [{"id": "a"}]}


@pytest.mark.parametrize(
    "told",
    [
        [1] * (2 * MOST_VALUES),
        {**HEAD, "conventions": [{"id": "a"}] * MOST_VALUES},
        {**HEAD, "fiches": [{"id": f"f{n}", "parent": "f1"} for n in range(MOST_SHEETS + 1)]},
        {**HEAD, **{f"k{n}": 1 for n in range(MOST_VALUES)}},
    ],
    ids=["list", "conventions", "sheets", "keys"],
)
def test_what_is_far_too_large_is_refused_for_little_work(told: Any) -> None:
    readings: list[FileReading] = []
    calls = calls_of(lambda: readings.append(read(told)))
    assert not readings[0].is_sound
    # Each value is looked at once, up to the most that a convention holds: seven calls a value, a second in all.
    assert calls < 10 * MOST_VALUES


def test_a_long_list_of_keys_is_refused_for_one_said_twice() -> None:
    """Among a million keys, the one said twice is looked for once, not once a key."""
    keys = [f'"k{n}":1' for n in range(1_000_000)]
    with pytest.raises(UnreadableFile, match="« k999999 » est écrite deux fois"):
        load(f"{{{','.join([*keys, keys[-1]])}}}".encode())


@pytest.mark.parametrize("linked", ["chain", "ring"])
def test_sheets_under_sheets_take_work_in_proportion(linked: str) -> None:
    def work(size: int) -> int:
        last = {} if linked == "chain" else {"parent": "f0"}
        sheets = [{"id": f"f{n}", "parent": f"f{n + 1}"} for n in range(size)] + [{"id": f"f{size}", **last}]
        return calls_of(lambda: read({**HEAD, "fiches": sheets}))

    assert work(600) < 2.3 * work(300)


def test_a_mark_before_utf8_is_no_fault() -> None:
    assert read_file(b"\xef\xbb\xbf" + TEXT.encode()).is_sound


@pytest.mark.django_db
def test_ten_decimals_are_kept_beside_the_rounded_number(territories: Any) -> None:
    told = edit(lambda each: cell(each, number=1.0123456789))
    store_file(file=read(told).file, by=transcriber())
    file = file_of("exemple-2022")
    assert file is not None
    assert write_file(file) == told


# The command ------------------------------------------------------------------------------------------------


def run(*args: str) -> tuple[str, str, str]:
    """Standard output, standard error, and the message of the failure if there is one."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_convention", *args, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "why"), [("absent.json", "il n’existe pas"), ("", "c’est un dossier"), ("absent.xlsx", "il n’existe pas")]
)  # fmt: skip
def test_what_cannot_be_read(name: str, why: str, tmp_path: Path) -> None:
    out, _, failed = run(str(tmp_path / name), "--json")
    assert why in failed
    [problem] = json.loads(out)["problems"]
    assert why in problem


@pytest.mark.django_db
def test_a_wrong_file_writes_nothing_even_when_it_is_asked(tmp_path: Path, territories: Any) -> None:
    path = tmp_path / "faux.json"
    told = sample()
    told["fiches"][1]["budget"][0]["total"]["amount"] = "beaucoup"
    path.write_text(json.dumps(told), "utf-8")
    out, _, failed = run(str(path), "--wet-run", "--json")
    assert "fiches[1].budget[0].total" in failed
    assert "fiches[1].budget[0].total" in json.loads(out)["problems"][0]
    assert not Convention.objects.exists()
    assert not Deliberation.objects.exists()


@pytest.mark.django_db
def test_nothing_stands_when_it_stops_half_way(territories: Any, monkeypatch: Any) -> None:
    def fails(**told: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("jalons.conventions.importing.storing.touched", fails)
    with pytest.raises(RuntimeError):
        store_file(file=read(sample()).file, by=transcriber())
    assert not Convention.objects.exists()


@pytest.mark.django_db
def test_json_answer_is_pure_and_has_these_keys(tmp_path: Path, territories: Any) -> None:
    path = tmp_path / "exemple.json"
    told = sample()
    told["humeur"] = "bonne"
    path.write_text(json.dumps(told), "utf-8")
    for more in ([], ["--wet-run"]):
        out, err, failed = run(str(path), "--json", *more)
        assert failed == ""
        answer = json.loads(out)
        assert list(answer) == [
            "conventions", "deliberations", "sheets", "numbers", "numbers_without_sheet", "sub_actions", "budget_rows",
            "sub_budgets", "indicator_rows", "values", "values_by_kind", "tracking_rows", "annex_rows", "alerts",
        ]  # fmt: skip
        assert answer["sheets"] == 3
        assert all(
            set(alert) == {"rule", "level", "where", "expected", "found", "gap", "message"}
            for alert in answer["alerts"]
        )
        assert any(alert["rule"] == "unknown_key" for alert in answer["alerts"])
        assert "crit" in err


@pytest.mark.django_db
def test_without_territories_nor_accounts(tmp_path: Path, db: None) -> None:
    path = tmp_path / "exemple.json"
    path.write_text(json.dumps(sample()), "utf-8")
    out, _, failed = run(str(path), "--wet-run")
    assert failed == ""
    assert "Écrit" in out
    assert Convention.objects.get().departement is None


@pytest.mark.django_db
def test_a_row_may_change_depth(territories: Any) -> None:
    """A detail that becomes a row of its own, and the other way round, keeps its history."""
    store_file(file=read(sample()).file, by=transcriber())
    told = sample()
    rows = told["fiches"][0]["indicator_table"]["indicators"]
    rows.append(rows[0]["children"].pop())
    rows[0]["children"].append(rows.pop(1))
    stored = store_file(file=read(told).file, by=transcriber())
    assert stored.created == 0
    assert stored.removed == 0
    file = file_of("exemple-2022")
    assert file is not None
    assert write_file(file) == told


@pytest.mark.django_db
def test_a_sheet_under_a_theme(territories: Any) -> None:
    told = sample()
    [first, second, theme] = told["fiches"]
    first["parent"] = theme["id"]
    told["fiches"] = [first, theme, second]  # a child before its mother
    store_file(file=read(told).file, by=transcriber())
    file = file_of("exemple-2022")
    assert file is not None
    assert write_file(file) == told
    assert store_file(file=read(told).file, by=transcriber()).nothing


@pytest.mark.django_db
def test_a_sheet_taken_out_of_the_file_is_a_clear_refusal(tmp_path: Path, territories: Any) -> None:
    store_file(file=read(sample()).file, by=transcriber())
    told = sample()
    told["fiches"].pop()
    path = tmp_path / "moins.json"
    path.write_text(json.dumps(told), "utf-8")
    _, _, failed = run(str(path), "--wet-run")
    assert "n’est plus dans le fichier" in failed
    assert write_file(file_of("exemple-2022")) == sample()  # type: ignore[arg-type]


@pytest.mark.django_db
def test_two_deliberations_without_a_number_stay_two(territories: Any) -> None:
    for slug in ("exemple-2022", "autre-2022"):
        told = sample(slug)
        told["deliberation"].pop("number")
        told["deliberation"]["place"] = slug
        store_file(file=read(told).file, by=transcriber())
    assert Deliberation.objects.count() == 2
    file = file_of("exemple-2022")
    assert file is not None
    assert "number" not in write_file(file)["deliberation"]


@pytest.mark.django_db
def test_second_year_reuses_the_indicators(territories: Any) -> None:
    for year in (2022, 2023):
        store_file(file=read(sample(f"exemple-{year}", year)).file, by=transcriber())
    before, after = (
        {
            row.label: row.indicator_id
            for row in Convention.objects.get(slug=f"exemple-{year}").commitments.first().rows.all()
        }
        for year in (2022, 2023)
    )
    assert before == after
    assert None not in before.values()


@pytest.mark.django_db
def test_a_large_convention_is_imported_in_few_queries(territories: Any) -> None:
    told = sample()
    model = told["fiches"][0]
    columns = [
        {"key": f"c{n}", "header": f"BILAN {2019 + n}", "year": 2019 + n, "measure": "bilan"}
        for n in range(4)
    ]
    for order in range(4, 24):
        each = copy.deepcopy(model)
        each |= {"id": f"grande-{order}", "numbers": [order]}
        rows = [
            {
                "id": f"g{order}-{n}",
                "label": f"Nombre {n}",
                "values": {f"c{c}": number(n * c) for c in range(4)},
            }
            for n in range(15)
        ]
        each["indicator_table"] = {"columns": columns, "indicators": rows}
        told["fiches"].append(each)
    file = read(told).file
    # 300 rows and 1,200 values more than the sample: written in numbers, not one by one. About 230 queries.
    with CaptureQueriesContext(connection) as queries:
        store_file(file=file, by=transcriber())
    assert len(queries) < 300
