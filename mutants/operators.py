"""The kinds of faults: those of cosmic-ray that a person could make, and three that it lacks."""

from collections.abc import Iterator
from typing import Any

from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Name

# Of each comparison: its boundary and its opposite. The others of cosmic-ray (`<` into `is`) die of themselves, and
# would only flatter the share.
FROM_COSMIC_RAY = (
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_Lt_GtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_LtE_Gt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_Gt_LtE",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_GtE_Lt",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Add",
    "ReplaceBinaryOperator_Div_Mul",
    "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceBinaryOperator_Mod_Mul",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_Invert",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "ZeroIterationForLoop",
)


class SwapName(Operator):
    """The other end, the other side, the other quantifier: where ties and boundaries are decided."""

    OTHER = {
        "min": "max",
        "max": "min",
        "any": "all",
        "all": "any",
        "bisect_left": "bisect_right",
        "bisect_right": "bisect_left",
    }

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if isinstance(node, Name) and node.value in self.OTHER and _is_called(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.value = self.OTHER[node.value]
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def _is_called(name: Any) -> bool:
    """`max(…)`, not `self.max(…)` nor `import max`."""
    following = name.parent.children[name.parent.children.index(name) + 1 :] if name.parent else []
    return bool(following) and following[0].type == "trailer" and following[0].children[0].value == "("


class NegateMembership(Operator):
    """`in` into `not in`, and back."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.type == "comparison":
            for operator in node.children[1::2]:
                if _code(operator) in ("in", "not in"):
                    yield operator.start_pos, operator.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        operators = [one for one in node.children[1::2] if _code(one) in ("in", "not in")]
        operator = operators[index]
        if operator.type == "comp_op":  # `not in` is two words
            operator.children[0].value = ""
        else:
            operator.value = "not in"
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class DropElement(Operator):
    """A table, a set or a list written in full loses one of its elements: a right, a word, a rank."""

    def mutation_positions(self, node: Any) -> list[Any]:
        inside = node.children[1].children if _elements(node) else []
        return [(inside[first].start_pos, inside[last].end_pos) for first, last in _elements(node)]

    def mutate(self, node: Any, index: int) -> Any:
        first, last = _elements(node)[index]
        inside = node.children[1]
        # With the comma that follows; the last element leaves the comma before it, which Python allows.
        end = last + 1 if last + 1 < len(inside.children) else last
        del inside.children[first : end + 1]
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def _elements(node: Any) -> list[tuple[int, int]]:
    """First and last children of each element of a display of two at least; none of a comprehension or a tuple."""
    if node.type != "atom" or len(node.children) != 3 or node.children[0].value not in "[{":
        return []
    inside = node.children[1]
    if inside.type not in ("testlist_comp", "dictorsetmaker"):
        return []
    if any(child.type in ("comp_for", "sync_comp_for") for child in inside.children):
        return []
    elements, first = [], 0
    for place, child in enumerate(inside.children):
        if _code(child) == ",":
            elements.append((first, place - 1))
            first = place + 1
    if first < len(inside.children):
        elements.append((first, len(inside.children) - 1))
    return elements if len(elements) > 1 else []


def _code(node: Any) -> str:
    return str(node.get_code()).strip()


def operators() -> dict[str, Operator]:
    provider = OperatorProvider()
    chosen = {name: provider[name]() for name in FROM_COSMIC_RAY}
    return {**chosen, **{kind.__name__: kind() for kind in (SwapName, NegateMembership, DropElement)}}
