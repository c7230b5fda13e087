"""A glance at encoded entries refuses nothing that a query matches, and most of what it does not."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds import query
from feeds.model import Category, Copy, Entry, Held, Person, Tags
from feeds.query import beginnings
from feeds.store import codec
from feeds.store.glance import Glance

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def held(title="", summary=None, content=None, **fields):
    entry = Entry(
        id="1", title=title, summary=summary, content=content, **{k: v for k, v in fields.items() if k in ENTRY}
    )
    rest = {k: v for k, v in fields.items() if k not in ENTRY}
    return Held(entry=entry, first_seen=NOW, changed=NOW, **{"source": "s", **rest})


ENTRY = {"authors", "categories", "language"}


def passed(asked, *helds):
    """Say of each entry whether the glance lets it through."""
    look = Glance([query.parse(asked)])
    return [look(codec.held_apart(one)[0], beginnings.of(one.entry)) for one in helds]


@pytest.mark.parametrize(
    ("asked", "one"),
    [
        ("summit", held("SUMMITS begin")),
        ("visit", held("x", "<p>a <b>v</b>isit</p>")),
        ("visit", held("x", '<p class="y">one<br>visit</p>')),
        ("visit", held("x", 'say "visit"\nagain\tand')),
        ("back", held("x", "a\\back and \\nback")),
        ("nback", held("x", "a\\nback")),
        ("cafe", held("x", "caf&eacute; and caf&#233;")),
        ("ozbekiston", held("O&#39;zbekiston", "<i>O</i>&#39;zbekiston")),
        ("oʻzbekiston", held("O‘zbekiston")),
        ("саммит", held("«Саммитте»")),
        ("görüşme", held("GÖRÜŞMELER", language="tr")),
        ("وزير", held("والوزير")),
        ("中亚", held("第二届中国—中亚峰会")),
        ("summit", held("sum\u00admit of\u200b Asia")),
        ("word", held("x", None, "<p>only here a word</p>")),
        ("word", held("x\ue000 word")),
        ("b", held("x", "a <3 b")),
        ("visit", held("x", "vis<!-- -->it")),
        ("author:ospanova", held("x", authors=(Person(name="A. Ospanova"),))),
        ("category:politics", held("x", categories=(Category(term="Politics"),))),
        ("source:other", held("x", copies=(Copy(source="other", link="https://o.example/1", title="y"),))),
        ("lang:ru", held("x", language="RU-ru")),
        ("region:kz theme:energy", held("x", tags=Tags(regions=("kz",), themes=("energy",)))),
        ("mentions:kz", held("x", tags=Tags(mentioned=("kz",)))),
        ("kind:telegram", held("x", tags=Tags(kinds=("telegram",)))),
        ("-summit", held("x")),
        ("summit OR -region:kz", held("x")),
        ("score>0.1 OR summit", held("x")),
        ("after:2026-01-01", held("x")),
    ],
)
def test_what_matches_passes(asked, one):
    assert query.matches(query.parse(asked), one)
    assert passed(asked, held("nothing"), one)[1]


@pytest.mark.parametrize(
    "asked", ["summit", "region:kz", "summit region:kz", "region:kz OR summit", "lang:ru", "theme:energy -region:kz"]
)
def test_what_cannot_match_is_refused(asked):
    assert passed(asked, held("A quiet day", "<p>Nothing happened &amp; nobody came.</p>", language="en")) == [False]


def test_entries_whose_beginnings_are_not_known_or_were_made_otherwise_are_read():
    look, row = Glance([query.parse("summit")]), codec.held_apart(held("A quiet day"))[0]

    assert look(row, None)
    assert look(row, b"\xff\xff")
    assert not look(row, beginnings.of(held("A quiet day").entry))


def test_text_at_hand_gives_the_same_beginnings():
    entry = held("Title", "<p>Short &amp; sweet</p>", "<p>Longer than the <b>s</b>ummary of it</p>").entry

    assert set(beginnings.of(entry)) == set(beginnings.of(entry, body="Longer than the summary of it"))


def test_beginnings_are_made_as_those_in_the_stores_of_our_users_were():
    """When this fails, words are folded otherwise than before: raise `beginnings.MADE`, and then change the digest."""
    texts = "Саммитте Görüşmələr O‘zbekiston دیدار والوزير 中亚峰会 שגריר Ελλάς İstanbul cafe\u0301 ＡＢＣ Ў Ғ қ"
    made = beginnings.of(held(texts, f"<p>{texts} &amp; a</p>").entry)
    numbers = sorted({made[at : at + 2] for at in range(2, len(made), 2)})

    assert (b"\x00\x01", "cf9bb8548334a29a") == (
        made[:2],
        hashlib.blake2b(b"".join(numbers), digest_size=8).hexdigest(),
    )


def test_each_text_of_many_is_judged_by_its_own_words():
    found = passed("summit", held("A summit"), held("A quiet day"), held("Two", "summits"), held("Sum", "mit"))

    assert found == [True, False, True, False]


PARTS = [
    "summit",
    "Саммит",
    "ish",
    "görüş",
    "中亚",
    "الوزير",
    "o‘z",
    "é",
    "İ",
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<br/>",
    "<!--",
]
PARTS += [
    "&amp;",
    "&nbsp;",
    "&#39;",
    "&eacute;",
    "'",
    '"',
    "\\",
    "\n",
    " ",
    " ",
    "-",
    "\u00ad",
    "\u200c",
    "|",
    "\ue000",
    "{",
]
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=2), max_size=8).map("".join)


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4),
    st.sampled_from(["summit*", "su*", "ish", "саммит", "görüş", "中", "o'z", "e", "وزير", "وزي*", "é summit"]),
)
@example([("", "vis<b>it", "")], "visit")
def test_a_glance_never_refuses_what_matches(texts, word):
    helds = [held(title, summary or None, content or None) for title, summary, content in texts]
    matched = query.select([query.parse(f'"{word}"')], helds)[0]
    let = passed(f'"{word}"', *helds)

    assert [] == [texts[at] for at in matched if not let[at]]
