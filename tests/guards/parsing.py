"""Nothing is thrown away while Python reads a source: Python 3.11 counts how deep it is in one place for all readings.

A file that is thrown away unclosed is told with its traceback, which reads a line of source: in the middle of another
reading, the count is wrong, and that one fails with « AST constructor recursion depth mismatch ». Hypothesis reads the
source of each lambda that it names, so that any of its tests could fail so, once in tens of thousands.
"""

import ast
import gc
from functools import wraps
from typing import Any


def undisturbed(read: Any) -> Any:
    @wraps(read)
    def wrapper(*args: Any, **named: Any) -> Any:
        collects = gc.isenabled()
        gc.disable()
        try:
            return read(*args, **named)
        finally:
            if collects:
                gc.enable()

    return wrapper


def install() -> None:
    ast.parse = undisturbed(ast.parse)
