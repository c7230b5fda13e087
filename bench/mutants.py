"""How many small mistakes the tests notice, of a random sample: `nice python bench/mutants.py [COUNT] [SEED]`.

A mutant is one module with one operator, constant, condition, result or assignment changed, tested in
a process of its own that has the libraries loaded already. One that no test of its package minds
survived, and is printed: either a test is missing or the line is not needed. Docstrings, annotations,
decorators and protocols are left alone.
"""

import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import math
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import feedparser  # noqa: F401 loaded once, for all
import httpx  # noqa: F401
import hypothesis
import lxml.etree  # noqa: F401
import pytest

ROOT = Path(__file__).parents[1]
TESTS = {
    "fetch": ["tests/fetch/test_answers.py", "tests/fetch", "tests/farm"],
    "cadence": ["tests/cadence", "tests/farm/test_farm_etiquette.py"],
    "normalize": ["tests/normalize", "tests/parse/test_golden.py"],
}
PATIENCE_S, CPU_S = 240, 90  # a mutant that hangs is noticed
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Div,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


def spared(tree: ast.AST) -> set[ast.AST]:
    """What no test can see, or only the type checker."""
    found: list[ast.AST | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg):
            found.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(node.returns)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found += node.decorator_list
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and node.body:
            found += [node.body[0]] if ast.get_docstring(node, clean=False) is not None else []
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in node.bases):
            found.append(node)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found.append(node)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in {
            "Literal",
            "Callable",
            "tuple",
            "ContextVar",
        }:
            found.append(node)
    return {inner for node in found if node is not None for inner in ast.walk(node)}


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a node by mistake."""
    other = copy.deepcopy(node)
    match other:
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                other.ops[n] = COMPARED[type(op)]()
                yield copy.deepcopy(other)
                other.ops[n] = op
            return
        case ast.BoolOp():
            other.op = ast.Or() if isinstance(other.op, ast.And) else ast.And()
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in COMPUTED:
            other.op = COMPUTED[type(op)]()
        case ast.UnaryOp(op=ast.Not()):
            other = other.operand
        case ast.Constant(value=bool()):
            other.value = not other.value
        case ast.Constant(value=int() | float()):
            other.value += 1
        case ast.Constant(value=str()) if other.value:
            other.value = f"XX{other.value}"
        case ast.Constant(value=bytes()) if other.value:
            other.value = b"XX" + other.value
        case ast.Constant(value=None):
            other.value = 1
        case ast.Break():
            other = ast.Continue()
        case ast.Continue():
            other = ast.Break()
        case ast.IfExp():
            other = other.orelse
        case ast.If() | ast.While():
            other.test = ast.UnaryOp(op=ast.Not(), operand=other.test)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            other.value = ast.Constant(None)
        case ast.Assign(value=value) if not isinstance(value, ast.Constant):
            other.value = ast.Constant(None)
        case _:
            return
    yield other


def mutants(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the line and the whole source of each mutant of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    safe = spared(tree)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            places = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for place, node in places:
                if not isinstance(node, ast.AST) or node in safe:
                    continue
                for other in changed(node):
                    if place is None:
                        setattr(parent, name, other)
                    else:
                        value[place] = other
                    what = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')} {ast.unparse(node)[:90]}"
                    yield what, ast.unparse(ast.fix_missing_locations(tree))
                if place is None:
                    setattr(parent, name, node)
                else:
                    value[place] = node


def survives(package: str, path: Path, source: str) -> bool:
    """Test a mutant in a process of its own."""
    child = os.fork()
    if not child:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 5))
        sys.meta_path.insert(0, _Finder(path, source))
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutant", max_examples=15, phases=phases, deadline=None, database=None, derandomize=True
        )
        hypothesis.settings.load_profile("mutant")
        quiet = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "-p", "no:warnings", "--assert=plain"]
        os._exit(int(pytest.main([*quiet, *TESTS[package]]) != 0))
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module, with other words in it."""

    def __init__(self, path: Path, source: str) -> None:
        self._name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        self._path, self._source = path, source

    def find_spec(self, name, _path, _target=None):
        if name != self._name:
            return None
        loader = _Loader(name, str(self._path))
        loader.source = self._source
        return importlib.util.spec_from_loader(name, loader, is_package=self._path.stem == "__init__")


class _Loader(importlib.machinery.SourceFileLoader):
    source = ""

    def get_code(self, _name):
        return compile(self.source, self.path, "exec")


def main() -> None:
    count, seed = (int(sys.argv[n]) if len(sys.argv) > n else usual for n, usual in ((1, 300), (2, 1)))
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    sys.dont_write_bytecode = True
    every = [
        (package, path, what, source)
        for package in TESTS
        for path in sorted((ROOT / "feeds" / package).glob("*.py"))
        for what, source in mutants(path)
    ]
    tried: Counter[str] = Counter()
    lived: Counter[str] = Counter()
    for package, path, what, source in random.Random(seed).sample(every, min(count, len(every))):
        tried[package] += 1
        if survives(package, path, source):
            lived[package] += 1
            print(f"survived: {what}", flush=True)
    for package in TESTS:
        print(f"{package}: {tried[package] - lived[package]} of {tried[package]} killed")
    total, killed = tried.total(), tried.total() - lived.total()
    share, z = killed / total, 1.96
    middle, spread = share + z * z / (2 * total), z * math.sqrt((share * (1 - share) + z * z / (4 * total)) / total)
    low, high = ((middle + sign * spread) / (1 + z * z / total) for sign in (-1, 1))
    print(f"{killed} of {total} killed, {share:.0%} (95%: {low:.0%} to {high:.0%}), of {len(every)} mutants")


if __name__ == "__main__":
    main()
