"""A fault in a table or a constant at the top of a module, put in place without importing everything again."""

import ast
import sys
from types import ModuleType

from mutants.making import Mutant


def statements_of(mutant: Mutant) -> list[ast.stmt]:
    """The assignment that holds the fault, then those below that are computed from it; none if it is elsewhere."""
    body = ast.parse(mutant.source).body
    inside = (at for at, one in enumerate(body) if one.lineno <= mutant.line <= (one.end_lineno or 0))
    first = next(inside, None)
    if first is None or not names_of(body[first]):
        return []
    changed, again = names_of(body[first]), [body[first]]
    for statement in body[first + 1 :]:
        read = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)}
        if names_of(statement) and read & changed:
            changed |= names_of(statement)
            again.append(statement)
    return again


def names_of(statement: ast.stmt) -> set[str]:
    """What an assignment names; nothing for another statement."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return set()
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}


def change_tables(mutant: Mutant, statements: list[ast.stmt]) -> None:
    """Gives the names of the module their new values, there and wherever they were imported."""
    module = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
    names = sorted({name for statement in statements for name in names_of(statement)})
    before = {name: getattr(module, name) for name in names}
    exec(compile(ast.Module(statements, []), mutant.path, "exec"), vars(module))
    for other in list(sys.modules.values()):
        if isinstance(other, ModuleType) and other is not module:
            for name in names:
                if name in vars(other) and vars(other)[name] is before[name]:
                    setattr(other, name, getattr(module, name))
