"""Wire copy as it happens and look-alikes, in the languages of the region: labelled pairs of our own texts."""

import tomllib
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from feeds import dedupe, text
from feeds.model import Entry

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TEXTS = tomllib.loads((Path(__file__).parents[1] / "data" / "dedupe" / "languages.toml").read_text(encoding="utf-8"))
BAR_F1, BAR_LOOK_ALIKES = 0.97, 0.08


def copies(one):
    """The text as desks carry it: own headline, dateline, tail, cut to the lead, sentences reordered."""
    body, (first, second) = one["text"], one["titles"]
    sentences = text.sentences(body)
    return [
        (first, body),
        (second, one["dateline"] + body),
        (second, body + one["tail"]),
        (first, f"<p>{body[: len(body) * 3 // 5]}…</p>"),
        (second, " ".join([sentences[0], *reversed(sentences[1:])])),
        (f"{first} - Daily Wire", one["dateline"] + body[: len(body) * 4 // 5] + "…" + one["tail"]),
    ]


def look_alikes(one):
    return [(one["titles"][0], one["text"].replace(old, new, 1)) for old, new in one["changes"]]


def sketched(title, body):
    return dedupe.sketch(Entry(id="", title=title, summary=body))


def is_same(first, second):
    index = dedupe.Index()
    index.add("first", sketched(*first), NOW)
    return index.find(sketched(*second), NOW + timedelta(hours=5)) is not None


def pairs():
    for one in TEXTS["text"]:
        for first, second in combinations(copies(one), 2):
            yield one["language"], True, first, second
        for first in (copies(one)[0], copies(one)[1]):
            for second in look_alikes(one):
                yield one["language"], False, first, second


def judged():
    return [(language, same, is_same(first, second), first, second) for language, same, first, second in pairs()]


def test_the_labelled_set_is_large_and_in_many_languages():
    labelled = list(pairs())

    assert len(labelled) >= 300
    assert {"ru", "kk", "uz", "ky", "tg", "fa", "tr", "ar", "az", "zh", "en"} <= {language for language, *_ in labelled}


def test_copies_are_found_and_look_alikes_stay_apart():
    verdicts = judged()
    hits = sum(same and found for _, same, found, *_ in verdicts)
    missed = sum(same and not found for _, same, found, *_ in verdicts)
    merged = sum(found and not same for _, same, found, *_ in verdicts)

    assert 2 * hits / (2 * hits + missed + merged) >= BAR_F1
    assert merged / sum(not same for _, same, *_ in verdicts) <= BAR_LOOK_ALIKES


def test_no_changed_number_merges_in_any_language():
    wrong = [
        (language, old)
        for one in TEXTS["text"]
        for language, old, new in ((one["language"], *change) for change in one["changes"])
        if any(c.isdigit() for c in old)
        and is_same((one["titles"][0], one["text"]), (one["titles"][0], one["text"].replace(old, new, 1)))
    ]

    assert not wrong
