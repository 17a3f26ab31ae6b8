"""How wide words are in Word, so that no column is narrower than the words which cannot be parted in it.

Measured on Carlito in bold, the free twin of Calibri: the same measures, sign by sign.
"""

from collections.abc import Iterable, Sequence

UNITS = 2048  # to the size of the letters
CENTIMETRES = 2.54 / 72  # in a point
# Signs by their width.
SIGNS = {
    463: "\u202f",
    478: "'",
    503: "ilìíîïĩīĭįıĺļ",
    523: "jĵ",
    528: ",’",
    529: "ſ",
    540: "ł",
    546: "IÌÍÎÏĨĪĬĮİ",
    547: ".",
    565: ":;",
    615: "`",
    627: "-ľ",
    638: "()",
    648: "f",
    665: "[]",
    667: "!",
    678: "JĴ",
    701: "°",
    704: "{}",
    710: "tţ",
    726: "ŧ",
    728: "rŕŗř",
    744: "ť",
    814: "zźżž",
    817: "sśŝşš",
    857: "cçćĉċč",
    865: "ŀ",
    866: "LĹĻ",
    880: "/\\",
    881: "Ľ",
    886: "Ł",
    898: '"',
    940: "F",
    941: "x",
    949: "?",
    968: "SŚŜŞŠ",
    969: "v",
    970: "yýÿŷ",
    971: "gĝğġģ",
    973: "|",
    979: "ZŹŻŽ",
    983: "kķĸ",
    999: "EÈÉÊËĒĔĖĘĚ",
    1011: "aàáâãäåāăą",
    1014: "TŢŤŦ",
    1020: "#*+<=>^_~×÷–≥",
    1027: "ĳ",
    1031: "eèéêëēĕėęě",
    1038: "$0123456789€",
    1064: "YÝŶŸ",
    1084: "CÇĆĈĊČ",
    1090: "PÞ",
    1099: "bdhnpquðñùúûüþĥńņňŋũūŭůűų",
    1101: "oòóôõöōŏő",
    1103: "«»",
    1114: "ø",
    1120: "KĶ",
    1121: "ħ",
    1128: "X",
    1136: "ß",
    1148: "B",
    1150: "Ŀ",
    1153: "RŔŖŘ",
    1165: "đ",
    1211: "V",
    1222: "ď",
    1225: "Ĳ",
    1241: "AÀÁÂÃÄÅĀĂĄ",
    1274: "ŉ",
    1291: "DĎ",
    1292: "HĤ",
    1305: "GĜĞĠĢ",
    1309: "ÐĐ",
    1313: "Ŋ",
    1337: "UÙÚÛÜŨŪŬŮŰŲ",
    1347: "Ħ",
    1349: "NÑŃŅŇ",
    1385: "OÒÓÔÕÖŌŎŐ",
    1394: "Ø",
    1405: "Q",
    1443: "&",
    1457: "…",
    1493: "%",
    1526: "wŵ",
    1587: "æ",
    1588: "Æ",
    1666: "m",
    1726: "œ",
    1790: "MŒ",
    1840: "@",
    1854: "—",
    1856: "WŴ",
}
WIDTHS = {sign: width for width, signs in SIGNS.items() for sign in signs} | {" ": 463, "\u00a0": 463}
UNKNOWN = 1856  # as the widest letter


def word_width(word: str, points: float) -> float:
    """Centimetres of a word in bold letters of this size."""
    return sum(WIDTHS.get(sign, UNKNOWN) for sign in word) / UNITS * points * CENTIMETRES


def longest_word(texts: Iterable[str], points: float) -> float:
    """Centimetres of the widest piece that no line end may part: blanks that do not break hold it together, a hyphen
    parts it.
    """
    pieces = (piece for text in texts for piece in text.replace("-", "- ").replace("\n", " ").split(" "))
    return max((word_width(piece, points) for piece in pieces), default=0.0)


def widened(shares: Sequence[float], least: Sequence[float]) -> list[float]:
    """The widths asked for, none under its least one as long as all can; the room is taken where there is some."""
    whole = sum(shares)
    if sum(least) >= whole:
        return [whole * low / sum(least) for low in least]
    lacking = sum(max(low - share, 0) for low, share in zip(least, shares, strict=True))
    spare = sum(max(share - low, 0) for low, share in zip(least, shares, strict=True))
    rest = 1 - lacking / spare if spare else 1
    return [
        low + (share - low) * rest if share > low else low for low, share in zip(least, shares, strict=True)
    ]
