"""How layers are drawn, on the page and in pictures: one mark, one hatching, one run of dashes for each symbol."""

from dataclasses import dataclass

from jalons.layers.enums import LayerColour, LayerSymbol

MARKS = {  # in a square of 24
    LayerSymbol.STAR: "M12 1.5 15.1 8.6 22.8 9.3 17 14.4 18.7 22 12 18 5.3 22 7 14.4 1.2 9.3 8.9 8.6z",
    LayerSymbol.PLUS: "M8.5 2h7v6.5H22v7h-6.5V22h-7v-6.5H2v-7h6.5z",
    LayerSymbol.HEXAGON: "M12 1.5 21.5 7v10L12 22.5 2.5 17V7z",
    LayerSymbol.CROSS: "M6 1.5l6 6 6-6L22.5 6l-6 6 6 6-4.5 4.5-6-6-6 6L1.5 18l6-6-6-6z",
    LayerSymbol.DROP: "M12 1.5C16 8 19.5 11.5 19.5 15.5a7.5 7.5 0 0 1-15 0C4.5 11.5 8 8 12 1.5z",
    LayerSymbol.FLAG: "M4 1.5h2.5V3H21l-4 5.5L21 14H6.5v8.5H4z",
}
TILES = {  # strokes in a square of 8, repeated
    LayerSymbol.STAR: "M-2 2 2-2M0 8 8 0M6 10 10 6",
    LayerSymbol.PLUS: "M0 4H8M4 0V8",
    LayerSymbol.HEXAGON: "M2 2h.01M6 6h.01",
    LayerSymbol.CROSS: "M0 8 8 0M0 0 8 8",
    LayerSymbol.DROP: "M0 4H8",
    LayerSymbol.FLAG: "M4 0V8",
}
DASHES = {
    LayerSymbol.STAR: "",
    LayerSymbol.PLUS: "8 4",
    LayerSymbol.HEXAGON: "1.5 4",
    LayerSymbol.CROSS: "10 3 2 3",
    LayerSymbol.DROP: "4 3",
    LayerSymbol.FLAG: "14 4",
}
DOTS = frozenset([LayerSymbol.HEXAGON])  # drawn with a thick round pen


@dataclass(frozen=True, slots=True)
class LayerLook:
    colour: str
    mark: str
    tile: str
    dashes: str
    pen: str  # thickness of the strokes of the tile


def look_of(colour: str, symbol: str) -> LayerLook:
    known = LayerSymbol(symbol)
    pen = "2.4" if known in DOTS else "1.1"
    return LayerLook(LayerColour(colour).code, MARKS[known], TILES[known], DASHES[known], pen)
