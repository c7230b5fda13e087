"""A configuration is read, and every mistake in it found."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from feeds.config import places, schema, whole
from feeds.config.values import PREFIX, Config, set_from_outside
from feeds.errors import ConfigError

# Where `${NAME}` stands for a secret. Its value is looked up when it is used, by fetch.
SECRET_KEYS = frozenset({"headers", "username", "password", "proxy", "url"})
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def load(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Return the configuration at `path`, overlaid by `FEEDS_…` variables of `environ`.

    Relative folders and SQLite files are resolved against the file's own folder, so that the
    same configuration means the same thing from any working directory. Raises ConfigError
    with all mistakes, in the order of their lines.
    """
    environ = os.environ if environ is None else environ
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise ConfigError(str(path), ("there is no such file; `--config PATH` names another",)) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(str(path), (f"cannot be read: {exc}",)) from exc
    try:
        tree = places.read(text)
    except places.SyntaxMistake as exc:
        raise ConfigError(str(path), (f"line {exc.line}: {exc}",)) from exc
    mistakes: list[tuple[int, str]] = [(line, f"{key}: is here twice") for line, key in tree.repeated]
    document = _overlay(tree.value, environ, mistakes)
    mistakes += _check_variables(document, environ, (), tree)
    mistakes += [(tree.line(key), f"{_dotted(key)}: {what}") for key, what in whole.contradictions(document)]
    try:
        model = schema.File.model_validate(document)
    except ValidationError as exc:
        mistakes += [_told(error, tree) for error in exc.errors(include_url=False)]
    if mistakes:
        lines = tuple(f"line {line}: {what}" if line else what for line, what in sorted(mistakes))
        raise ConfigError(str(path), tuple(dict.fromkeys(lines)))
    return whole.config(model, folder=path.parent, environ=environ)


def _told(error: object, tree: places.Tree) -> tuple[int, str]:
    """Return one of pydantic's errors as (line, key: sentence)."""
    assert isinstance(error, dict)
    key: tuple[str | int, ...] = tuple(part for part in error["loc"] if not _is_internal(part))
    kind, line = error["type"], tree.line(key)
    name = _dotted(key)
    match kind:
        case "extra_forbidden":
            known = schema.keys_beside(key)
            near = difflib.get_close_matches(str(key[-1]), known, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; known here: {', '.join(known)}"
            return line, f"{name}: unknown key{hint}"
        case "missing":
            return line, f"{name}: is missing"
        case "value_error":
            return line, f"{name}: {error['ctx']['error']}"
        case _:
            return line, f"{name}: {_wanted(kind, error.get('ctx', {}))}, not {_shown(error['input'])}"


# What a value should have been, by the beginning of pydantic's name for the mistake.
_WANTED = {
    "string": "is a text",
    "int": "is a whole number",
    "float": "is a number",
    "finite_number": "is a number",
    "bool": "is true or false",
    "literal_error": "is one of {expected}",
    "greater_than_equal": "is at least {ge}",
    "less_than_equal": "is at most {le}",
    "tuple": "is a list; write [a, b]",
    "too_short": "needs at least {min_length}",
    "dict": "is a group of keys with values",
    "model": "is a group of keys with values",
}


def _wanted(kind: str, told: Mapping[str, object]) -> str:
    """Return in our words what a value should have been."""
    longest = max((name for name in _WANTED if kind.startswith(name)), key=len, default=None)
    return "cannot be used" if longest is None else _WANTED[longest].format(**told).replace("'", "")


def _is_internal(part: str | int) -> bool:
    """Say whether pydantic added this part of the place itself (`function-plain[...]`)."""
    return isinstance(part, str) and "[" in part


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _dotted(key: tuple[str | int, ...]) -> str:
    """Return `sources[3].url` for ("sources", 3, "url")."""
    name = ""
    for part in key:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name or "the file"


def _overlay(document: object, environ: Mapping[str, str], mistakes: list[tuple[int, str]]) -> object:
    """Return the document with each `FEEDS_A__B=value` put at a.b, read as YAML."""
    if not isinstance(document, dict):
        return document
    for name in set_from_outside(environ):
        *above, last = name.removeprefix(PREFIX).lower().split("__")
        if not above and last not in schema.File.model_fields:
            mistakes.append((0, f"environment: {name} is no key of the configuration"))
            continue
        target = document
        for part in above:
            inner = target.setdefault(part, {})
            if not isinstance(inner, dict):
                mistakes.append((0, f"environment: {name}: `{part}` is a list or a value; set it in the file"))
                break
            target = inner
        else:
            target[last] = places.scalar(environ[name])
    return document


def _check_variables(
    value: object, environ: Mapping[str, str], key: places.Key, tree: places.Tree
) -> Iterator[tuple[int, str]]:
    """Yield a mistake for each `${NAME}` that is not set; its value stays out of the configuration."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _check_variables(inner, environ, (*key, name), tree)
        case list() | tuple():
            for n, inner in enumerate(value):
                yield from _check_variables(inner, environ, (*key, n), tree)
        case str() if "${" in value and SECRET_KEYS.intersection(key):
            for found in _VARIABLE.finditer(value):
                if found[1] not in environ:
                    yield tree.line(key), f"{_dotted(key)}: ${{{found[1]}}} is not set"
