"""What ten years of fifteen topics leave on a host that counts files."""

from dataclasses import replace

from feeds import regions
from feeds.model import ISO_3166_2, Feed, Site
from feeds.render import edition, place
from feeds.render.river import River

LIMIT_OF_FREE_HOSTS = 20_000


def test_ten_years_of_fifteen_topics_and_every_country_fit_a_free_host():
    nothing = River.of(Feed())
    channels = tuple(
        edition.Channel(
            slug=f"topic-{number}",
            title="Topic",
            fingerprint="",
            river=lambda: nothing,
            summary=lambda: None,
            first_month="2026-01",
            months=tuple(
                edition.Month(month=month, fingerprint="", river=lambda: nothing)
                for month in place.months("2026-01", "2035-12")
            ),
        )
        for number in range(15)
    )
    # Every country and group of countries that there is; provinces are for hosts that take more.
    everywhere = tuple(
        replace(channels[0], slug=slug, kind="region", first_month=None, months=())
        for slug, one in zip(regions.known(), regions.categories(regions.known()), strict=True)
        if one.scheme != ISO_3166_2
    )
    site = Site(
        title="Wire", url="https://wire.example.org/", compress=("gzip", "br"), public_status=True, region_feeds=True
    )
    files = list(edition.tree(edition.Edition(site=site, channels=(*channels, *everywhere), month="2035-12")))
    packed = sum(2 for file in files if not file.keep)

    assert len(files) + packed < LIMIT_OF_FREE_HOSTS
    assert 15 * 120 * 4 + 250 * 4 < len(files)
