"""A real browser opens every page: no error, no request elsewhere, nothing sideways, nothing hostile alive."""

import pytest

pytestmark = pytest.mark.apt

PAGES = (
    "index.html",
    "diplomacy.html",
    "fa.html",
    "regions/kz.html",
    "archive/diplomacy/2026-10.html",
    "status.html",
    "old.html",
)


SEARCHES = (
    "",
    "search",
    "search?q=region:kz",
    "search?q=region:kazakhstan+OR+theme:diplomcy",
    "search?q=nothing-like-it",
)


def look(chromium, home, names, *, width, scheme):
    """Open pages one after the other; return what the console said and which other hosts were asked."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in names:
        page.goto(home + name)

        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        assert page.evaluate("window.hit") is None
        assert 0 == page.locator("script, [onclick], a[href^='javascript']").count()
    context.close()
    return said, [address for address in asked if not address.startswith(home)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_every_page_is_quiet_and_fits(chromium, served, width, scheme):
    url, _ = served

    assert ([], []) == look(chromium, url, PAGES, width=width, scheme=scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_every_answer_to_a_query_is_quiet_and_fits(chromium, asked, width, scheme):
    said, elsewhere = look(chromium, asked, SEARCHES, width=width, scheme=scheme)

    # Chromium tells the console of every page that comes with another status than 200.
    assert [] == [line for line in said if "400 (Bad Request)" not in line]
    assert [] == elsewhere


def test_a_query_is_asked_by_the_keyboard_from_the_index_on(chromium, asked):
    page = chromium.new_page()
    page.goto(asked)
    page.get_by_role("link", name="Search the stored entries").press("Enter")
    page.get_by_label("Query").fill("region:kz title:rail")
    page.get_by_label("Query").press("Enter")
    found = page.locator("#found").inner_text()
    titles = page.locator("article h3").all_inner_texts()
    page.close()

    assert "6 entries" == found
    assert all("rail link" in title for title in titles)


def test_persian_runs_from_the_right(chromium, served):
    url, _ = served
    page = chromium.new_page()
    page.goto(url + "diplomacy.html")
    aligned = page.locator("h3:lang(fa)").first.evaluate(
        "title => { const r = document.createRange(); r.selectNodeContents(title);"
        " return title.getBoundingClientRect().right - r.getBoundingClientRect().right }"
    )
    page.close()

    assert aligned < 2


def test_choosing_a_region_shows_only_its_entries(chromium, served):
    url, _ = served
    page = chromium.new_page()
    page.goto(url + "diplomacy.html")
    page.locator(".filters summary").click()
    page.get_by_label("Uzbekistan").check()
    shown = page.locator("article:visible")
    labels = {shown.nth(number).locator(".tags").inner_text() for number in range(shown.count())}
    page.close()

    assert {"#Uzbekistan"} == {label if label.startswith("#") else f"#{label}" for label in labels}


def test_the_keyboard_reaches_the_entries_first(chromium, served):
    url, _ = served
    page = chromium.new_page()
    page.goto(url + "diplomacy.html")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    page.close()

    assert "Skip to the entries" == focused


def test_a_printed_page_has_the_entries_and_their_addresses_and_no_buttons(chromium, served):
    url, _ = served
    page = chromium.new_page()
    page.goto(url + "diplomacy.html")
    page.emulate_media(media="print")
    shown = [page.locator(what).first.is_visible() for what in (".entry h3", ".buttons", ".filters", ".why")]
    address = page.locator(".entry h3 a").first.evaluate("link => getComputedStyle(link, '::after').content")
    page.close()

    assert [True, False, False, False] == shown
    assert "https://source.example/" in address


def test_the_first_paint_comes_within_a_third_of_a_second(chromium, served):
    url, folder = served
    page = chromium.new_page()
    painted = []
    for _ in range(6):  # the first warms the browser up, whose own start is not ours
        page.goto(url + "index.html", wait_until="load")
        painted.append(
            page.evaluate(
                "new Promise(told => new PerformanceObserver(list => told(list.getEntriesByName("
                "'first-contentful-paint')[0].startTime)).observe({type: 'paint', buffered: true}))"
            )
        )
    page.close()

    assert (folder / "index.html").stat().st_size < 60_000
    assert min(painted[1:]) < 300
