"""config.yaml becomes values, or every mistake with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from feeds import config
from feeds.config import schema
from feeds.errors import ConfigError

FIVE_MISTAKES = """\
site:
  title: Test
  url: not-an-address
poll:
  interval: soon
sources:
  - id: one
    url: https://one.example/feed
    langauge: ru
  - id: one
    url: https://two.example/feed
topics:
  - slug: a-topic
    title: A topic
    match: region:central-azia
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        config.load(written(folder, text), environ or {})
    return caught.value.mistakes


def test_five_mistakes_are_told_at_once_each_with_its_line(tmp_path):
    told = mistakes(tmp_path, FIVE_MISTAKES)

    # What only the whole can tell (a name twice, a query) is told with the rest.
    assert [3, 5, 9, 10, 15] == [int(line.split()[1].rstrip(":")) for line in told]


def test_a_misspelt_key_is_told_with_the_nearest_that_is_known(tmp_path):
    told = mistakes(tmp_path, "sources:\n- id: one\n  url: https://one.example/\n  langauge: ru\n")

    assert ("line 4: sources[0].langauge: unknown key; did you mean `language`?",) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("site: 5", "line 1: site: is a group of keys with values, not 5"),
        ("output: {formats: atom}", "line 1: output.formats: is a list; write [a, b], not 'atom'"),
        ("output: {region_feeds: maybe}", "line 1: output.region_feeds: is true or false, not 'maybe'"),
        ("output: {compress: [zip]}", "line 1: output.compress[0]: is one of gzip or br, not 'zip'"),
        ("poll: {per_host: many}", "line 1: poll.per_host: is a whole number, not 'many'"),
        ("poll: {max_entries: 0}", "line 1: poll.max_entries: is at least 1, not 0"),
        ("themes: {x: {add: {a: b}}}", "line 1: themes.x.add.a: is a number, not 'b'"),
    ],
)
def test_a_value_of_another_kind_is_told_in_our_words(tmp_path, text, told):
    assert (told,) == mistakes(tmp_path, text)


def test_a_key_that_is_there_twice_is_a_mistake(tmp_path):
    told = mistakes(tmp_path, "site:\n  title: A\n  title: B\n")

    assert ("line 3: title: is here twice",) == told


def test_what_is_not_yaml_is_told_with_its_line(tmp_path):
    (told,) = mistakes(tmp_path, "site:\n  title: [A\n")

    assert told.startswith("line 3: not YAML")


def test_a_missing_file_is_told_without_a_traceback(tmp_path):
    with pytest.raises(ConfigError, match="1 mistake") as caught:
        config.load(tmp_path / "none.yaml", {})

    assert "no such file" in caught.value.mistakes[0]


def test_the_environment_overlays_any_key(tmp_path):
    loaded = config.load(written(tmp_path, "poll: {interval: 30m}\n"), {"FEEDS_POLL__INTERVAL": "10m"})

    assert timedelta(minutes=10) == loaded.poll.interval


def test_a_variable_of_the_environment_that_names_no_key_is_a_mistake(tmp_path):
    (told,) = mistakes(tmp_path, "poll: {interval: 30m}\n", {"FEEDS_POL__INTERVAL": "10m"})

    assert "pol" in told


def test_a_secret_that_is_not_set_is_a_mistake_and_its_value_stays_outside(tmp_path):
    text = "sources:\n- id: one\n  url: https://one.example/\n  headers: {X-Key: '${TOKEN}'}\n"
    (told,) = mistakes(tmp_path, text)
    loaded = config.load(written(tmp_path, text), {"TOKEN": "hunter2"})

    assert "line 4: sources[0].headers.X-Key: ${TOKEN} is not set" == told
    assert "hunter2" not in repr(loaded)


def test_relative_paths_are_beside_the_file(tmp_path):
    loaded = config.load(written(tmp_path, "output: {folder: out}\n"), {})

    assert tmp_path / "out" == loaded.output.folder
    assert f"sqlite:///{tmp_path}/state/feeds.db" == loaded.store.url


@pytest.mark.parametrize(
    ("written_as", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("1h30m", timedelta(minutes=90)),
        ("90d", timedelta(days=90)),
        ("0s", timedelta()),
    ],
)
def test_lengths_of_time_are_written_as_people_write_them(written_as, length):
    assert length == schema.duration(written_as)


@pytest.mark.parametrize("written_as", ["30", "soon", "-5m", "5 parsecs", ""])
def test_what_is_no_length_of_time_is_refused(written_as):
    with pytest.raises(ValueError, match="length of time"):
        schema.duration(written_as)


@pytest.mark.parametrize(("written_as", "size"), [("10MiB", 10 * 2**20), ("500kB", 500_000), ("1000", 1000)])
def test_sizes_are_written_as_people_write_them(written_as, size):
    assert size == schema.size(written_as)


def test_a_redirect_neither_hides_what_is_published_nor_leads_to_nothing(tmp_path):
    told = mistakes(
        tmp_path,
        "sources: [{id: one, url: 'https://one.example/'}]\n"
        "topics: [{slug: new, title: New, match: 'region:kz'}]\n"
        "publish:\n  redirects:\n    old: new\n    regions/old: regions/kz\n    new: old\n    gone: regions/qq\n",
    )

    assert (
        "line 7: publish.redirects.new: is published still: a redirect would hide it",
        "line 7: publish.redirects.new: leads to 'old', which is neither a topic nor regions/ and a region",
        "line 8: publish.redirects.gone: leads to 'regions/qq', which is neither a topic nor regions/ and a region",
    ) == told
