"""Write the generated pages of docs/: the configuration reference and the command line."""

import sys
from datetime import timedelta
from pathlib import Path

import click

from feeds import cli
from feeds.config import schema

DOCS = Path(__file__).parent.parent / "docs"
WIDTH = 100


def config() -> str:
    """Return docs/config.md."""
    lines = [
        "# config.yaml",
        "",
        "Made by `make docs` from the models in `feeds/config/schema.py`; a test keeps them equal.",
        "",
        "Durations are written as people write them: `30m`, `1h30m`, `7d`. Sizes likewise: `10MiB`. Any key can be set",
        "by the environment: `FEEDS_POLL__INTERVAL=10m` is `poll.interval`. `${NAME}` in `url`, `headers`, `username`,",
        "`password` and `proxy` stands for a variable of the environment, for secrets.",
        "`feeds check` tells every mistake at once, with its line.",
    ]
    for name, model in schema.sections():
        if not name:
            continue
        lines += [
            "",
            f"## `{name}`",
            "",
            (model.__doc__ or "").strip(),
            "",
            "| key | default | what it is |",
            "| --- | --- | --- |",
        ]
        for key, info in model.model_fields.items():
            default = "required" if info.is_required() else f"`{_shown(info.default)}`"
            lines.append(f"| `{key}` | {default} | {info.description} |")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    match value:
        case timedelta():
            seconds = int(value.total_seconds())
            for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
                if seconds and seconds % length == 0:
                    return f"{seconds // length}{unit}"
            return f"{seconds}s"
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case tuple() | dict():
            return "[" + ", ".join(map(str, value)) + "]"
        case int() if value and value % 2**20 == 0:
            return f"{value // 2**20}MiB"
        case _:
            return str(value) or '""'


def commands() -> str:
    """Return docs/commands.md: `--help` of every command."""
    parts = ["# Commands", "", "Made by `make docs` from the program; a test keeps them equal.", ""]
    context = click.Context(cli.feeds, info_name="feeds", max_content_width=WIDTH, terminal_width=WIDTH)
    parts += ["```", cli.feeds.get_help(context), "```"]
    for name in cli.feeds.list_commands(context):  # type: ignore[attr-defined]
        command = cli.feeds.get_command(context, name)  # type: ignore[attr-defined]
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH)
        parts += ["", f"## feeds {name}", "", "```", command.get_help(inner), "```"]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the pages."""
    for name, page in (("config.md", config()), ("commands.md", commands())):
        (DOCS / name).write_text(page, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
