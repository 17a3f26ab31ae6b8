"""Advance widths of a TrueType font, read from its own tables: what a word really measures in Word."""

import struct
from pathlib import Path

BOLD = Path("/usr/share/fonts/truetype/crosextra/Carlito-Bold.ttf")


def advances(font: bytes) -> dict[str, float]:
    """By sign, in ems."""
    count = struct.unpack(">H", font[4:6])[0]
    records = [struct.unpack(">4sIII", font[12 + 16 * at : 28 + 16 * at]) for at in range(count)]
    tables = {tag.decode(): font[offset : offset + length] for tag, _, offset, length in records}
    units = struct.unpack(">H", tables["head"][18:20])[0]
    number = struct.unpack(">H", tables["hhea"][34:36])[0]
    widths = [struct.unpack(">H", tables["hmtx"][4 * at : 4 * at + 2])[0] for at in range(number)]
    glyphs = glyphs_of(tables["cmap"])
    return {chr(code): widths[min(glyph, number - 1)] / units for code, glyph in glyphs.items() if glyph}


def glyphs_of(cmap: bytes) -> dict[int, int]:
    """The glyph of each code: the subtable of format 4 for Windows."""
    for at in range(struct.unpack(">H", cmap[2:4])[0]):
        platform, encoding, start = struct.unpack(">HHI", cmap[4 + 8 * at : 12 + 8 * at])
        if (platform, encoding) == (3, 1):
            return format_4(cmap[start:])
    raise ValueError("no Windows subtable")


def format_4(table: bytes) -> dict[int, int]:
    count = struct.unpack(">H", table[6:8])[0] // 2

    def shorts(start: int) -> tuple[int, ...]:
        return struct.unpack(f">{count}H", table[start : start + 2 * count])

    ends, starts, deltas = shorts(14), shorts(16 + 2 * count), shorts(16 + 4 * count)
    ranges_at = 16 + 6 * count
    found: dict[int, int] = {}
    for segment, (first, last, delta, start) in enumerate(
        zip(starts, ends, deltas, shorts(ranges_at), strict=True)
    ):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if start:
                at = ranges_at + 2 * segment + start + 2 * (code - first)
                glyph = struct.unpack(">H", table[at : at + 2])[0]
            found[code] = (glyph + delta) % 65536 if glyph or not start else 0
    return found
