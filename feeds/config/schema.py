"""The shape of config.yaml, with a sentence for every key: docs/config.md is made from it."""

import re
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

T = TypeVar("T")

_DURATION = re.compile(r"(?:\d+(?:\.\d+)?\s*(?:ms|s|m|h|d|w)\s*)+", re.ASCII)
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?", re.ASCII)
_BYTES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_FEED_NAME = re.compile(rf"(?:regions/)?{_SLUG.pattern}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def duration(value: object) -> timedelta:
    """Return the length of time a person wrote: 30m, 1h30m, 90d; a bare number is refused."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if text in {"0", "0s"}:
        return timedelta(0)
    if not isinstance(value, str) or not _DURATION.fullmatch(text):
        raise ValueError(f"{value!r} is not a length of time; write 30m, 1h30m, 7d")
    try:
        return timedelta(seconds=sum(float(n) * _SECONDS[unit] for n, unit in _DURATION_PART.findall(text)))
    except OverflowError as exc:
        raise ValueError(f"{value!r} is longer than time itself") from exc


def size(value: object) -> int:
    """Return the number of bytes a person wrote: 10MiB, 500kB, 1000."""
    found = _SIZE.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f"{value!r} is not a size; write 10MiB, 500kB")
    return int(float(found[1]) * _BYTES[found[2] or "B"])


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(f"{value!r} is not {what}")
        return value

    return check


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", value):
        raise ValueError(f"{value!r} is not an http(s) address")
    return value


def _zone(value: str) -> str:
    if re.fullmatch(r"[+-]\d{2}:\d{2}", value):
        return value
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError(f"{value!r} is not a time zone; write Asia/Almaty or +05:00") from exc
    return value


def _network(value: str) -> str:
    import ipaddress  # noqa: PLC0415 - 8 ms, and nearly no deployment has the key

    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError as exc:
        raise ValueError(f"{value!r} is not a network; write 10.0.0.0/8 or 127.0.0.1") from exc
    return value


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("must be longer than nothing")
    return value


def _number(value: object) -> object:
    if isinstance(value, bool):  # YAML reads `yes` as one
        raise ValueError(f"{value!r} is not a number".lower())  # noqa: TRY004 - pydantic tells ValueErrors only
    return value


def _store_url(value: str) -> str:
    if not value.startswith(("sqlite://", "postgresql+psycopg://")):
        raise ValueError(f"{value!r} is neither sqlite:///… nor postgresql+psycopg://…")
    return value


def _unreserved(value: str) -> str:
    if value in RESERVED:
        raise ValueError(f"{value!r} is a page of the site itself")
    return value


RESERVED = frozenset({"index", "archive", "regions", "status", "sources", "topics", "style", "robots", "favicon"})

Duration = Annotated[timedelta, BeforeValidator(duration)]
Span = Annotated[Duration, AfterValidator(_positive)]
Number = Annotated[int, BeforeValidator(_number)]
StoreUrl = Annotated[str, AfterValidator(_store_url)]
Size = Annotated[int, BeforeValidator(size)]
Slug = Annotated[str, AfterValidator(_matching(_SLUG, "a name of a-z, 0-9 and single hyphens"))]
FeedName = Annotated[str, AfterValidator(_matching(_FEED_NAME, "a topic's slug, or regions/ and a region's"))]
Language = Annotated[str, AfterValidator(_matching(_LANGUAGE, "a language code; write ru, uz-Cyrl"))]
Country = Annotated[str, AfterValidator(_matching(_COUNTRY, "a country code of two capitals (ISO 3166-1); write KZ"))]
Url = Annotated[str, AfterValidator(_web_address)]
Zone = Annotated[str, AfterValidator(_zone)]
Network = Annotated[str, AfterValidator(_network)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, hide_input_in_errors=True)


class Site(_Model):
    """Who publishes, and where."""

    title: str = Field("Feeds", description="The name of the site.")
    url: Url = Field("http://localhost:8000/", description="Where the output will be served, absolute.")
    id: str = Field("", description="Makes the ids of your feeds your own; never change it once published.")
    language: Language = Field("en", description="Language of the site's own words.")
    description: str | None = Field(None, description="A sentence for the index page.")
    contact: str | None = Field(None, description="E-mail or page of the operator, sent to publishers in User-Agent.")
    hub: Url | None = Field(None, description="WebSub hub, told after each change.")
    map: Slug | None = Field("world", description="The region the map frames, or `world`; null: no map.")


class Output(_Model):
    """Which files are written."""

    folder: str = Field("public", description="The folder to serve.")
    formats: tuple[Literal["atom", "rss", "json", "html"], ...] = Field(
        ("atom", "rss", "json", "html"), description="Formats of each feed."
    )
    archives: bool = Field(True, description="Archives by month (RFC 5005), back to the first entry.")
    region_feeds: bool = Field(False, description="Also a feed for every country and region that has entries.")
    province_feeds: bool = Field(False, description="With `region_feeds`: for every province and state of one, too.")
    public_status: bool = Field(False, description="Publish the status page and the list of sources, too.")
    templates: str | None = Field(None, description="A folder of templates that replace the shipped ones.")
    compress: tuple[Literal["gzip", "br"], ...] = Field((), description="Also write compressed copies.")
    search: Url | None = Field(None, description="Address of a search page for the index to link to.")


class Store(_Model):
    """Where the state is."""

    url: StoreUrl = Field("sqlite:///state/feeds.db", description="sqlite:///… or postgresql+psycopg://….")
    keep: Span = Field(timedelta(days=90), description="How long entries are kept.")


class Poll(_Model):
    """How sources are asked."""

    interval: Duration = Field(timedelta(minutes=30), description="The usual time between two polls of a source.")
    min: Duration = Field(timedelta(minutes=5), description="Never sooner, however busy the source.")
    max: Duration = Field(timedelta(days=1), description="Never later, however quiet the source.")
    per_host: Number = Field(2, ge=1, le=16, description="Requests at a time to one host.")
    spacing: Duration = Field(timedelta(0), description="Pause between two requests to one host.")
    deadline: Span = Field(timedelta(seconds=60), description="A request ends after this, whatever happens.")
    max_body: Size = Field(10 * 2**20, description="Largest document, raw and unpacked.")
    max_entries: Number = Field(1000, ge=1, description="Most entries read of one document.")
    first_max_age: Duration = Field(
        timedelta(days=7), description="Older entries of a first poll are not published, but for the newest ten."
    )
    first_max_entries: Number = Field(50, ge=0, description="Most entries of a first poll that are published.")
    concurrency: Number = Field(64, ge=1, le=1000, description="Requests at a time in all.")
    allow_networks: tuple[Network, ...] = Field((), description="Private networks that sources may be in.")
    proxy: str | None = Field(None, description="Proxy for all sources.")


class Publish(_Model):
    """When files are written."""

    interval: Duration = Field(timedelta(minutes=1), description="Time between two looks at what changed.")
    burst: Number | None = Field(
        None, ge=0, description="Most entries that enter a topic at a time; null: half of its `limit`; 0: any number."
    )
    burst_every: Span = Field(timedelta(minutes=30), description="Time after which as many again may enter.")
    after: str | None = Field(None, description="A command run when something changed.")
    redirects: dict[FeedName, FeedName] = Field(
        {}, description="A removed topic, or `regions/SLUG`: the topic or region that follows it."
    )


class RegionSet(_Model):
    """A region of the editor's own."""

    label: str = Field(description="Its name for people.")
    members: tuple[Country, ...] = Field(min_length=1, description="Country codes.")


class Names(_Model):
    """Changes to the gazetteer."""

    add: dict[Country, tuple[str, ...]] = Field({}, description="Country code: more names for it.")
    veto: tuple[str, ...] = Field((), description="Names that never count.")


class Theme(_Model):
    """Changes to a theme, or a theme of the editor's own."""

    label: str | None = Field(None, description="Its name for people.")
    add: dict[str, float] = Field({}, description="Term: weight; below 0 it counts against.")
    veto: tuple[str, ...] = Field((), description="Terms that never count.")


class Source(_Model):
    """A feed that is read."""

    id: Slug = Field(description="A short name that stays.")
    url: Url = Field(description="Address of the feed.")
    title: str | None = Field(None, description="Name shown to subscribers; the feed's own when missing.")
    language: Language | None = Field(None, description="Language, where the feed does not say it or says it wrongly.")
    country: Country | None = Field(
        None,
        description="Where the publisher is, and has its holidays; says nothing about its subjects.",
    )
    home: bool = Field(False, description="When an entry names no place, it is about `country`: a ministry.")
    rights: Literal["headline", "excerpt", "full", "never"] = Field(
        "excerpt", description="How much is republished; `never` is read for tagging and duplicates only."
    )
    label: str | None = Field(None, description="Shown to subscribers: state media, party, sponsored.")
    rights_line: str | None = Field(None, description="Shown to subscribers with each entry.")
    paywalled: bool = Field(False, description="An open copy leads where there is one; marked for subscribers.")
    preference: Number = Field(0, description="Among copies of one entry the highest leads.")
    hold: bool = Field(False, description="Entries wait for `feeds release`.")
    interval: Duration | None = Field(None, description="Overrules poll.interval.")
    ignore_hints: bool = Field(False, description="Overrule the publisher's ttl, skipHours and max-age.")
    timezone: Zone | None = Field(None, description="Zone of dates that carry none or a wrong one.")
    headers: dict[str, str] = Field({}, description="Request headers; values may name ${VARIABLES}.")
    username: str | None = Field(None, description="Basic authentication.")
    password: str | None = Field(None, description="Basic authentication; name a ${VARIABLE}.")
    proxy: str | None = Field(None, description="Proxy for this source.")


class Topic(_Model):
    """A feed that is published."""

    slug: Annotated[Slug, AfterValidator(_unreserved)] = Field(
        description="Name of its files; never change it once published."
    )
    title: str = Field(description="Its title.")
    match: str = Field(description="The query that selects its entries.")
    description: str | None = Field(None, description="A sentence about it.")
    language: Language | None = Field(None, description="Language of its title; the site's when missing.")
    limit: Number = Field(100, ge=1, le=1000, description="Most entries.")
    max_age: Span = Field(timedelta(days=30), description="Oldest entry.")
    per_source_a_day: Number | None = Field(None, ge=1, description="Most entries of one source in a day.")
    one_per_story: bool = Field(False, description="One entry a story, the others folded into it.")
    min_score: float | None = Field(None, ge=0, le=1, description="Weakest match.")
    order: Literal["newest", "score"] = Field("newest", description="What comes first.")
    hold: bool = Field(False, description="Entries wait for `feeds release`.")


class File(_Model):
    """config.yaml."""

    site: Site = Field(Site(), description="Who publishes, and where.")
    output: Output = Field(Output(), description="Which files are written.")
    store: Store = Field(Store(), description="Where the state is.")
    poll: Poll = Field(Poll(), description="How sources are asked.")
    publish: Publish = Field(Publish(), description="When files are written.")
    regions: dict[Slug, RegionSet] = Field({}, description="Regions of your own, by slug.")
    names: Names = Field(Names(), description="Place names to add or to ignore.")
    themes: dict[Slug, Theme] = Field({}, description="Changes to themes, by slug.")
    sources: tuple[Source, ...] = Field((), description="The feeds that are read.")
    topics: tuple[Topic, ...] = Field((), description="The feeds that are published.")
    hand: str = Field("hand.yaml", description="The file of the editor's own decisions.")


def sections() -> Iterator[tuple[str, type[_Model]]]:
    """Yield (`sources[]`, Source) and so on: every part of the file with its model."""
    yield "", File
    for name, info in File.model_fields.items():
        if (model := _model_of(info)) is not None:
            kind = str(info.annotation)
            yield name + ("[]" if kind.startswith("tuple") else ".SLUG" if kind.startswith("dict") else ""), model


def keys_beside(key: tuple[str | int, ...]) -> list[str]:
    """Return the keys that are known where this unknown one stands."""
    model: type[_Model] = File
    for part in key[:-1]:
        info = model.model_fields.get(str(part))
        model = (_model_of(info) if info else None) or model
    return list(model.model_fields)


def _model_of(info: FieldInfo) -> type[_Model] | None:
    kind: Any = info.annotation
    for candidate in (kind, *getattr(kind, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, _Model):
            return candidate
    return None
