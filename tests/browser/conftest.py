"""A real site, served on loopback: what the formats, readers and browsers of tests/browser are given."""

import functools
import http.server
import shutil
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds import publish
from feeds.cli import answering, serving
from feeds.model import ISO_3166_1, Category, Copy, Entry, Feed, Origin, Polling, Site, Source
from feeds.render import edition, status, summary
from feeds.render.river import River
from tests.press.desk import Desk, held

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOLD = (
    ("en", "KZ", "Kazakhstan", "Astana and Tehran agree on a rail link", "The line would carry grain south."),
    ("fa", "IR", "Iran", "وزیر خارجه ایران در دوشنبه دیدار کرد", "دو طرف درباره Transit گفت‌وگو کردند."),
    ("ru", "TM", "Turkmenistan", "В Ашхабаде согласовали сток Амударьи", "Стороны договорились о попусках."),
    ("uz", "UZ", "Uzbekistan", "Oʻzbekiston yangi chegara punktini ochdi", "Marosimda vakillar qatnashdi."),
    (
        "en",
        "TJ",
        "Tajikistan",
        '<script>window.hit=1</script><b onclick="window.hit=1">x</b>',
        "A &lt;img&gt; in text.",
    ),
)


def entry(number):
    language, code, label, title, text = TOLD[number % len(TOLD)]
    return Entry(
        id=f"https://source.example/{number}",
        link="javascript:window.hit=1" if language == "en" and number % 2 else f"https://source.example/{number}",
        title=f"{title} {number}",
        summary=f"<p>{text}</p>",
        categories=(Category(term=code, scheme=ISO_3166_1, label=label),),
        published=NOON - timedelta(hours=5 * number),
        language=language,
        source=Origin(id=f"https://source.example/f{number % 3}", title=f"Source {number % 3}", label="state media"),
        copies=(Copy(source="o", title="", link="https://other.example/", source_title="Other"),),
        note="Both readings differ." if number == 2 else None,
        why=("region: the capital in the title",),
        corrected=NOON if number == 3 else None,
        story=f"s{number // 2}" if number < 6 else None,
    )


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 (the base class has it so)
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".atom": "application/atom+xml",
        ".xml": "application/rss+xml",
    }

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address and the folder of a site, served on loopback."""
    folder = tmp_path_factory.mktemp("public")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    entries = tuple(map(entry, range(30)))
    feed = Feed(entries=entries, language="en")
    old = edition.Month(month="2026-10", fingerprint="", river=lambda: River.of(Feed(entries=entries[20:])))
    topic = edition.Channel(
        slug="diplomacy",
        title="Central Asia diplomacy",
        description="Acts of state",
        fingerprint="1",
        river=lambda: River.of(feed),
        summary=lambda: summary.of(River.of(feed).parts),
        first_month="2026-10",
        months=(old,),
    )
    persian = replace(topic, slug="fa", title="دیپلماسی", language="fa", description=None, first_month=None)
    country = replace(topic, slug="kz", title="Kazakhstan", kind="region", country="KZ", first_month=None)
    words = ("ok", "failing", "quiet", "gone", "new")
    health = status.Health(
        at=NOON,
        sources=tuple(
            status.SourceHealth(
                source=Source(id=word, url="https://source.example/"),
                polling=Polling(source=word, rate=2.5, newest=NOON, rhythm=(1.0,) * 48),
                state=word,
            )
            for word in words
        ),
    )
    whole = edition.Edition(
        site=Site(title="Wire", url=url, contact="editor@example.org", public_status=True),
        month="2026-11",
        channels=(country, topic, persian),
        removed=(edition.Removed(slug="old", title="Old", since=NOON),),
        health=health,
    )
    publish.write(folder, edition.tree(whole), known=publish.Ledger())
    yield url, folder
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """The address at which `feeds serve` answers queries over a state with right-to-left and hostile entries."""
    desk = Desk(tmp_path_factory.mktemp("asked"))
    desk.keep(*(replace(held(number), entry=entry(number)) for number in range(30)))
    desk.publish()
    config = desk.config
    searching = answering.Searching(config, clock=lambda: NOON)
    running = serving.server(config.output.folder, port=0, private=config.private / "status", searching=searching)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}/"
    running.shutdown()
    thread.join()
    running.server_close()
    desk.state.close()


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed (make test-all brings it from apt)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
