"""What the documents say is what the program does."""

import importlib.util
import re
from pathlib import Path

import click
import pytest

from feeds import cli
from feeds.cli import context

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("docs_generator", ROOT / "tools" / "docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("page", "maker"), [("config.md", "config"), ("commands.md", "commands")])
def test_generated_pages_are_what_make_docs_would_write(generator, page, maker):
    assert getattr(generator, maker)() == (ROOT / "docs" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_has_a_help_that_says_what_it_does(name):
    command = cli.feeds.get_command(click.Context(cli.feeds), name)

    assert command is not None
    assert (command.help or "").endswith((".", ")", "]")) or len(command.help or "") > 20
    assert name in context.SUMMARIES


def test_commands_that_the_readme_shows_exist():
    shown = set(re.findall(r"^    feeds ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))

    assert shown
    assert shown <= set(cli.COMMANDS)


def test_documents_link_to_files_that_are_there():
    missing = [
        f"{page.name}: {link}"
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert [] == missing
