"""Every example of docs/topics.md is what the program does."""

import re
from pathlib import Path

import pytest
import yaml

from feeds import hand, query, regions, themes
from feeds.errors import QueryError
from feeds.query import words
from feeds.themes import rules
from feeds.themes.vocabulary import Vocabulary

PAGE = (Path(__file__).parents[2] / "docs" / "topics.md").read_text("utf-8")
KNOWN = query.Known(
    regions=regions.known(),
    themes=themes.slugs(),
    sources=frozenset({"akipress"}),
    kinds=themes.kinds(),
    near_region=regions.nearest,
)


def blocks(sort):
    return re.findall(rf"```{sort}\n(.*?)```", PAGE, re.DOTALL)


def queries():
    for block in blocks("query"):
        if block.startswith("("):
            yield " ".join(block.split())
        else:
            yield from block.strip().splitlines()


@pytest.mark.parametrize("text", list(queries()))
def test_a_query_of_the_page_is_understood_and_written_back(text):
    parsed = query.parse(text, known=KNOWN)

    assert parsed == query.parse(str(parsed), known=KNOWN)


@pytest.mark.parametrize("block", blocks("refused"))
def test_a_refusal_of_the_page_is_the_programs(block):
    with pytest.raises(QueryError) as refused:
        query.parse(block.splitlines()[0], known=KNOWN)

    assert block.rstrip("\n") == refused.value.pointed()


@pytest.mark.parametrize("line", [line for block in blocks("forms") for line in block.strip().splitlines()])
def test_the_page_says_which_forms_of_a_word_are_found(line):
    language, word, _, said = line.split(maxsplit=3)
    found, others = (part.split(",") for part in said.split("but not"))

    for form in (*found, *others):
        hit = words.find(words.patterns(word), words.plain(form), language)
        assert (hit is not None) == (form in found), form


def test_the_topic_of_the_page_is_understood():
    topics = [part["topics"][0] for block in blocks("yaml") if "topics" in (part := yaml.safe_load(block))]

    assert query.parse(topics[0]["match"], known=KNOWN).root


def test_the_decisions_of_the_page_can_be_loaded(tmp_path):
    path = tmp_path / "hand.yaml"
    path.write_text(blocks("hand")[0], "utf-8")

    assert {"pin", "hide", "note", "retag", "hold", "release", "withdraw"} == {
        decision.act for decision in hand.load(path).decisions
    }


@pytest.mark.parametrize("slug", sorted(rules().themes) + sorted(rules().kinds))
def test_every_theme_and_kind_is_on_the_page(slug):
    assert re.search(rf"[`\s]{slug}[`\s]", PAGE)


def test_the_words_of_the_page_can_be_used():
    part = next(part["themes"] for block in blocks("yaml") if "themes" in (part := yaml.safe_load(block)))
    changes = tuple(type("Change", (), {"slug": slug, **change})() for slug, change in part.items())

    assert "diplomacy" in themes.read(title="Quartet meetings", language="en", words=Vocabulary(changes=changes)).themes
