"""Small mistakes put into the rules, one at a time: does a test notice? Run as `python -m tests.archive.mutants`.

A kept library was looked for: mutmut 3 and cosmic-ray want the whole test suite in a copied tree, with a database for each mutant.
Here a mutant is a changed syntax tree in a forked process, judged by the oracle and by the tests of the engine that need no
database.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import signal
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = "archive.vetoes.rules"
SOURCE = ROOT / "archive" / "vetoes" / "rules.py"
TESTS = ["test_veto_counts.py", "test_veto_rules.py", "test_veto_reach.py", "test_oracle.py"]
PATIENCE = 120  # seconds for one mutant; one that never ends has been noticed

COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "upper": "lower", "lower": "upper"}
SUMS: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand in the place of a node, each by one small mistake."""
    if isinstance(node, ast.Compare):
        for number, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                made = copy.deepcopy(node)
                made.ops[number] = other()
                yield made
    elif isinstance(node, ast.BoolOp):
        other_op: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other_op, copy.deepcopy(node.values))
        for left_out in range(len(node.values)):
            rest = copy.deepcopy([value for number, value in enumerate(node.values) if number != left_out])
            yield rest[0] if len(rest) == 1 else ast.BoolOp(copy.deepcopy(node.op), rest)
    elif isinstance(node, ast.UnaryOp):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        yield ast.BinOp(copy.deepcopy(node.left), SUMS[type(node.op)](), copy.deepcopy(node.right))
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(copy.deepcopy(node.value), NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.IfExp):
        yield copy.deepcopy(node.body)
        yield copy.deepcopy(node.orelse)
    elif isinstance(node, ast.If):
        for certain in (True, False):
            made_if = copy.deepcopy(node)
            made_if.test = ast.Constant(certain)
            yield made_if
    elif isinstance(node, ast.Return) and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, (ast.Assign, ast.AugAssign)):
        yield ast.Pass()


def _constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield ast.Constant(value + "?")


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """An argument by name is left out; what was sorted is not."""
    for number in range(len(node.keywords)):
        made = copy.deepcopy(node)
        del made.keywords[number]
        yield made
    if isinstance(node.func, ast.Name) and node.func.id == "sorted":
        yield ast.Call(ast.Name("list", ast.Load()), copy.deepcopy(node.args), [])


def places(tree: ast.Module) -> list[tuple[ast.AST, str, int | None]]:
    """(parent, field, position) of all that is judged: no docstrings, no annotations, no decorators, no imports."""
    found: list[tuple[ast.AST, str, int | None]] = []

    def walk(node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "ctx", "type_comment", "bases"}:
                continue
            for number, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(child, ast.AST) or isinstance(child, (ast.Import, ast.ImportFrom)):
                    continue
                if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                    continue
                found.append((node, name, number))
                walk(child)

    walk(tree)
    return found


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """(`line: before → after`, changed tree)"""
    tree = ast.parse(source)
    for place in range(len(places(tree))):
        parent, name, number = places(tree)[place]
        held = getattr(parent, name)
        node = held if number is None else held[number]
        for made in changes(node):
            _put(parent, name, number, made)
            changed = ast.fix_missing_locations(copy.deepcopy(tree))
            _put(parent, name, number, node)
            yield f"{node.lineno}: {_brief(node)} → {_brief(made)}", changed


def _put(parent: ast.AST, name: str, number: int | None, node: ast.AST) -> None:
    if number is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[number] = node


def _brief(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 160 else f"{text[:159]}…"


def survives(tree: ast.Module) -> bool:
    """In a forked process: the changed module takes the place of the right one, then the tests run until one fails."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(PATIENCE)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            code = _try(tree)
        except BaseException:
            code = 1
        os._exit(code)
    return os.waitpid(pid, 0)[1] == 0


def _try(tree: ast.Module) -> int:
    module = types.ModuleType(TARGET)
    sys.modules[TARGET] = module
    exec(compile(tree, str(SOURCE), "exec"), module.__dict__)
    from tests.archive import test_oracle

    test_oracle.compare(0, 2_000)
    options = [
        "-x",
        "-q",
        "--noconftest",
        "-c",
        os.devnull,
        f"--rootdir={ROOT}",
        "-m",
        "not deep",
        "--hypothesis-seed=0",
    ]
    plugins = [
        word for name in ("django", "randomly", "cacheprovider", "xdist", "socket") for word in ("-p", f"no:{name}")
    ]
    return int(pytest.main([*options, *plugins, *(str(Path(__file__).with_name(name)) for name in TESTS)]))


def main() -> None:
    """One line of JSON a mutant that survived, then a line with the number of all."""
    source, count = SOURCE.read_text("utf-8"), 0
    if not survives(ast.parse(source)):
        sys.exit("the tests fail without any mutant")
    for what, tree in mutants(source):
        count += 1
        if survives(tree):
            sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main()
