"""Exact arithmetic: a number is an `int` when whole, otherwise a `Decimal` without trailing zeros."""

from decimal import ROUND_HALF_UP, Context, Decimal

Number = int | Decimal

MAX_WHOLE_DIGITS = 18
MAX_DECIMALS = 15
_COMPUTED_DECIMALS = 12
_LONGEST = 10**MAX_WHOLE_DIGITS
_EXACT_FLOATS = 10**15  # a whole float below prints all its digits
# Wide enough for any number and any sum of them to be exact; the default context rounds at 28 digits.
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)


def exact(number: int | float | Decimal) -> Number:
    """The one way to write a number, so that equal numbers are equal everywhere.

    A float (JSON, spreadsheet) is read as the decimal that it prints. ValueError for NaN, infinities, more
    than 18 digits before the decimal mark or 15 after.
    """
    if number.__class__ is int and -_LONGEST < number < _LONGEST:
        return number  # most numbers
    if isinstance(number, bool):
        raise TypeError("a truth value is not a number")
    if isinstance(number, float):
        if number.is_integer() and abs(number) < _EXACT_FLOATS:
            return int(number)
        number = Decimal(repr(number))
        if number.is_finite() and number.adjusted() < MAX_WHOLE_DIGITS:
            number = rounded(number, _COMPUTED_DECIMALS)
    if isinstance(number, Decimal):
        if not number.is_finite() or number.adjusted() >= MAX_WHOLE_DIGITS:
            raise ValueError(f"not a usable number: {number}")
        number = simplest(number)
    if isinstance(number, Decimal) and -_exponent(number) > MAX_DECIMALS:
        raise ValueError(f"too many decimals: {number}")
    if isinstance(number, int) and abs(number) >= 10**MAX_WHOLE_DIGITS:
        raise ValueError(f"too large a number: {len(str(abs(number)))} digits")
    return number


def add(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return simplest(_WIDE.add(Decimal(left), Decimal(right)))


def percentage(numerator: Number, denominator: Number) -> Number:
    """100 × numerator / denominator, with enough decimals for any later rounding to be right."""
    share = _WIDE.divide(_WIDE.multiply(Decimal(100), Decimal(numerator)), Decimal(denominator))
    return simplest(rounded(share, _COMPUTED_DECIMALS))


def rounded(number: Number, decimals: int) -> Decimal:
    """`number` with exactly `decimals` decimals, halves away from zero as people round."""
    return Decimal(number).quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def simplest(number: Decimal) -> Number:
    normal = number.normalize(_WIDE)
    return int(normal) if _exponent(normal) >= 0 else normal


def _exponent(number: Decimal) -> int:
    """Only for finite numbers: the others have a letter for exponent."""
    return int(number.as_tuple().exponent)
