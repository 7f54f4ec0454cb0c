"""What the code says: each message's key with the fields that it is filled with, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import askdoc
from askdoc import errors

FOLDER = Path(askdoc.__file__).parent
CATALOGUES = {path.name for path in (FOLDER / "messages").glob("*_catalog.py")}
ERRORS = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.AskdocError)
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Said:
    """A place of the code that says a message."""

    where: str
    key: str
    """A key; what of it is worked out stands as ``{}``."""
    fields: frozenset[str]


@dataclass(frozen=True)
class Passed:
    """A place that says what it was given: ``where`` is its module and the expression for the key."""

    where: str
    key: str


def read() -> tuple[list[Said], list[Passed]]:
    """All places of the code that say a message."""
    said: list[Said] = []
    passed: list[Passed] = []
    for path in sorted(FOLDER.rglob("*.py")):
        if path.name in CATALOGUES:
            continue
        module = path.relative_to(FOLDER).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        for call, scopes in _calls(tree, (tree,)):
            for one in _said(call, scopes, module):
                (said if isinstance(one, Said) else passed).append(one)  # type: ignore[arg-type]
    return said, passed


def _calls(node: ast.AST, scopes: tuple[ast.AST, ...]) -> Iterator[tuple[ast.Call, tuple[ast.AST, ...]]]:
    """Every call with the functions that it stands in, the innermost first."""
    for child in ast.iter_child_nodes(node):
        inner = (child, *scopes) if isinstance(child, Function) else scopes
        if isinstance(child, ast.Call):
            yield child, scopes
        yield from _calls(child, inner)


def _said(call: ast.Call, scopes: tuple[ast.AST, ...], module: str) -> Iterator[Said | Passed]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in {"say", "report", "Warning_", "error_class", *ERRORS} or not call.args:
        return
    keys = list(_keys(call.args[0], scopes))
    if name == "report" and not all(key.startswith("index-check") for key in keys):
        return  # a report of something else
    fields: frozenset[str] | None = frozenset()
    if name == "Warning_":
        fields = _dictionary(call.args[1], scopes) if len(call.args) > 1 else frozenset()
    else:
        for keyword in call.keywords:
            more = _dictionary(keyword.value, scopes) if keyword.arg is None else frozenset({keyword.arg})
            fields = None if fields is None or more is None else fields | more
    where = f"{module}:{call.lineno}"
    if not keys or fields is None:
        yield Passed(f"{module}: {name}", ast.unparse(call.args[0]))
        return
    for key in keys:
        yield Said(where, key, fields)


def _keys(value: ast.expr, scopes: tuple[ast.AST, ...]) -> Iterator[str]:
    """The keys that an expression may be; none where that cannot be told."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _keys(value.body, scopes)
        yield from _keys(value.orelse, scopes)
    elif isinstance(value, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values)
    elif isinstance(value, ast.Name):
        for assigned in _assigned(value.id, scopes):
            yield from _keys(assigned, scopes)


def _assigned(name: str, scopes: tuple[ast.AST, ...]) -> Iterator[ast.expr]:
    """What a name is bound to in the innermost function that binds it, also by a loop over written values."""
    for scope in scopes:
        values: list[ast.expr] = []
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and any(
                isinstance(goal, ast.Name) and goal.id == name for goal in node.targets
            ):
                values.append(node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                values += [node.value] if node.value else []
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
                values += _looped(name, node.target, node.iter)
        if values:
            yield from values
            return


def _looped(name: str, target: ast.expr, table: ast.Tuple) -> list[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        return list(table.elts)
    if isinstance(target, ast.Tuple):
        for index, goal in enumerate(target.elts):
            if isinstance(goal, ast.Name) and goal.id == name:
                return [row.elts[index] for row in table.elts if isinstance(row, ast.Tuple)]
    return []


def _dictionary(value: ast.expr, scopes: tuple[ast.AST, ...]) -> frozenset[str] | None:
    """The keys of a dictionary that is written out, perhaps under a name; ``None`` where that cannot be told."""
    if isinstance(value, ast.Dict):
        if all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in value.keys):
            return frozenset(key.value for key in value.keys)  # type: ignore[union-attr, misc]
    elif isinstance(value, ast.DictComp) and isinstance(value.generators[0].iter, ast.Tuple):
        words = [each.value for each in value.generators[0].iter.elts if isinstance(each, ast.Constant)]
        return frozenset(map(str, words))
    elif isinstance(value, ast.Name):
        for assigned in _assigned(value.id, scopes):
            return _dictionary(assigned, scopes)
    return None
