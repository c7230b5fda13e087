"""Pages say what they should, in the reader's language, and markup from feeds stays text."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from feeds.errors import RenderError
from feeds.model import ISO_3166_1, M49, REGION, Category, Entry, Feed, Polling, Source
from feeds.render import pictures, status, summary, wording
from feeds.render.place import Place, months
from feeds.render.river import River

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def page(site, feed):
    def make(**changes):
        from feeds.render import site as pages  # noqa: PLC0415 (the fixture has the name)

        desk = pages.desk(replace(site, **changes.pop("site", {})), **changes.pop("desk", {}))
        told = replace(feed, **changes)
        whole = River.of(told)
        return pages.page(
            desk,
            replace(told, updated=whole.newest),
            place=Place(site=site, slug="a"),
            parts=whole.parts,
            articles=pages.articles(desk, told.entries),
        ).decode()

    return make


def test_the_river_is_grouped_by_day_and_story(page):
    html = page()

    assert 4 == html.count('<section class="day')
    assert "Friday, 20 November 2026" in html
    assert 1 == html.count(" further ")
    assert "Also reported by:" in html
    assert "<b>Editor’s note:</b> Both readings differ." in html
    assert "Corrected 20 November 2026, 12:00 UTC" in html


def test_an_entry_is_labelled_with_its_countries_and_not_with_every_group_they_are_in(page):
    kinds = ((ISO_3166_1, "KZ", "Kazakhstan"), (M49, "143", "Central Asia"), (REGION, "cis", "CIS"))
    told = tuple(Category(term=term, scheme=scheme, label=label) for scheme, term, label in kinds)

    assert "<li>Kazakhstan</li></ul>" in page(entries=(Entry(id="a", title="t", categories=told),))
    assert "<li>CIS</li></ul>" in page(entries=(Entry(id="a", title="t", categories=told[1:]),))


def test_text_of_each_language_is_marked(page):
    html = page()

    assert '<h3 dir="auto" lang="fa"><a href' in html
    assert '<html lang="en" dir="ltr">' in html


def test_the_interface_speaks_russian_and_what_an_editor_adds(page):
    assert "Об этом также сообщают" in page(site={"language": "ru"})
    assert "Тағы хабарлады" in page(site={"language": "kk"}, desk={"translations": {"kk": {"also": "Тағы хабарлады"}}})


def test_markup_from_a_feed_stays_text(page):
    hostile = Entry(
        id='x"><script>alert(1)</script>',
        title="<script>alert(2)</script>",
        link="javascript:alert(3)",
        summary="<img src=x onerror=alert(4)><svg onload=alert(5)>text",
        note="<b onclick=alert(6)>note</b>",
        why=("<i>why</i>",),
        published=NOON,
    )
    html = page(entries=(hostile,))

    assert "<script" not in html
    assert "javascript:" not in html
    assert not re.search(r"<[^>]+\son\w+=", html.replace("&#34;", "").replace("&lt;", ""))
    assert "<img" not in html


def test_an_editors_template_goes_before_ours(page):
    assert page(desk={"templates": {"page.html": "{{ feed.title }}!"}}).startswith("Central Asia diplomacy!")


def test_a_mistake_in_an_editors_template_is_named(page):
    with pytest.raises(RenderError, match=r"page\.html, line 2"):
        page(desk={"templates": {"page.html": "\n{% if %}"}})
    with pytest.raises(RenderError, match="nonsense"):
        page(desk={"templates": {"page.html": "{{ nonsense }}"}})


def test_every_translation_has_every_phrase_and_its_places():
    folder = resources.files("feeds") / "data" / "i18n"
    english = json.loads((folder / "en.json").read_text("utf-8"))
    for file in folder.iterdir():
        phrases = json.loads(file.read_text("utf-8"))

        assert english.keys() == phrases.keys()
        for key, phrase in english.items():
            if isinstance(phrase, str):
                assert set(re.findall(r"{\w+}", phrase)) == set(re.findall(r"{\w+}", phrases[key])), key


def test_russian_counts_as_russian_does():
    words = wording.words("ru")

    assert ["1 запись", "3 записи", "11 записей", "21 запись"] == [words.count("entries", n) for n in (1, 3, 11, 21)]


def test_months_run_without_a_gap():
    assert ("2025-11", "2025-12", "2026-01") == months("2025-11", "2026-01")


def test_the_map_shades_by_count_and_claimed_land_by_nobody():
    drawn = pictures.world({"KZ": 50, "UZ": 1, "RU": 1})
    shades = {country.code: country.shade for country in drawn.countries}

    assert (5, 1, 0) == (shades["KZ"], shades["UZ"], shades["FR"])
    assert 0 == shades[""]
    assert sum(len(country.path) for country in drawn.countries) < 30_000


def test_a_framed_map_shows_its_countries_and_neighbours():
    codes = {country.code for country in pictures.world({}, ("KZ", "KG", "TJ", "TM", "UZ")).countries}

    assert {"KZ", "KG", "TJ", "TM", "UZ", "IR", "AF", "CN"} <= codes
    assert not {"BR", "US"} & codes


def test_a_sparkline_has_a_bar_for_each_day_with_entries():
    path, total = pictures.spark([(date(2026, 11, 20), 4), (date(2026, 11, 18), 2)], date(2026, 11, 20))

    assert "M108 24v-12h3v12zM116 24v-24h3v24z" == path
    assert 6 == total


def test_the_status_page_puts_first_what_needs_a_hand_and_keeps_secrets(site):
    from feeds.render import site as pages  # noqa: PLC0415 (the fixture has the name)

    found = status.Health(
        at=NOON,
        sources=tuple(
            status.SourceHealth(
                source=Source(id=word, url="https://s.example/", password="hush", headers={"X": "hush"}),
                polling=Polling(source=word),
                state=word,
            )
            for word in ("ok", "failing")
        ),
    )
    html = status.page(found, pages.desk(site)).decode()

    assert html.index("<bdi>failing") < html.index("<bdi>ok")
    assert "hush" not in html + status.as_json(found).decode()


def test_the_status_page_says_how_many_need_a_hand_what_to_do_and_what_it_all_costs(site):
    from feeds.render import site as pages  # noqa: PLC0415 (the fixture has the name)

    def told(*words):
        polling = Polling(source="s", polls=3, rate=4.0, last_polled_at=NOON, next_poll_at=NOON + timedelta(hours=2))
        sources = [
            status.SourceHealth(source=Source(id=f"s{n}", url="https://s.example/"), polling=polling, state=word)
            for n, word in enumerate(words)
        ]
        return status.page(status.Health(at=NOON, sources=tuple(sources)), pages.desk(site)).decode()

    page = told("ok", "html", "new", "quiet")

    assert "2 of 4 need a hand." in page
    assert "feeds discover finds the feed" in page
    assert page.index("a page, not a feed</span> <span>1<") < page.index("quiet</span> <span>1<") < page.index(">s0<")
    assert "48 requests a day for 16 entries; 12 polls so far" in page
    assert "None of 1 needs a hand." in told("ok")


def test_regions_without_entries_now_stay_on_the_index_out_of_the_way(site):
    from feeds.render import site as pages  # noqa: PLC0415 (the fixture has the name)

    rows = [
        pages.Row(
            place=Place(site=site, slug=slug, kind="region"),
            title=slug.upper(),
            description=None,
            country=slug.upper(),
            summary=summary.of(
                River.of(Feed(entries=tuple(Entry(id=f"{slug}{n}", title="t") for n in range(count)))).parts
            ),
        )
        for slug, count in (("ir", 0), ("kz", 2))
    ]
    shown, _, idle = pages.index(pages.desk(site), rows=rows).decode().partition('<details class="idle">')

    assert '<a href="regions/kz.html">KZ</a> <span>2</span>' in shown
    assert '<a href="regions/ir.html">IR</a></li>' in idle


def test_an_empty_feed_has_a_page(page):
    assert "Nothing yet." in page(entries=Feed().entries)
