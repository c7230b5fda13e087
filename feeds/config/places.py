"""YAML whose every key knows its line."""

from collections.abc import Hashable
from dataclasses import dataclass

import yaml

Key = tuple[str | int, ...]

MAX_DEPTH = 20  # levels; config.yaml has four


class SyntaxMistake(Exception):  # noqa: N818 - a mistake of the editor's, not an error of ours
    """The text is not YAML."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What the text says, where each key of it stands, and which keys stand twice."""

    value: object
    lines: dict[Key, int]
    repeated: tuple[tuple[int, str], ...]

    def line(self, key: Key) -> int:
        """Return the line of the key, or of the nearest that holds it; 0 when it is nowhere."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 0)


# libyaml's reader where the wheel has it: 100 sources in 8 ms instead of 60.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str) -> Tree:
    """Return the tree of a YAML document; an empty one is an empty mapping."""
    loader = _Loader(text)
    lines: dict[Key, int] = {}
    repeated: list[tuple[int, str]] = []
    try:
        node = loader.get_single_node()
        value = {} if node is None else _walk(node, (), loader, lines, repeated)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise SyntaxMistake(mark.line + 1 if mark else 1, f"not YAML: {exc.problem}") from exc
    except yaml.YAMLError as exc:
        raise SyntaxMistake(1, f"not YAML: {exc}") from exc
    finally:
        loader.dispose()
    return Tree(value=value, lines=lines, repeated=tuple(repeated))


def scalar(text: str) -> object:
    """Return what a value would be if it stood in the file: 10 is a number, [a, b] a list."""
    try:
        return read(text).value if text.strip() else text
    except SyntaxMistake:
        return text


def _walk(
    node: yaml.Node, key: Key, loader: yaml.SafeLoader, lines: dict[Key, int], repeated: list[tuple[int, str]]
) -> object:
    lines[key] = node.start_mark.line + 1
    if len(key) > MAX_DEPTH:
        raise SyntaxMistake(node.start_mark.line + 1, f"more than {MAX_DEPTH} levels deep")
    match node:
        case yaml.MappingNode():
            mapping: dict[Hashable, object] = {}
            for name_node, value_node in node.value:
                name = loader.construct_object(name_node)
                line = name_node.start_mark.line + 1
                if name in mapping:
                    repeated.append((line, str(name)))
                mapping[name] = _walk(value_node, (*key, name), loader, lines, repeated)
                lines[(*key, name)] = line
            return mapping
        case yaml.SequenceNode():
            return [_walk(inner, (*key, n), loader, lines, repeated) for n, inner in enumerate(node.value)]
        case _:
            return loader.construct_object(node)
