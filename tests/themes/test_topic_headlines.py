"""Central Asia diplomacy on headlines of our own, apart from any gold set, in eighteen languages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from feeds import query, tagging
from feeds.model import Entry, Held

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def headlines():
    for line in (ROOT / "tests/data/topics/headlines.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, wanted, themes, title, *text = line.split("\t")
            yield language, wanted == "1", set(themes.split(",")), title, "".join(text)


@pytest.fixture(scope="module")
def judged():
    topics = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))["topics"]
    asked = query.parse(next(topic["match"] for topic in topics if topic["slug"] == "central-asia-diplomacy"))
    found = []
    for language, wanted, themes, title, text in headlines():
        tags = tagging.read(
            title=title, body=text, hint=language, home=None, when=NOW, wordlist=tagging.Wordlist()
        ).tags
        held = Held(
            entry=Entry(id=title, title=title, summary=text), source="s", first_seen=NOW, changed=NOW, tags=tags
        )
        found.append((wanted, query.matches(asked, held), "diplomacy" in themes, "diplomacy" in tags.themes))
    return found


def f1(pairs):
    hits = sum(a and b for a, b in pairs)
    return 2 * hits / (sum(a for a, _ in pairs) + sum(b for _, b in pairs))


def test_there_are_enough_headlines_in_enough_languages():
    lines = list(headlines())

    assert (True, True) == (len(lines) >= 400, len({language for language, *_ in lines}) >= 10)


def test_central_asia_diplomacy_is_right(judged):
    wrong = sum(found and not wanted for wanted, found, _, _ in judged)

    assert (True, True) == (f1([(a, b) for a, b, _, _ in judged]) >= 0.92, wrong <= 6)


def test_the_theme_is_right(judged):
    assert f1([(a, b) for _, _, a, b in judged]) >= 0.90
