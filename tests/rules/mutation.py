"""Deliberately wrong variants of the oracle, to see whether random provinces would notice.

Each variant differs in one place: another comparison, another number, `and` for `or`, `min` for
`max`, a condition turned round.
"""

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tests.rules import reference

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "is_below": "is_in"}


@dataclass(frozen=True)
class Mutant:
    """One wrong variant: where it is, what was written there, what it became."""

    line: int
    was: str
    now: str
    module: ModuleType

    def __str__(self) -> str:
        return f"line {self.line}: {self.was}  ->  {self.now}"


def mutants() -> Iterator[Mutant]:
    """Yield every wrong variant of the oracle that Python accepts."""
    with open(reference.__file__, encoding="utf-8") as stream:
        tree = ast.parse(stream.read())
    for node in list(ast.walk(tree)):
        for change in range(len(_changes(node))):
            before, was = _fields(node), ast.unparse(node)
            _changes(node)[change]()
            line, now = getattr(node, "lineno", 0), ast.unparse(node)
            with contextlib.suppress(Exception):  # it fails at once: nobody could overlook it
                yield Mutant(line, was, now, _module(tree))
            vars(node).update(before)


def _fields(node: ast.AST) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, list) else value
        for name, value in vars(node).items()
    }


def _module(tree: ast.Module) -> ModuleType:
    """Compile a variant, apart from the real oracle."""
    # Dataclasses look their module up by name; the real one serves.
    module = ModuleType(reference.__name__)
    module.__file__ = reference.__file__
    exec(compile(tree, reference.__file__, "exec"), module.__dict__)
    return module


def _changes(node: ast.AST) -> list[Any]:
    """Return the ways to spoil `node`, each as a function that does it."""
    if isinstance(node, ast.Compare):
        return [
            lambda at=at, other=other: node.ops.__setitem__(at, other())
            for at, op in enumerate(node.ops)
            for other in _COMPARISONS[type(op)]
        ]
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return [lambda: setattr(node, "op", other)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [lambda: setattr(node, "op", ast.UAdd())]  # +True is 1: "not" has gone
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [lambda: setattr(node, "op", ast.UAdd())]
    # 100 is the scale of a percentage, no limit that a case could sit on.
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value != 100:
        value = node.value
        return [lambda step=step: setattr(node, "value", value + step) for step in (-1, 1)]
    if isinstance(node, ast.Name) and node.id in _NAMES:
        return [lambda: setattr(node, "id", _NAMES[node.id])]
    if isinstance(node, ast.Attribute) and node.attr in _NAMES:
        return [lambda: setattr(node, "attr", _NAMES[node.attr])]
    return []
