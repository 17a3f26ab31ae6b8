"""How the cells of an Excel workbook look: percentages, colours behind them, struck through."""

import re
from dataclasses import dataclass, field

from jalons.core.archives import Attributes, local

QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
MONTH_AND_YEAR = re.compile(r"m{1,5}[^a-z]*y{2,4}|y{2,4}[^a-z]*m{1,5}", re.ASCII)
HEXADECIMAL = re.compile(r"(?:[0-9A-F]{2})?([0-9A-F]{6})", re.ASCII)
# The colours of the theme that Excel gives to a new workbook, and of its old palette, by their numbers.
THEME = ["FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47"]
PALETTE = {
    "10": "FF0000", "11": "00FF00", "12": "0000FF", "13": "FFFF00", "14": "FF00FF", "17": "008000", "22": "C0C0C0",
    "42": "CCFFCC", "43": "FFFF99", "45": "FF99CC", "47": "FFCC99", "50": "99CC00", "51": "FFCC00", "52": "FF9900",
    "53": "FF6600",
}  # fmt: skip
NO_COLOUR = ("FFFFFF", "")


@dataclass(frozen=True, slots=True)
class Looks:
    """By the number of a look, as cells write it."""

    percents: frozenset[str] = frozenset()
    fills: dict[str, str] = field(default_factory=dict)
    struck: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()  # dates whose day is not shown: « oct-26 »


@dataclass(frozen=True, slots=True)
class Look:
    number_format: str
    font: str
    fill: str


class StyleReader:
    """Reads the part of the styles: fonts, fills, then the looks that combine them."""

    SECTIONS = ("fonts", "fills", "cellXfs", "dxfs", "cellStyleXfs")

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}  # of the formats that the workbook declares
        self.look_list: list[Look] = []
        self.fonts: list[bool] = []  # struck through?
        self.fills: list[str] = []
        self.section = ""

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local(name)
        if tag in self.SECTIONS:
            self.section = tag
        elif tag == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and self.section == "cellXfs":
            number_format, font, fill = (
                attributes.get(f"{key}Id", "0") for key in ("numFmt", "font", "fill")
            )
            self.look_list.append(Look(number_format, font, fill))
        elif self.section == "fonts":
            self.start_font(tag, attributes)
        elif self.section == "fills":
            self.start_fill(tag, attributes)

    def start_font(self, tag: str, attributes: Attributes) -> None:
        if tag == "font":
            self.fonts.append(False)
        elif tag == "strike" and self.fonts:
            self.fonts[-1] = attributes.get("val", "1") not in ("0", "false")

    def start_fill(self, tag: str, attributes: Attributes) -> None:
        if tag == "fill":
            self.fills.append("")
        elif tag == "fgColor" and self.fills:
            self.fills[-1] = colour_of(attributes)

    def end(self, name: str) -> None:
        if local(name) == self.section:
            self.section = ""

    def looks(self) -> Looks:
        """9 and 10 are Excel's own percentages; words in quotes show no sign."""
        numbered = [(str(number), look) for number, look in enumerate(self.look_list)]
        struck = {str(number) for number, is_struck in enumerate(self.fonts) if is_struck}
        fills = {str(number): colour for number, colour in enumerate(self.fills) if colour not in NO_COLOUR}
        return Looks(
            percents=frozenset(number for number, look in numbered if self.shows_percent(look.number_format)),
            fills={number: fills[look.fill] for number, look in numbered if look.fill in fills},
            struck=frozenset(number for number, look in numbered if look.font in struck),
            months=frozenset(number for number, look in numbered if self.shows_month(look.number_format)),
        )

    def shows_percent(self, code: str) -> bool:
        return code in ("9", "10") or "%" in QUOTED.sub("", self.codes.get(code, ""))

    def shows_month(self, code: str) -> bool:
        """17 is Excel’s own « mmm-yy »."""
        form = QUOTED.sub("", self.codes.get(code, "")).lower().partition(";")[0]
        return code == "17" or MONTH_AND_YEAR.fullmatch(form.strip(" @_-")) is not None


def colour_of(attributes: Attributes) -> str:
    """Six hexadecimal digits, or nothing for a colour that is not known here."""
    if match := HEXADECIMAL.fullmatch(attributes.get("rgb", "").upper()):
        return match[1]
    theme = attributes.get("theme", "")
    if theme.isdecimal() and int(theme) < len(THEME):
        return THEME[int(theme)]
    return PALETTE.get(attributes.get("indexed", ""), "")
