"""Feeds captured again and again: what an entry is published as never flips between polls."""

from datetime import datetime
from pathlib import Path

import pytest

from feeds import dedupe, normalize, parse
from feeds.model import Document, Source

SERIES = Path(__file__).parents[3] / "shared" / "corpus" / "series"
CAPTURES = 15  # of each series, spread over its whole time


def polls(folder):
    captures = sorted(folder.iterdir())
    for capture in captures[:: max(1, len(captures) // CAPTURES)]:
        now = datetime.strptime(capture.stem, "%Y-%m-%dT%H%M%S%z")
        document = Document(url=f"https://{folder.name.replace('_', '-')}.example/feed", body=capture.read_bytes())
        read = parse.feed(document, source=folder.name)
        source = Source(id=folder.name, url=document.url)
        yield now, normalize.feed(read, source=source, base=document.url, now=now).entries


def replayed(folder, *, turned=False):
    """The published id of every entry, poll after poll, as (its own id, what it is published as)."""
    index, known, told = dedupe.Index(), {}, []
    for now, entries in polls(folder):
        for entry in dedupe.in_order(reversed(entries) if turned else entries):
            sketch = dedupe.sketch(entry)
            decision = dedupe.decide(entry, sketch, when=now, known=known.get(entry.id), index=index)
            match decision:
                case dedupe.New():
                    known[entry.id], published = entry, entry.id
                case dedupe.SameAs(match=match):
                    known[entry.id], published = known[match.id], match.id
                case dedupe.Changed() | dedupe.Unchanged():
                    published = known[entry.id].id
            if isinstance(decision, dedupe.New | dedupe.SameAs):
                index.add(published, sketch, now)
            told.append((entry.id, published))
    return told


@pytest.mark.parametrize("name", ["egf_bd24ar_feeds_feed", "egfedorov_kavkaz_soc", "headlines_bbc", "limour_yonhap_zh"])
def test_no_entry_is_ever_published_under_two_ids(name):
    folder = SERIES / name
    if not folder.exists():
        pytest.skip("../shared/corpus/series is absent")
    told = replayed(folder)

    assert len({own for own, _ in told}) == len(set(told))
    assert told == replayed(folder, turned=True)
