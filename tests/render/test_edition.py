"""The whole site as files: what is linked to comes first, and nothing is made that did not change."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from feeds import publish
from feeds.model import Feed
from feeds.render import edition, summary, withdraw
from feeds.render.river import River

GOLDEN = Path(__file__).parent.parent / "data" / "render" / "site"


@pytest.fixture
def channel(feed):
    old = edition.Month(month="2026-10", fingerprint="1", river=lambda: River.of(Feed(entries=feed.entries[4:])))
    return edition.Channel(
        slug="central-asia-diplomacy",
        title="Central Asia diplomacy",
        description="Acts of state",
        fingerprint="1",
        river=lambda: River.of(feed),
        summary=lambda: summary.of(River.of(feed).parts),
        first_month="2026-10",
        months=(old,),
    )


@pytest.fixture
def whole(site, channel):
    kazakhstan = replace(
        channel, slug="kz", title="Kazakhstan", kind="region", country="KZ", first_month=None, months=()
    )
    return edition.Edition(site=site, channels=(kazakhstan, channel), month="2026-11")


def test_the_site_is_the_golden_tree(whole):
    made = {file.path: file.make() for file in edition.tree(whole)}
    skipped = {"style.css", "favicon.svg", "index.html"}  # the map alone is 25 kB; pages are tested by what they say
    kept = {path: body for path, body in made.items() if path not in skipped}
    if not GOLDEN.exists():  # delete the folder to write it anew, then read the difference
        publish.write(GOLDEN, [f for f in edition.tree(whole) if f.path not in skipped], known=publish.Ledger())
    golden = {str(path.relative_to(GOLDEN)): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}

    assert sorted(golden) == sorted(kept)
    for path, body in golden.items():
        assert body.decode() == kept[path].decode(), path


def test_publishing_twice_writes_nothing(whole, tmp_path):
    first = publish.write(tmp_path, edition.tree(whole), known=publish.Ledger())
    again = publish.write(tmp_path, edition.tree(whole), known=publish.Ledger())

    assert not again.written
    assert len(first.written) == again.unchanged


def test_one_changed_topic_touches_only_its_files_and_the_index(whole, tmp_path):
    known = publish.Ledger()
    publish.write(tmp_path, edition.tree(whole), known=known)
    region, topic = whole.channels
    fewer = replace(topic.river(), parts=topic.river().parts[1:])
    changed = replace(topic, fingerprint="2", river=lambda: fewer, summary=lambda: summary.of(fewer.parts))
    report = publish.write(tmp_path, edition.tree(replace(whole, channels=(region, changed))), known=known)

    assert {f"central-asia-diplomacy.{kind}" for kind in ("atom", "xml", "json", "html")} | {"index.html"} == set(
        report.written
    )


def test_feeds_come_before_the_pages_that_link_to_them(whole):
    paths = [file.path for file in edition.tree(whole)]

    assert "index.html" == paths[-1]
    assert paths.index("central-asia-diplomacy.atom") < paths.index("central-asia-diplomacy.html")
    assert paths.index("archive/central-asia-diplomacy/2026-10.atom") < paths.index("central-asia-diplomacy.atom")


def test_every_local_link_of_every_page_leads_to_a_file(whole):
    made = {file.path: file.make() for file in edition.tree(whole)}
    for path, body in made.items():
        if not path.endswith(".html"):
            continue
        for href in re.findall(r'href="([^"#]+)"', body.decode()):
            if not re.match(r"[a-z]+:", href):
                parts = (Path(path).parent / href).parts
                target = []
                for part in parts:
                    target = target[:-1] if part == ".." else [*target, part]

                assert "/".join(target) in made, (path, href)


def test_a_removed_topic_leaves_a_notice_or_points_to_what_follows_it(whole, feed):
    gone = edition.Removed(slug="old", title="Old", since=feed.entries[0].published)
    plain = {f.path: f.make() for f in edition.tree(replace(whole, removed=(gone,)))}
    site = replace(whole.site, redirects={"old": "central-asia-diplomacy"})
    moved = {f.path: f.make() for f in edition.tree(replace(whole, site=site, removed=(gone,)))}

    assert b"This feed has ended" in plain["old.atom"]
    assert b"https://wire.example.org/central-asia-diplomacy.html" in moved["old.xml"]
    assert b"url=central-asia-diplomacy.html" in moved["old.html"]
    assert b"/old.atom /central-asia-diplomacy.atom 301" in moved["_redirects"]


@pytest.mark.parametrize("successor", ["central-asia-diplomacy", "regions/kz"])
def test_a_removed_region_points_to_what_follows_it_like_a_topic(whole, feed, successor):
    gone = edition.Removed(slug="caspian", title="Caspian", since=feed.entries[0].published, kind="region")
    plain = {f.path: f.make() for f in edition.tree(replace(whole, removed=(gone,)))}
    site = replace(whole.site, url="https://wire.example.org/feeds/", redirects={"regions/caspian": successor})
    moved = {f.path: f.make() for f in edition.tree(replace(whole, site=site, removed=(gone,)))}

    assert b"This feed has ended" in plain["regions/caspian.atom"]
    assert f"https://wire.example.org/feeds/{successor}.html".encode() in moved["regions/caspian.xml"]
    assert f"url=../{successor}.html".encode() in moved["regions/caspian.html"]
    assert f"/regions/caspian.json /{successor}.json 301\n".encode() in moved["_redirects"]
    assert (
        f"Redirect permanent /feeds/regions/caspian.atom https://wire.example.org/feeds/{successor}.atom\n".encode()
        in moved[".htaccess"]
    )


def test_a_region_and_a_topic_of_one_slug_are_not_taken_for_one_another(whole, feed):
    gone = edition.Removed(slug="old", title="Old", since=feed.entries[0].published, kind="region")
    site = replace(whole.site, redirects={"old": "central-asia-diplomacy"})
    made = {f.path: f.make() for f in edition.tree(replace(whole, site=site, removed=(gone,)))}

    assert b"This feed has ended" in made["regions/old.atom"]


@pytest.mark.parametrize("form", ["atom", "rss", "json", "html"])
def test_a_withdrawn_entry_leaves_a_closed_archive_and_its_neighbours_stay(whole, form):
    suffix = {"rss": "xml"}.get(form, form)
    path = f"archive/central-asia-diplomacy/2026-10.{suffix}"
    body = next(file for file in edition.tree(whole) if file.path == path).make()
    after = withdraw.without(body, form=form, ids={"https://source.example/5"})

    assert b"https://source.example/5" in body
    assert b"https://source.example/5" not in after
    assert b"https://source.example/6" in after
    assert after == withdraw.without(after, form=form, ids={"https://source.example/5"})


def test_readers_and_robots_find_every_feed_from_the_index(whole):
    made = {file.path: file.make().decode() for file in edition.tree(whole)}
    found = set(re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', made["index.html"]))
    topic = "central-asia-diplomacy"

    assert {
        ("application/atom+xml", f"{topic}.atom"),
        ("application/rss+xml", f"{topic}.xml"),
        ("application/feed+json", f"{topic}.json"),
    } == found
    assert f'xmlUrl="https://wire.example.org/{topic}.atom"' in made["topics.opml"]
    assert '<a class="button" href="topics.opml"' in made["index.html"]
    assert "User-agent: *\nAllow: /\n" == made["robots.txt"]


def test_the_map_can_be_switched_off(whole):
    def index(site):
        return next(f.make() for f in edition.tree(replace(whole, site=site)) if f.path == "index.html")

    assert b'<svg class="map"' in index(whole.site)
    assert b'<svg class="map"' not in index(replace(whole.site, map=None))


def test_the_hub_is_named_by_feeds_and_not_by_archives(whole):
    named = {f.path for f in edition.tree(whole) if b"https://hub.example.org/" in f.make()}
    places = ("central-asia-diplomacy", "regions/kz")

    assert {f"{place}.{kind}" for place in places for kind in ("atom", "xml", "json")} | {"_headers"} == named


def test_the_summary_survives_the_ledger(feed):
    short = summary.of(River.of(feed).parts)

    assert short == summary.Summary.read(json.loads(json.dumps(short.plain())))


def test_the_index_stays_under_sixty_kilobytes_with_the_map(whole):
    (index,) = [file.make() for file in edition.tree(whole) if file.path == "index.html"]

    assert len(index) < 60_000
    assert b'<a href="regions/kz.html" aria-label="Kazakhstan: 8 entries">' in index
