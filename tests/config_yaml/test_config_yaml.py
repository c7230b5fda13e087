"""The deployment in config.yaml keeps the promises it makes to editors and lawyers."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
BARRED_HOSTS = ("rt.com", "sputnik.kz", "sputnik.kg", "sputniknews.ru", "ria.ru", "lenta.ru", "kloop.kg", "presstv.ir")
STATE_HOSTS = ("inform.kz", "uza.uz", "kabar.kg", "khovar.tj", "irna.ir", "azertag.az", "trthaber.com", "tass.com")
TOPICS = (
    "central-asia-diplomacy",
    "borders-water-climate",
    "transport-corridors",
    "energy-minerals",
    "trade-sanctions",
    "security",
    "afghanistan-neighbours",
    "iran-neighbours",
    "south-caucasus-diplomacy",
)

config: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
sources: list[dict[str, Any]] = config["sources"]


def on(source: dict[str, Any], hosts: tuple[str, ...]) -> bool:
    host = urlsplit(source["url"]).hostname or ""
    return any(host == known or host.endswith("." + known) for known in hosts)


def test_there_are_enough_sources_to_be_a_real_deployment():
    assert len(sources) >= 60


@pytest.mark.parametrize("key", ["id", "url", "title"])
def test_no_two_sources_are_the_same(key):
    seen = Counter(source[key] for source in sources)

    assert [] == [value for value, times in seen.items() if times > 1]


def test_ids_are_slugs():
    assert [] == [source["id"] for source in sources if not SLUG.fullmatch(source["id"])]


def test_every_source_says_its_language_and_its_country():
    vague = [
        source["id"]
        for source in sources
        if not re.fullmatch(r"[a-z]{2,3}", source.get("language", ""))
        or not re.fullmatch(r"[A-Z]{2}", source.get("country", ""))
    ]

    assert [] == vague


def test_every_language_of_central_asia_and_its_neighbours_is_read():
    wanted = {"ky", "kk", "uz", "tg", "tk", "fa", "ps", "ru", "az", "hy", "ka", "tr", "zh", "ar", "mn", "en", "uk"}

    assert set() == wanted - {source["language"] for source in sources}


def test_no_language_of_central_asia_hangs_on_one_newsroom():
    shown = Counter(source["language"] for source in sources if source.get("rights") != "never")

    assert [] == [language for language in ("ky", "kk", "uz", "tg", "tk") if shown[language] < 3]


def test_the_readme_counts_them():
    languages = {source["language"] for source in sources}
    told = f"{len(sources)} sources in {len(languages)} languages"

    assert told in (ROOT / "README.md").read_text(encoding="utf-8")


def test_english_is_not_half_of_it():
    english = sum(source["language"] == "en" for source in sources)

    assert english < len(sources) / 2


def test_what_may_not_be_republished_somewhere_is_not_republished_here():
    assert [] == [source["id"] for source in sources if on(source, BARRED_HOSTS) and source.get("rights") != "never"]


def test_gazeta_uz_gives_its_headlines_only():
    gazeta = [source for source in sources if on(source, ("gazeta.uz",))]

    assert {"headline"} == {source.get("rights") for source in gazeta}


def test_state_media_say_so():
    assert [] == [source["id"] for source in sources if on(source, STATE_HOSTS) and "label" not in source]


def test_only_governments_speak_from_home():
    assert {"government"} == {source["label"] for source in sources if source.get("home")}


def test_country_is_where_a_publisher_is_not_what_it_speaks_about():
    radio = ("azattyk.org", "azattyq.org", "ozodlik.org", "ozodi.org", "azathabar.com", "radiofarda.com", "rferl.org")

    assert {"CZ"} == {source["country"] for source in sources if on(source, radio)}


def test_feeds_that_run_dry_in_hours_are_asked_often():
    shallow = {source["id"]: source.get("interval") for source in sources if source["id"] in {"trend-en", "kun-uz"}}

    assert {"trend-en": "1h", "kun-uz": "1h"} == shallow


def test_an_editor_finds_the_topics_in_the_order_agreed():
    assert TOPICS == tuple(topic["slug"] for topic in config["topics"])


def test_every_topic_says_what_it_is_and_what_it_takes():
    assert [] == [t["slug"] for t in config["topics"] if not (t["title"] and t["description"] and t["match"].strip())]


def test_region_sets_name_countries_once():
    for slug, region in config["regions"].items():
        members = region["members"]

        assert len(members) == len(set(members)), slug
        assert SLUG.fullmatch(slug)
        assert all(re.fullmatch(r"[A-Z]{2}", member) for member in members), slug


def test_the_region_sets_of_the_trade_are_there():
    assert set() == {"caspian", "c5-plus-1", "silk-road", "eaeu", "eco", "ots", "sco"} - set(config["regions"])


def test_nothing_secret_is_in_it():
    secrets = [s["id"] for s in sources if not {"username", "password", "headers", "proxy"}.isdisjoint(s)]

    assert [] == secrets
