"""The family of our pages, for documents: npm gives it as WOFF2, typst reads only plain fonts.

`plain_font` undoes WOFF2 (W3C recommendation of 2018, § 4 and 5): Brotli, and a shorter way to write outlines.
"""

import atexit
import shutil
import struct
import tempfile
from functools import cache
from itertools import accumulate
from pathlib import Path

import brotli
import typst
from django.conf import settings

FAMILY = "Source Sans 3"
# Letters that French does not use stand in a second file. Typst reads one file of each family: it needs another
# name, of the same length so that it can be replaced where it stands.
FAMILY_EXT = "Source Sans E"
FILES = {
    "source-sans-3-latin-wght-normal": FAMILY,
    "source-sans-3-latin-wght-italic": FAMILY,
    "source-sans-3-latin-ext-wght-normal": FAMILY_EXT,
    "source-sans-3-latin-ext-wght-italic": FAMILY_EXT,
}
TAGS = [
    *("cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep"),
    *("CFF ", "VORG", "EBDT", "EBLC", "gasp", "hdmx", "kern", "LTSH", "PCLT", "VDMX", "vhea", "vmtx", "BASE"),
    *("GDEF", "GPOS", "GSUB", "EBSC", "JSTF", "MATH", "CBDT", "CBLC", "COLR", "CPAL", "SVG ", "sbix", "acnt"),
    *("avar", "bdat", "bloc", "bsln", "cvar", "fdsc", "feat", "fmtx", "fvar", "gvar", "hsty", "just", "lcar"),
    *("mort", "morx", "opbd", "prop", "trak", "Zapf", "Silf", "Glat", "Gloc", "Feat", "Sill"),
]
OWN_TAG = 63
TRANSFORMED = ("glyf", "loca")


@cache
def fonts() -> typst.Fonts:
    """Our family if its npm package is there, and those of typst; read once a process."""
    folder = Path(tempfile.mkdtemp(prefix="jalons-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # typst opens the files when it needs them
    source = settings.NODE_MODULES / "@fontsource-variable" / "source-sans-3" / "files"
    for name, family in FILES.items():
        packed = source / f"{name}.woff2"
        if packed.exists():
            (folder / f"{name}.ttf").write_bytes(plain_font(packed.read_bytes(), family))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


class Stream:
    """Bytes read one after the other."""

    def __init__(self, content: bytes, start: int = 0) -> None:
        self.content, self.position = content, start

    def take(self, size: int) -> bytes:
        self.position += size
        return self.content[self.position - size : self.position]

    def byte(self) -> int:
        self.position += 1
        return self.content[self.position - 1]

    def short(self) -> int:
        return int.from_bytes(self.take(2))

    def variable(self) -> int:
        """UIntBase128: seven bits a byte."""
        number = 0
        while True:
            byte = self.byte()
            number = number << 7 | byte & 127
            if byte < 128:
                return number

    def compact(self) -> int:
        """255UInt16: one byte for most numbers."""
        code = self.byte()
        if code == 253:
            return self.short()
        if code in (254, 255):
            return self.byte() + (506 if code == 254 else 253)
        return code


def plain_font(packed: bytes, family: str = FAMILY) -> bytes:
    """The TrueType font inside of a WOFF2 file, under the name `family`. ValueError if it is something else."""
    if packed[:4] != b"wOF2":
        raise ValueError("not a WOFF2 font")
    flavour, count = packed[4:8], int.from_bytes(packed[12:14])
    directory, sizes = Stream(packed, 48), []
    for _ in range(count):
        flags = directory.byte()
        tag = directory.take(4).decode() if flags & 63 == OWN_TAG else TAGS[flags & 63]
        size = directory.variable()
        # Version 0 is the shorter way for outlines, and the plain one for every other table.
        if (flags >> 6 == 0) == (tag in TRANSFORMED):
            size = directory.variable()
        sizes.append((tag, size))
    body = Stream(brotli.decompress(directory.take(int.from_bytes(packed[20:24]))))
    tables = {tag: body.take(size) for tag, size in sizes}
    tables["glyf"], tables["loca"] = outlines(tables["glyf"])
    tables["name"] = tables["name"].replace(FAMILY.encode("utf-16-be"), family.encode("utf-16-be"))
    return assembled(flavour, tables)


def assembled(flavour: bytes, tables: dict[str, bytes]) -> bytes:
    """The file of these tables."""
    power = 1 << (len(tables).bit_length() - 1)
    ranges = (power * 16, power.bit_length() - 1, len(tables) * 16 - power * 16)
    head = flavour + struct.pack(">HHHH", len(tables), *ranges)
    offset, records, body = 12 + 16 * len(tables), b"", b""
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        records += tag.encode() + struct.pack(">III", checksum, offset + len(body), len(table))
        body += padded
    return head + records + body


def outlines(packed: bytes) -> tuple[bytes, bytes]:
    """Tables `glyf` and `loca` from the transformed one."""
    count, wide = struct.unpack(">HH", packed[4:8])
    source = Outlines(packed, count)
    glyphs = [source.glyph(number) for number in range(count)]
    padded = [glyph + bytes(-len(glyph) % 4) for glyph in glyphs]
    offsets = list(accumulate(map(len, padded), initial=0))
    loca = b"".join(struct.pack(">I", at) if wide else struct.pack(">H", at // 2) for at in offsets)
    return b"".join(padded), loca


class Outlines:
    """The seven streams of the transformed table, read one glyph after the other."""

    def __init__(self, packed: bytes, count: int) -> None:
        parts = Stream(packed, 36)
        streams = [Stream(parts.take(size)) for size in struct.unpack(">7I", packed[8:36])]
        self.contours, self.points, self.flags, self.rest, self.composites, self.boxes, self.instructions = (
            streams
        )
        self.has_box = self.boxes.take(4 * ((count + 31) // 32))

    def glyph(self, number: int) -> bytes:
        contours = struct.unpack(">h", self.contours.take(2))[0]
        box = self.boxes.take(8) if self.has_box[number >> 3] & 0x80 >> (number & 7) else b""
        if contours == 0:
            return b""
        head = struct.pack(">h", contours)
        return head + (self.composite(box) if contours < 0 else self.simple(contours, box))

    def composite(self, box: bytes) -> bytes:
        """A glyph made of others: only its instructions stand elsewhere."""
        start, instructed, more = self.composites.position, False, True
        while more:
            flags = self.composites.short()
            self.composites.take(2 + (4 if flags & 1 else 2))
            self.composites.take(2 if flags & 8 else 4 if flags & 64 else 8 if flags & 128 else 0)
            instructed, more = instructed or bool(flags & 256), bool(flags & 32)
        glyph = box + self.composites.content[start : self.composites.position]
        return glyph + self.instructions_of_glyph() if instructed else glyph

    def simple(self, contours: int, box: bytes) -> bytes:
        lasts = list(accumulate(self.points.compact() for _ in range(contours)))
        steps = [self.step() for _ in range(lasts[-1])]
        across, up = [step[1] for step in steps], [step[2] for step in steps]
        if not box:
            x, y = list(accumulate(across)), list(accumulate(up))
            box = struct.pack(">4h", min(x), min(y), max(x), max(y))
        ends = struct.pack(f">{contours}H", *(last - 1 for last in lasts))
        glyph = box + ends + self.instructions_of_glyph() + bytes(step[0] for step in steps)
        return glyph + struct.pack(f">{2 * len(steps)}h", *across, *up)

    def instructions_of_glyph(self) -> bytes:
        size = self.rest.compact()
        return struct.pack(">H", size) + self.instructions.take(size)

    def step(self) -> tuple[int, int, int]:
        """On the curve or not, then how far right and up from the point before."""
        flag = self.flags.byte()
        on, flag = int(flag < 128), flag & 127
        x, y = self.distance(flag)
        across_only, up_only = 10 <= flag < 20, flag < 10
        x_sign, y_sign = flag & 1, (flag if up_only else flag >> 1) & 1
        return on, 0 if up_only else (x if x_sign else -x), 0 if across_only else (y if y_sign else -y)

    def distance(self, flag: int) -> tuple[int, int]:
        """Table 5.2 of the recommendation: how many bits each direction takes, and what to add to them."""
        read = self.rest
        if flag < 20:
            far = ((flag % 10 & 14) << 7) + read.byte()
            return far, far
        if flag < 84:
            flag, both = flag - 20, read.byte()
            return 1 + (flag & 48) + (both >> 4), 1 + ((flag & 12) << 2) + (both & 15)
        if flag < 120:
            flag -= 84
            return 1 + (flag // 12 << 8) + read.byte(), 1 + (flag % 12 >> 2 << 8) + read.byte()
        if flag < 124:
            first, middle, last = read.take(3)
            return (first << 4) + (middle >> 4), ((middle & 15) << 8) + last
        return read.short(), read.short()
