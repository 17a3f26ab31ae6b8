"""A logo that somebody sent, drawn again as a small PNG: only its points are kept, nothing else of the file.

Read in a child process (`core.confined`), which may die of it. No Django here.
"""

import base64
import io
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError

from jalons.core.archives import DamagedFile, OversizedFile

KINDS = ("PNG", "JPEG")
MOST_POINTS = 16_000_000
WIDTH, HEIGHT = 900, 300  # points, at most
SMALLEST = 16


def draw_again(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """One answer: the PNG in base 64 and its size."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    try:
        picture = Image.open(file, formats=KINDS)
        if min(picture.size) < SMALLEST:
            raise DamagedFile("too small")
        picture.thumbnail((WIDTH, HEIGHT))
        drawn = Image.new("RGBA", picture.size)
        drawn.paste(picture.convert("RGBA"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise OversizedFile(str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise DamagedFile(str(error)) from error
    yield {"png": png_of(drawn), "width": drawn.width, "height": drawn.height}


def png_of(picture: Image.Image) -> str:
    """Without any of the words and profiles that a file may carry."""
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode("ascii")
