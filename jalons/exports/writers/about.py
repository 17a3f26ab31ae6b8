"""The last sheet of a file: what it covers, who made it and when, what its signs mean."""

from jalons.core.values import format_date, format_moment, format_number
from jalons.exports.contract import RESERVED, About, Book

TITLE = "À propos"
SIGNS = (
    ("ND", "non disponible\u00a0: la source dit qu’elle ne sait pas"),
    ("/", "sans objet\u00a0: la question ne se pose pas"),
    ("–", "tiret, tel que la source l’a écrit"),
    ("cellule vide", "non renseigné"),
    ("0", "zéro\u00a0: compté, il n’y en a pas"),
    ("≥ 680 (1 ND)", "somme incomplète\u00a0: au moins 680, un chiffre manque"),
    (RESERVED, "vos droits ne couvrent pas cette donnée"),
)

Line = tuple[str, str]


def about_lines(book: Book) -> list[Line]:
    """Label and words; without a label, the line goes on with the one above. Once rows are written."""
    about = book.about
    return [
        ("Fichier", book.export.label),
        *dated_lines(about),
        ("Lignes", format_number(book.written)),
        *labelled("Chiffre retenu", about.rules),
        *notes(book),
        *((sign, meaning) for sign, meaning in SIGNS),
    ]


def dated_lines(about: About) -> list[Line]:
    today = format_date(about.made_at)
    return [
        ("Périmètre", about.perimeter),
        *labelled("Filtres", about.filters or ["aucun"]),
        ("Situation au", format_date(about.as_of) if about.as_of else today),
        ("Telle que connue le", format_date(about.known_on) if about.known_on else today),
        ("Produit par", about.author),
        ("Produit le", format_moment(about.made_at)),
    ]


def labelled(label: str, sentences: object) -> list[Line]:
    texts = [str(sentence) for sentence in sentences]  # type: ignore[attr-defined]
    return [(label if not index else "", text) for index, text in enumerate(texts)]


def notes(book: Book) -> list[Line]:
    """What each column counts, when it says so."""
    note_by_header: dict[str, str] = {}
    for table in book.tables:
        note_by_header |= {column.header: column.note for column in book.columns(table) if column.note}
    return list(note_by_header.items())
