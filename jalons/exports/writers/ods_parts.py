"""The parts of an OpenDocument spreadsheet that do not depend on its rows."""

import datetime as dt
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from jalons.core.values.text import clean
from jalons.exports.contract import Book

MIME = "application/vnd.oasis.opendocument.spreadsheet"
CENTIMETRES = 0.2  # a character
NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACES = (
    f'xmlns:office="{NAMES}office:1.0" xmlns:table="{NAMES}table:1.0" xmlns:text="{NAMES}text:1.0" '
    f'xmlns:style="{NAMES}style:1.0" xmlns:number="{NAMES}datastyle:1.0" '
    f'xmlns:fo="{NAMES}xsl-fo-compatible:1.0" xmlns:config="{NAMES}config:1.0" '
    f'xmlns:manifest="{NAMES}manifest:1.0" xmlns:meta="{NAMES}meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
DATE = (
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/>'
)
TIME = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)


def figure(decimals: int, least: int) -> str:
    return (
        f'<number:number number:decimal-places="{decimals}" number:min-decimal-places="{least}" '
        'number:min-integer-digits="1" number:grouping="true"/>'
    )


def data_style(element: str, name: str, content: str) -> str:
    return (
        f'<number:{element} style:name="n-{name}" number:language="fr" number:country="FR">{content}'
        f"</number:{element}>"
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default" '
        f'style:data-style-name="n-{name}"/>'
    )


EURO = (
    '<number:text> </number:text><number:currency-symbol number:language="fr" number:country="FR">€'
    "</number:currency-symbol>"
)
STYLES = (
    data_style("number-style", "whole", figure(0, 0))
    + data_style("number-style", "decimal", figure(6, 1))
    + data_style("currency-style", "euros", figure(0, 0) + EURO)
    + data_style("currency-style", "cents", figure(2, 2) + EURO)
    + data_style("percentage-style", "percent", figure(0, 0) + "<number:text> %</number:text>")
    + data_style("percentage-style", "percent-decimal", figure(1, 1) + "<number:text> %</number:text>")
    + data_style("date-style", "date", DATE)
    + data_style("date-style", "moment", DATE + TIME)
    + '<style:style style:name="head" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:border-bottom="1.5pt solid #1C2B33" fo:wrap-option="wrap" '
    'style:vertical-align="bottom"/>'
    '<style:text-properties fo:font-weight="bold" fo:color="#1C2B33"/></style:style>'
    '<style:style style:name="band" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:background-color="#1C2B33"/>'
    '<style:text-properties fo:font-weight="bold" fo:color="#FFFFFF"/></style:style>'
    '<style:style style:name="label" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties style:vertical-align="top"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="words" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
)
DEFAULTS = (
    '<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:language="fr" '
    'fo:country="FR" fo:font-size="11pt"/></style:default-style>'
    '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
)


def document(kind: str, content: str) -> str:
    return f"{XML}<office:{kind} {NAMESPACES}>{content}</office:{kind}>"


def manifest() -> str:
    entries = [
        ("/", MIME),
        *((f"{name}.xml", "text/xml") for name in ("content", "styles", "meta", "settings")),
    ]
    entries_xml = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in entries
    )
    return (
        f'{XML}<manifest:manifest xmlns:manifest="{NAMES}manifest:1.0" manifest:version="1.3">{entries_xml}'
        "</manifest:manifest>"
    )


def meta(book: Book) -> str:
    made_at = book.about.made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sentence = (
        f"<dc:title>{escape(clean(book.export.label))}</dc:title>"
        f"<dc:subject>{escape(clean(book.about.perimeter))}</dc:subject><dc:creator>Jalons</dc:creator>"
        f"<dc:language>fr-FR</dc:language><meta:generator>Jalons</meta:generator>"
        f"<meta:creation-date>{made_at}</meta:creation-date>"
    )
    return document("document-meta", f"<office:meta>{sentence}</office:meta>")


def settings(heads: Mapping[str, int]) -> str:
    """The header stays in sight on every sheet of data. `heads`: how many rows it has, by name of sheet."""

    def item(name: str, kind: str, content: object) -> str:
        return f'<config:config-item config:name="{name}" config:type="{kind}">{content}</config:config-item>'

    def frozen(rows: int) -> str:
        split = item("VerticalSplitMode", "short", 2) + item("VerticalSplitPosition", "int", rows)
        return split + item("ActiveSplitRange", "short", 2) + item("PositionBottom", "int", rows)

    entry = "config:config-item-map-entry"
    sheets = "".join(
        f"<{entry} config:name={quoteattr(name)}>{frozen(rows)}</{entry}>" for name, rows in heads.items()
    )
    return document(
        "document-settings",
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        f'<config:config-item-map-indexed config:name="Views"><{entry}>{item("ViewId", "string", "view1")}'
        f'<config:config-item-map-named config:name="Tables">{sheets}</config:config-item-map-named>'
        f"</{entry}></config:config-item-map-indexed></config:config-item-set></office:settings>",
    )


def content_head(sizes: Iterable[int]) -> str:
    """Up to the first sheet. `sizes`: every width of a column, in characters."""
    columns = "".join(
        f'<style:style style:name="w{size}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{size * CENTIMETRES:.1f}cm"/></style:style>'
        for size in sorted(set(sizes))
    )
    return (
        f"{XML}<office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}{columns}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )


CONTENT_END = "</office:spreadsheet></office:body></office:document-content>"
