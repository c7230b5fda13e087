"""Weighs the evidence: how strongly each country is named, and which ones the entry is about."""

from functools import cache, lru_cache

from feeds.regions import vocabulary, world
from feeds.regions.reading import Custom, Evidence, Mention, Reading


class _Weights:
    """The numbers of salience.tsv, by the names they have there."""

    def __init__(self) -> None:
        values = {name: float(value) for name, value, *_ in vocabulary.rows("salience.tsv")}
        self.kinds = values
        self.in_title = {name: value * values["title"] for name, value in values.items()}
        self.in_lead = {name: value * values["lead"] for name, value in values.items()}
        self.lead_length = values["lead-length"]
        self.decay_length = values["decay-length"]
        self.half = values["half"]
        self.most_primary = int(values["most-primary"])
        self.most_parties = int(values["most-parties"])
        self.link_length = int(values["link-length"])
        self.link_line_length = int(values["link-line-length"])
        self.links_length = int(values["links-length"])


@cache
def _weights() -> _Weights:
    return _Weights()


def after_link(text: str, start: int, end: int) -> int:
    """Return where a text goes on after words such as "Read also", which stand from `start` to `end`.

    At its end all that follows is links; within it one link, to the end of its line. In a sentence they are none:
    "earns more from bananas".
    """
    before = text[:start].rstrip(" \t\u00a0")
    if (before and before[-1].isalnum()) or before.endswith(","):
        return end
    weights = _weights()
    if len(text) - end <= weights.links_length:
        return len(text)
    line = text.find("\n", end, end + weights.link_line_length)
    return line if line >= 0 else end + weights.link_length


def weigh(evidence: list[Evidence], *, language: str | None, custom: Custom, related: bool = False) -> Reading:
    """Return the reading that some evidence gives; `related`: of news of relations between states."""
    weights = _weights()
    scores: dict[str, float] = {}
    found: dict[str, list[Evidence]] = {}
    passed: list[Evidence] = []
    for one in evidence:
        _, field, offset, kind, country, counted, _, _, _ = one
        if not counted:
            passed.append(one)
            continue
        if field != "text":
            weight = weights.in_title[kind]
        elif offset < weights.lead_length:
            weight = weights.in_lead[kind]
        else:
            weight = weights.kinds[kind] / (1 + offset / weights.decay_length)
        if country in scores:
            scores[country] += weight
            found[country].append(one)
        else:
            scores[country] = weight
            found[country] = [one]
    groups = _named_groups(passed) if passed else ()
    if not scores:
        return Reading(language=language, passed=tuple(passed), regions=groups, mentioned=groups)
    # A tie: the first named.
    ranked = sorted(scores.items(), key=_score, reverse=True) if len(scores) > 1 else list(scores.items())
    least = _least(evidence, weights.kinds) if len(scores) > 1 else dict.fromkeys(scores, 0.0)
    if groups and len(scores) > 1:
        least |= _spelt_out(evidence, least, weights.kinds)
    top, most, half = ranked[0][1], weights.most_primary, weights.half
    if related and len(scores) > 1:
        most = weights.most_parties
        least |= _parties(evidence, least, weights.kinds)
    mentions = tuple(
        [
            Mention(
                country=country,
                score=round(score / (score + half), 3),
                primary=rank < most and score >= least[country] * top,
                evidence=tuple(found[country]),
            )
            for rank, (country, score) in enumerate(ranked)
        ]
    )
    primary = tuple([mention for mention in mentions if mention.primary])
    of_primary = _regions(primary, custom)
    of_all = of_primary if len(primary) == len(mentions) else _regions(mentions, custom)
    return Reading(
        language=language,
        mentions=mentions,
        passed=tuple(passed),
        regions=_joined(of_primary, _named_groups(passed, field="title")) if groups else of_primary,
        mentioned=_joined(of_all, groups),
        point=_point(primary[0]),
    )


def related(reading: Reading, *, custom: Custom) -> Reading:
    """Return a reading weighed again, as one of news of relations between states."""
    if all(mention.primary for mention in reading.mentions):
        return reading
    evidence = [one for mention in reading.mentions for one in mention.evidence]
    return weigh([*evidence, *reading.passed], language=reading.language, custom=custom, related=True)


def _score(ranked: tuple[str, float]) -> float:
    return ranked[1]


def _least(evidence: list[Evidence], weights: dict[str, float]) -> dict[str, float]:
    """Return for each country the share of the strongest one's score that makes it primary.

    A title that names two says between whom it is, however often the text returns to one of them, and a summary that
    adds two or more to those of the title lists them: buyers, transit, passports. What comes only there is named in
    passing, unless its office-holder acts at the beginning: "The decree was signed by President Japarov".
    """
    in_title, outside, acting = set[str](), set[str](), set[str]()
    for one in evidence:
        if one.counted:
            (in_title if one.field != "text" else outside).add(one.key)
            if one.kind == "leader" and one.offset < weights["lead-length"]:
                acting.add(one.key)
    outside -= in_title
    if not in_title or not outside:
        return dict.fromkeys(in_title or outside, weights["primary-in-title" if in_title else "primary"])
    short = all(one.offset < weights["short-length"] for one in evidence if one.field == "text")
    several = len(in_title) >= weights["several-in-title"]
    share = weights["primary-outside-title-if-short" if short else "primary-outside-title"]
    if several or (short and len(outside) >= weights["listed-outside-title"]):
        share = weights["primary-in-passing-if-short" if short else "primary-in-passing"]
    least = {**dict.fromkeys(in_title, weights["primary-in-title"]), **dict.fromkeys(outside, share)}
    for country in acting & outside:
        least[country] = min(share, weights["primary"])
    return least


def _parties(evidence: list[Evidence], least: dict[str, float], weights: dict[str, float]) -> dict[str, float]:
    """Return the share that suffices for those whom news of relations names first in its text, if its title names few.

    "Three neighbours strike a bargain", and the text begins with the three; many more are a list.
    """
    in_title = _named_in_title(evidence)
    if len(in_title) >= weights["several-in-title"] or len(least) - len(in_title) >= weights["most-parties"]:
        return {}
    first = {one.key for one in evidence if one.counted and one.offset < weights["party-length"]} - in_title
    share = weights["primary-spelt-out" if len(first) >= weights["spelt-out"] else "primary-party"]
    return {country: min(least[country], share) for country in first}


def _spelt_out(evidence: list[Evidence], least: dict[str, float], weights: dict[str, float]) -> dict[str, float]:
    """Return the share that suffices for those whom the text names first of a group that the title names.

    "Central Asian ministers meet in Khiva": which ones, the text says, and the place of the meeting outweighs none.
    """
    named = {one.key for one in evidence if one.kind == "group" and one.field == "title"}
    first = {one.key for one in evidence if one.counted and one.offset < weights["lead-length"]}
    first -= _named_in_title(evidence)
    members = [country for country in first if not named.isdisjoint(world.countries()[country].above)]
    if len(members) < weights["spelt-out"]:
        return {}
    return {country: min(least[country], weights["primary-spelt-out"]) for country in members}


def _named_in_title(evidence: list[Evidence]) -> set[str]:
    return {one.key for one in evidence if one.counted and one.field != "text"}


def _named_groups(evidence: list[Evidence], *, field: str = "") -> tuple[str, ...]:
    """Return the M49 groups that are called by name, in a field or anywhere, with what lies above them."""
    slugs: dict[str, None] = {}
    for one in evidence:
        if one.kind == "group" and field in {"", one.field}:
            slugs.update(dict.fromkeys(world.up(one.key)))
    return tuple(slugs)


def _joined(slugs: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*slugs, *more))) if more else slugs


def _regions(mentions: tuple[Mention, ...], custom: Custom) -> tuple[str, ...]:
    """Return the slugs of some countries, of what lies below and above them, and of the editor's sets."""
    countries = tuple([mention.country for mention in mentions])
    places = tuple([one.place for mention in mentions for one in mention.evidence if one.place])
    slugs = _around(countries, places)
    if custom.sets:
        own = [slug for slug, region in custom.sets.items() if not region.members.isdisjoint(countries)]
        return _joined(slugs, tuple(own))
    return slugs


@lru_cache(maxsize=4096)
def _around(countries: tuple[str, ...], places: tuple[str, ...]) -> tuple[str, ...]:
    slugs = dict.fromkeys(map(str.lower, (*countries, *places)))
    for code in countries:
        if country := world.countries().get(code):
            slugs.update(dict.fromkeys(country.above))
    return tuple(slugs)


def _point(strongest: Mention) -> tuple[float, float] | None:
    """Return the place that the evidence for the strongest country names most."""
    votes: dict[tuple[float, float], float] = {}
    for one in strongest.evidence:
        if one.point:
            votes[one.point] = votes.get(one.point, 0.0) + (3 if one.field == "title" else 1)
    return max(votes, key=votes.__getitem__) if votes else None
