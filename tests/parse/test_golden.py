"""Documents and what they say: put a pair in tests/data/parse, and it is tested.

`<what>.xml` is the document to the byte, `<what>.json` what `feeds parse --json` says of it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import normalize, parse
from feeds.model import Document, Source

PAIRS = sorted((Path(__file__).parents[1] / "data" / "parse").glob("*.xml"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BASE = "https://base.example/feed.xml"


@pytest.mark.parametrize("document", PAIRS, ids=lambda path: path.stem)
def test_a_document_says_what_stands_beside_it(document):
    expected = json.loads(document.with_suffix(".json").read_text(encoding="utf-8"))
    feed = parse.feed(Document(url=BASE, body=document.read_bytes()))

    assert expected == normalize.listing(normalize.feed(feed, source=Source(id="s", url=BASE), base=BASE, now=NOW))


@pytest.mark.parametrize("document", PAIRS, ids=lambda path: path.stem)
def test_what_was_made_of_a_document_is_made_again(document):
    feed = parse.feed(Document(url=BASE, body=document.read_bytes()))
    once = normalize.feed(feed, source=Source(id="s", url=BASE), base=BASE, now=NOW)

    assert once == normalize.feed(once, source=Source(id="s", url=BASE), base=BASE, now=NOW)
