from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import ISO_3166_1, THEME, Category, Copy, Enclosure, Entry, Feed, Origin, Person, Site

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TITLES = (
    ("en", "Kazakhstan and Iran agree on a rail link", "Officials signed a <b>memorandum</b>."),
    ("fa", "وزیر خارجه ایران در دوشنبه دیدار کرد", "دو طرف گفت‌وگو کردند."),
    ("ru", "В Ашхабаде согласовали сток Амударьи", "Стороны договорились о попусках."),
    ("en", 'A <b>"quoted"</b> & escaped title', "Fish &amp; chips."),
)


@pytest.fixture
def site():
    return Site(
        title="Wire",
        url="https://wire.example.org/",
        contact="editor@example.org",
        description="What happens, once.",
        hub="https://hub.example.org/",
    )


@pytest.fixture
def feed():
    return Feed(
        title="Central Asia diplomacy", subtitle="Acts of state", language="en", entries=tuple(map(entry, range(8)))
    )


def entry(number):
    language, title, text = TITLES[number % len(TITLES)]
    return Entry(
        id=f"https://source.example/{number}",
        link=f"https://source.example/{number}?a=1&b=2",
        title=title,
        summary=f"<p>{text}</p>",
        content=f"<p>{text}</p><p>More of it.</p>" if number % 2 else None,
        authors=(Person(name="A. Reporter", uri="https://source.example/a"),),
        categories=(
            Category(term="KZ", scheme=ISO_3166_1, label="Kazakhstan"),
            Category(term="diplomacy", scheme=THEME, label="Diplomacy"),
        ),
        enclosures=(
            Enclosure(url="https://source.example/a.mp3", type="audio/mpeg", length=9),
            Enclosure(url="https://source.example/b.jpg", type="image/jpeg"),
        )
        if number == 0
        else (),
        image="https://source.example/i.jpg" if number == 1 else None,
        published=NOON - timedelta(hours=9 * number),
        updated=NOON - timedelta(hours=9 * number - 1),
        language=language,
        source=Origin(
            id="https://source.example/feed", title="Source", link="https://source.example/", label="state media"
        ),
        copies=(Copy(source="other", title=title, link="https://other.example/1", source_title="Other"),),
        note="Both readings differ." if number == 2 else None,
        why=("region: Astana in the title",),
        corrected=NOON if number == 4 else None,
        point=(43.25, 76.9) if number == 5 else None,
        story="s" if number < 2 else None,
    )
