"""Weighs the evidence: how strongly each country is named, and which ones the entry is about."""

from functools import cache

from feeds.regions import vocabulary, world
from feeds.regions.reading import Custom, Evidence, Mention, Reading


@cache
def _weights() -> dict[str, float]:
    return {name: float(value) for name, value, *_ in vocabulary.rows("salience.tsv")}


def weigh(evidence: list[Evidence], *, language: str | None, custom: Custom) -> Reading:
    """Return the reading that some evidence gives."""
    weights = _weights()
    scores: dict[str, float] = {}
    found: dict[str, list[Evidence]] = {}
    for one in evidence:
        if one.counted:
            scores[one.key] = scores.get(one.key, 0.0) + _weight(one, weights)
            found.setdefault(one.key, []).append(one)
    groups = _named_groups(evidence)
    if not scores:
        return Reading(language=language, passed=tuple(evidence), regions=groups, mentioned=groups)
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])  # a tie: the first named
    top = ranked[0][1]
    least = _least(evidence, weights)
    most = int(weights["most-primary"])
    mentions = tuple(
        Mention(
            country=country,
            score=round(score / (score + weights["half"]), 3),
            primary=rank < most and score >= least[country] * top,
            evidence=tuple(found[country]),
        )
        for rank, (country, score) in enumerate(ranked)
    )
    primary = [mention for mention in mentions if mention.primary]
    return Reading(
        language=language,
        mentions=mentions,
        passed=tuple(one for one in evidence if not one.counted),
        regions=_joined(_regions(primary, custom, below=True), _named_groups(evidence, field="title")),
        mentioned=_joined(_regions(mentions, custom, below=True), groups),
        point=_point(primary),
    )


def _least(evidence: list[Evidence], weights: dict[str, float]) -> dict[str, float]:
    """Return for each country the share of the strongest one's score that makes it primary.

    A title that names two says between whom it is, and a summary that adds three or more to those of the title lists
    them: buyers, transit, passports. What comes only there is named in passing, unless the text opens with it.
    """
    in_title, outside, opened = set[str](), set[str](), set[str]()
    for one in evidence:
        if one.counted:
            (in_title if one.field != "text" else outside).add(one.key)
            if one.field == "text" and one.offset < weights["opening-length"]:
                opened.add(one.key)
    outside -= in_title
    if not in_title or not outside:
        return dict.fromkeys(in_title or outside, weights["primary"])
    short = all(one.offset < weights["short-length"] for one in evidence if one.field == "text")
    several = len(in_title) >= weights["several-in-title"]
    opening = passing = weights["primary-outside-title-if-short" if short else "primary-outside-title"]
    if several or (short and len(outside) >= weights["listed-outside-title"]):
        passing = weights["primary-in-passing-if-short" if short else "primary-in-passing"]
    return {
        **dict.fromkeys(in_title, weights["primary"]),
        **dict.fromkeys(outside, passing),
        **dict.fromkeys(outside & opened, opening),
    }


def _named_groups(evidence: list[Evidence], *, field: str = "") -> tuple[str, ...]:
    """Return the M49 groups that are called by name, in a field or anywhere, with what lies above them."""
    slugs: dict[str, None] = {}
    for one in evidence:
        if one.kind == "group" and field in {"", one.field}:
            slugs.update(dict.fromkeys(world.up(one.key)))
    return tuple(slugs)


def _joined(slugs: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*slugs, *more))) if more else slugs


def _weight(one: Evidence, weights: dict[str, float]) -> float:
    weight = weights[one.kind]
    if one.field != "text":
        return weight * weights["title"]
    if one.offset < weights["lead-length"]:
        return weight * weights["lead"]
    return weight / (1 + one.offset / weights["decay-length"])


def _regions(mentions: "tuple[Mention, ...] | list[Mention]", custom: Custom, *, below: bool) -> tuple[str, ...]:
    """Return the slugs of some countries, of what lies below and above them, and of the editor's sets."""
    slugs: dict[str, None] = {}
    for mention in mentions:
        slugs[mention.country.lower()] = None
    if below:
        for mention in mentions:
            for one in mention.evidence:
                if one.place:
                    slugs[one.place.lower()] = None
    for mention in mentions:
        if country := world.countries().get(mention.country):
            slugs.update(dict.fromkeys(country.above))
    for slug, region in custom.sets.items():
        if any(mention.country in region.members for mention in mentions):
            slugs[slug] = None
    return tuple(slugs)


def _point(primary: list[Mention]) -> tuple[float, float] | None:
    """Return the place that the evidence for the strongest primary country names most."""
    for mention in primary[:1]:
        votes: dict[tuple[float, float], float] = {}
        for one in mention.evidence:
            if one.point:
                votes[one.point] = votes.get(one.point, 0.0) + (3 if one.field == "title" else 1)
        if votes:
            return max(votes, key=votes.__getitem__)
    return None
