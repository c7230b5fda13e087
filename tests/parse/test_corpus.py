"""Real feeds, as publishers served them: each entry the manifest counted is read."""

import csv
from pathlib import Path

import pytest

from feeds import parse
from feeds.model import Document

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"

# Differences that were looked at: the number read, and why it is right.
EXPLAINED = {
    "osm-pl.xml": (8, "the document breaks off in its eighth entry, which can be read"),
    "rss_10_no_default_namespace.xml": (2, "the third entry has nothing but feedburner:origLink"),
    "picofeed_tests_fixtures_rss_20.xml": (3, "the third entry has nothing but feedburner:origLink"),
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the captured feeds stand beside the project, at ../shared/corpus")
def test_every_entry_of_the_captured_feeds_is_read():
    unexplained = []
    with (CORPUS / "manifest.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            document = Document(url="https://example.org/feed", body=(CORPUS / row["file"]).read_bytes())
            read = len(parse.feed(document).entries)
            expected = next(
                (count for name, (count, _) in EXPLAINED.items() if row["file"].endswith(name)), int(row["items"])
            )
            if read != expected:
                unexplained.append((row["file"], expected, read))

    assert [] == unexplained
