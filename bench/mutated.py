"""`python -m bench.mutated`: 300 real tables, mutated, given as a person gives them and followed to the last button.

No page answers 5xx, a file that is not read says why, nothing is written unless it was asked. Exits with 1 otherwise.
The files are those of `tests/imports/layouts`; mutations follow from a number: `--only 57` shows a fault again.
"""

import argparse
import io
import os
import random
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
from django.utils.module_loading import import_string

from bench import bases
from bench.saving import places

WRITER = "correspondant59@demo.example"
LAYOUTS = bases.ROOT / "tests" / "imports" / "layouts"
FILES = 300
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

Mutation = Callable[[bytes, random.Random], bytes]


def flipped(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 40)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def doubled(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content))
    return content + content[start:]


def as_pdf(content: bytes, dice: random.Random) -> bytes:
    return b"%PDF-1.7\n" + content


def as_old_excel(content: bytes, dice: random.Random) -> bytes:
    """The head of an .xls, and of an .xlsx under a password."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + content


def encoded(content: bytes, dice: random.Random) -> bytes:
    return content.decode("utf-8", "replace").encode(dice.choice(["utf-16", "utf-7", "cp1252"]), "replace")


def in_members(change: Mutation) -> Mutation:
    """The same of one member of a workbook, wrapped again."""

    def changed(content: bytes, dice: random.Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                members = {name: book.read(name) for name in book.namelist()}
        except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, UnicodeError):
            return change(content, dice)  # cut already, or no workbook
        chosen, buffer = dice.choice(list(members)), io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for name, member in members.items():
                made.writestr(name, change(member, dice) if name == chosen and member else member)
        return buffer.getvalue()

    return changed


def of_words(before: bytes, after: bytes) -> Mutation:
    return in_members(lambda member, dice: member.replace(before, after))


def entities(member: bytes, dice: random.Random) -> bytes:
    head, mark, rest = member.partition(b"?>")
    return head + mark + ENTITIES + rest.replace(b"</", b"&b;</", 3) if mark else ENTITIES + member


MUTATIONS: tuple[Mutation, ...] = (
    flipped, cut, doubled, as_pdf, as_old_excel, encoded, in_members(flipped), in_members(cut), in_members(doubled),
    in_members(entities), of_words(b'r="A1"', b'r="XFD1048576"'), of_words(b'r="B', b'r="XFD'),
    of_words(b'ref="A', b'ref="A1:XFD1048576" x="'), of_words(b"<row ", b"<row><row "),
    of_words(b"number-columns-spanned", b"number-columns-repeated"),
    of_words(b'office:value="', b'office:value="1e9999'),
    of_words(b"<v>", b"<v>9e999"), of_words(b"2026", b"99999"), of_words(b't="s"', b't="e"'),
    of_words(b";", b";" * 500), of_words(b"\t", b"\t" * 500), of_words(b"Commune", b"=HYPERLINK(1)"),
)  # fmt: skip


def mutated(number: int) -> tuple[str, bytes]:
    """One, two or three mutations of one file."""
    dice = random.Random(number)
    path = dice.choice(sorted(path for path in LAYOUTS.iterdir() if path.suffix != ".json"))
    content = path.read_bytes()
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        content = dice.choice(MUTATIONS)(content, dice) or b" "
    return path.name, content


def follow(client: Any, number: int) -> tuple[str, list[str]]:
    """What became of the file, and what went wrong."""
    name, content = mutated(number)
    upload = import_string("django.core.files.uploadedfile.SimpleUploadedFile")(name, content)
    answers = [
        client.post(
            import_string("django.urls.reverse")("imports:start"),
            {"file": upload, "pasted": "", "dispositif": ""},
        )
    ]
    if answers[0].status_code != 302:
        told = answers[0].context is not None and bool(answers[0].context["form"].errors)
        return "refusé", statuses(answers) + ([] if told else ["aucune raison n’est dite"])
    address = answers[0]["Location"]
    for _ in range(3):
        answers.append(client.get(address, follow=True))
        form = answers[-1].context.get("form") if answers[-1].context else None
        if form is None or "/colonnes/" not in answers[-1].request["PATH_INFO"]:
            break
        told = {key: "" if value is None else value for key, value in form.initial.items()}
        answers.append(client.post(answers[-1].request["PATH_INFO"], told))
        address = answers[-1].get("Location", answers[0]["Location"].replace("colonnes", "lignes"))
    base = answers[0]["Location"].rsplit("/", 2)[0]
    answers += [client.get(f"{base}/lignes/", follow=True), client.get(f"{base}/lignes-a-corriger.xlsx")]
    return "lu", statuses(answers)


def statuses(answers: list[Any]) -> list[str]:
    return [
        f"{answer.request['PATH_INFO']} : {answer.status_code}"
        for answer in answers
        if answer.status_code >= 500
    ]


def run(first: int, last: int) -> int:
    django.setup()
    user = import_string("jalons.accounts.models.User").objects.get(email=WRITER)
    import_string("django.test.utils.setup_test_environment")()  # pages tell their forms
    client = import_string("django.test.Client")(raise_request_exception=False)
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    models = [import_string(f"jalons.sites.models.{name}") for name in ("Site", "Survey", "LivingConditions")]
    models += [
        import_string(f"jalons.actions.models.{name}") for name in ("Action", "FollowUp", "FundingLine")
    ]
    before = [model.objects.count() for model in models]
    outcomes, faults = Counter[str](), 0
    for number in range(first, last):
        outcome, problems = follow(client, number)
        outcomes[outcome] += 1
        for problem in problems:
            faults += 1
            print(f"n° {number} ({mutated(number)[0]}) : {problem}", flush=True)
    if [model.objects.count() for model in models] != before:
        faults += 1
        print("des faits ont été écrits sans qu’on l’ait demandé")
    print(f"{last - first} fichiers : {dict(outcomes)}, {faults} fautes.")
    return int(bool(faults))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mutated", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["measure", "run"], default="measure")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--only", type=int, default=-1)
    asked = parser.parse_args(arguments)
    first, last = (0, asked.files) if asked.only < 0 else (asked.only, asked.only + 1)
    if asked.part == "run":
        return run(first, last)
    with TemporaryDirectory(prefix="jalons-bench-") as name, places(Path(name)) as (here, _):
        command = [sys.executable, "-m", "bench.mutated", "run", "--files", str(asked.files)]
        command += ["--only", str(asked.only)]
        return subprocess.run(command, cwd=bases.ROOT, env={**os.environ, **here}).returncode


if __name__ == "__main__":
    sys.exit(main())
