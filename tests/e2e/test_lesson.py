"""The lesson of docs/topics.md, followed command by command on the demo's samples."""

import re
import shlex
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "topics.md").read_text("utf-8")


def steps():
    """Yield the page's commands with what they print, and its topic where it is put into the configuration."""
    lesson = PAGE[PAGE.index("## A topic from nothing") : PAGE.index("## Overrule the machine")]
    for sort, block in re.findall(r"```(lesson|yaml)\n(.*?)```", lesson, re.DOTALL):
        if sort == "yaml":
            yield None, block.partition("\n")[2]
        else:
            yield from re.findall(r"\$ feeds (.*)\n((?:(?!\$ ).*\n)*)", block)


def said(deployment, command):
    done = deployment.run(*shlex.split(command))
    return done.stdout + done.stderr


def shows(printed, whole):
    """Say whether a command printed what the page shows; a line of dots stands for any lines."""
    parts = ["(?s:.*)" if line == "…" else re.escape(line.rstrip()) for line in printed.splitlines()]
    return re.fullmatch("\n".join(parts), trimmed(whole))


def trimmed(text):
    return "\n".join(line.rstrip() for line in text.splitlines())


def test_each_command_prints_what_the_page_shows(deployment):
    deployment.run("once")
    for command, printed in steps():
        if command is None:
            config = deployment.folder / "config.yaml"
            config.write_text(f"{config.read_text('utf-8').rstrip()}\n{printed}", "utf-8")
        else:
            assert shows(printed, said(deployment, command)), command
