"""A configuration that was found right is not checked again, and never believed where it should not be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from feeds import config
from feeds.config import remembered
from feeds.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config.yaml"
THEMES = """
themes:
  chess: {label: Chess, add: {gambit: 2}, veto: [opening]}
regions:
  steppe: {label: The steppe, members: [KZ, MN]}
names: {add: {KZ: [Alash]}, veto: [Georgia]}
site: {map: steppe}
sources:
  - {id: one, url: "https://one.example/", interval: 90s, headers: {X-Key: abc}, timezone: "+05:00"}
topics: [{slug: chess, title: Chess, match: "theme:chess region:steppe", max_age: 7d, min_score: 0.5}]
"""
LOADED = (
    "import sys; from pathlib import Path; from feeds import config\n"
    "print(config.recall(Path(sys.argv[1]), {}).site.title, 'pydantic' in sys.modules, 'lark' in sys.modules)"
)


@pytest.fixture
def path(tmp_path) -> Path:
    (tmp_path / "config.yaml").write_text("site: {title: First}\n", encoding="utf-8")
    return tmp_path / "config.yaml"


def kept(path: Path) -> Path:
    return path.parent / "state" / remembered.NAME


@pytest.mark.parametrize("text", [THEMES, "", SHIPPED.read_text(encoding="utf-8").replace("$", "")])
def test_what_is_recalled_is_what_was_checked(path, text):
    path.write_text(text, encoding="utf-8")
    checked = config.load(path, {})

    assert [checked, checked] == [config.recall(path, {}), config.recall(path, {})]
    assert kept(path).exists()


def test_what_finds_mistakes_is_not_loaded_to_find_none(path):
    told = [
        subprocess.check_output(
            [sys.executable, "-c", LOADED, str(path)], env={**os.environ, "PYTHONPATH": "."}, text=True
        ).split()
        for _ in range(2)
    ]

    assert [["First", "True", "True"], ["First", "False", "False"]] == told


def test_an_edited_file_is_checked_again_and_its_mistakes_are_told(path):
    config.recall(path, {})
    path.write_text("site: {title: Second}\n", encoding="utf-8")
    assert "Second" == config.recall(path, {}).site.title

    path.write_text("site: {titel: Third}\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        config.recall(path, {})


def test_the_same_file_in_another_folder_means_other_folders(path, tmp_path):
    config.recall(path, {})
    other = tmp_path / "other"
    (other / "state").mkdir(parents=True)
    (other / "config.yaml").write_bytes(path.read_bytes())
    (other / "state" / remembered.NAME).write_bytes(kept(path).read_bytes())
    (other / "state" / remembered.NAME).chmod(0o600)

    assert other / "public" == config.recall(other / "config.yaml", {}).output.folder


def test_what_others_may_write_or_read_is_not_believed(path):
    config.recall(path, {})
    digest = kept(path).read_bytes()[:32]
    path.write_text("site: {title: Forged}\n", encoding="utf-8")
    config.recall(path, {})
    forged = digest + kept(path).read_bytes()[32:]
    path.write_text("site: {title: First}\n", encoding="utf-8")
    kept(path).write_bytes(forged)
    assert "Forged" == config.recall(path, {}).site.title  # of the owner's own hand

    for mode in (0o620, 0o602, 0o640, 0o604):
        kept(path).write_bytes(forged)
        kept(path).chmod(mode)
        assert "First" == config.recall(path, {}).site.title
        assert 0o600 == kept(path).stat().st_mode & 0o777


@pytest.mark.parametrize("torn", [b"", b"x" * 20, None])
def test_what_is_torn_is_checked_again(path, torn):
    config.recall(path, {})
    kept(path).write_bytes(kept(path).read_bytes()[:-3] if torn is None else torn)

    assert "First" == config.recall(path, {}).site.title


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("site: {title: First}\n", {"FEEDS_SITE__TITLE": "Second"}),
        ("store: {url: 'postgresql+psycopg://u:${SECRET}@h/d'}\n", {"SECRET": "hunter2"}),
    ],
)
def test_where_the_environment_has_a_say_nothing_is_remembered(path, text, environ):
    path.write_text(text, encoding="utf-8")

    assert config.load(path, environ) == config.recall(path, environ)
    assert not kept(path).exists()


def test_a_folder_that_cannot_be_written_costs_only_the_memory(path):
    (path.parent / "state").write_text("a file in its place")

    assert "First" == config.recall(path, {}).site.title
