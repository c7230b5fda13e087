"""`feeds serve` shows the editor on this machine what is published, and answers queries over what is stored."""

import re
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import httpx
import pytest

from feeds import finding, hand
from feeds.cli import answering, serving
from feeds.curate import Decision
from tests.press.desk import CONFIG, NOON, Desk, held

SINCE = timedelta(days=30)
# The first query of a process that names no region reads the names of all of them.
get = partial(httpx.get, timeout=60)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.state.close()


@contextmanager
def served(desk):
    """The address of what is published, as `feeds serve` serves it."""
    config = desk.config
    running = serving.server(
        config.output.folder,
        port=0,
        private=config.private / "status",
        searching=answering.Searching(config, clock=lambda: NOON),
    )
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}/"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_a_query_finds_stored_entries_and_the_topics_they_are_in(desk):
    desk.keep(*map(held, range(3)))
    desk.publish()
    with served(desk) as url:
        answer = get(url + "search", params={"q": 'region:kz title:"matter 1"'})

    assert 200 == answer.status_code
    assert '<a href="https://one.example/1" rel="noopener noreferrer">Matter 1</a>' in answer.text
    assert "Matter 2" not in answer.text
    assert '<a href="kazakhstan.html"><bdi>Kazakhstan</bdi></a>' in answer.text


def test_a_mistake_is_pointed_at_and_the_nearest_name_is_told(desk):
    desk.publish()
    with served(desk) as url:
        answer = get(url + "search", params={"q": "region:kazakhstan OR theme:diplomcy"})

    assert 400 == answer.status_code
    assert (
        "region:kazakhstan OR theme:diplomcy\n       ^ no region is called kazakhstan; did you mean kz?" in answer.text
    )
    assert "<li>no theme is called diplomcy; did you mean diplomacy?</li>" in answer.text


def test_what_was_asked_is_text_and_never_markup(desk):
    desk.publish()
    with served(desk) as url:
        answer = get(url + "search", params={"q": '"><script>alert(1)</script>'})

    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("query", "status"), [("q=" + "x" * 501, 400), ("", 200), ("q=%ff%00&days=seven", 400), ("q=kz&days=99999999", 200)]
)
def test_whatever_is_asked_is_answered_with_a_page(desk, query, status):
    desk.publish()
    with served(desk) as url:
        answer = get(f"{url}search?{query}")

    assert status == answer.status_code
    assert "</html>" in answer.text


def test_a_query_reaches_back_as_far_as_it_is_asked_to(desk):
    desk.keep(held(1), held(24 * 10))
    desk.publish()
    with served(desk) as url:
        found = {
            days: get(url + "search", params={"q": "matter", "days": days}).text.count("<article")
            for days in (1, 7, 30)
        }

    assert {1: 1, 7: 1, 30: 2} == found


def test_who_waits_gets_what_there_was_time_for(desk):
    desk.keep(held(1), held(24 * 10))
    hurried, patient = (
        finding.search(
            desk.config, desk.state, "matter", since=SINCE, limit=9, now=NOON, patience=timedelta(seconds=seconds)
        )
        for seconds in (0, 60)
    )

    assert (0, NOON) == (hurried.count, hurried.since)
    assert (2, NOON - SINCE) == (patient.count, patient.since)
    assert patient == finding.search(desk.config, desk.state, "matter", since=SINCE, limit=9, now=NOON)


def test_a_search_shows_nothing_that_was_withdrawn_or_hidden_or_may_never_be_published(desk):
    desk.write(
        CONFIG.replace("sources:", "sources:\n  - {id: mute, url: 'https://mute.example/feed', rights: never}", 1)
    )
    desk.keep(*map(held, range(1, 4)), held(4, source="mute"))
    for number, act in ((1, "withdraw"), (2, "hide")):
        decision = Decision(at=NOON, act=act, entry=f"https://one.example/{number}")
        hand.record(desk.config.hand, decision, custom=desk.config.regions)
    desk.publish()
    with served(desk) as url:
        answer = get(url + "search", params={"q": "matter"})

    assert ["Matter 3"] == re.findall(r"Matter \d", re.sub(r"<input[^>]*>", "", answer.text))
    assert 4 == finding.search(desk.config, desk.state, "matter", since=SINCE, limit=9, now=NOON).count


def test_searching_changes_nothing(desk):
    desk.keep(held(1))
    desk.publish()
    before = desk.state.revision(), desk.tree()
    with served(desk) as url:
        get(url + "search", params={"q": "matter"})

    assert before == (desk.state.revision(), desk.tree())


def test_the_served_index_links_to_the_search_and_the_published_one_does_not(desk):
    desk.keep(held(1))
    desk.publish()
    with served(desk) as url:
        index = get(url).text

    assert '<a href="search">' in index
    assert '<a href="status.html">' in index
    assert 'href="search"' not in desk.file("index.html")


def test_the_published_index_links_to_a_search_that_the_editor_names(desk):
    desk.write(CONFIG + "\noutput: {search: 'https://search.example.org/'}\n")
    desk.publish()

    assert 'href="https://search.example.org/"' in desk.file("index.html")


def test_the_status_pages_are_served_with_their_style_and_the_state_is_not(desk):
    desk.keep(held(1))
    desk.publish()
    with served(desk) as url:
        codes = {
            name: get(url + name).status_code
            for name in ("status.html", "style.css", "sources.opml", "press.db", "published.json", "../feeds.db")
        }

    assert ["status.html", "style.css", "sources.opml"] == [name for name, code in codes.items() if code == 200]


@pytest.mark.parametrize("path", ["search", "search?q=kz", "status.html"])
def test_a_page_elsewhere_whose_name_leads_here_reads_nothing_private(desk, path):
    desk.publish()
    with served(desk) as url:
        answer = get(url + path, headers={"Host": "rebound.example"})
        public = get(url, headers={"Host": "rebound.example"})

    assert 404 == answer.status_code
    assert 200 == public.status_code
    assert 'href="search"' not in public.text


def test_only_the_head_is_sent_to_who_asks_for_it(desk):
    desk.publish()
    with served(desk) as url:
        answer = httpx.head(url + "search")

    assert 200 == answer.status_code
    assert b"" == answer.content


def test_the_search_speaks_the_language_of_the_site(desk):
    desk.write(CONFIG.replace("site: {", "site: {language: ru, "))
    desk.keep(replace(held(1)))
    desk.publish()
    with served(desk) as url:
        answer = get(url + "search", params={"q": "matter"})

    assert "1 запись" in answer.text
    assert "За какое время" in answer.text
