"""What the editor asks of one rule, and tells of one entry: find, preview, decide, check."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feeds import candidates, curate, hand, query, regions, urls
from feeds.config import Config, known
from feeds.errors import ConfigError, FeedsError
from feeds.model import Held, Topic
from feeds.store import Store


def find(state: Store, name: str) -> Held:
    """Return the entry of a published id or a link; raises FeedsError with a hint when there is none."""
    if (held := held_as(state, name)) is None:
        raise FeedsError(f"{name}: no such entry is held; give its id or its link, or poll its source first")
    return held


def held_as(state: Store, name: str) -> Held | None:
    """Return the entry of a published id or a link, or None when it is not held."""
    ids = state.by_ids([name]) or state.by_links([urls.canonical(name)])
    return next(state.held(ids=tuple(ids.values()), content=True), None) if ids else None


def preview(
    config: Config, state: Store, slug: str | None, *, rule: str | None, since: timedelta, now: datetime
) -> curate.Preview:
    """Return what a topic, with `rule` instead of its own if given, would select; nothing is written.

    Raises QueryError for a rule that cannot be read, FeedsError for a topic that is not there.
    """
    topic = next((topic for topic in config.topics if topic.slug == slug), None)
    if slug is not None and topic is None:
        check_names(config, {"topic": slug})
    topic = topic or Topic(slug="preview", title="Preview", match="", max_age=since, limit=1000)
    topic = replace(topic, match=rule) if rule is not None else topic
    asked = query.parse(topic.match, known=known(config))
    decisions, published = hand.load(config.hand, custom=config.regions), published_in(state, topic.slug)
    helds = candidates.of(state, since=now - since, queries=[asked], decisions=decisions, published=published)
    return curate.preview(
        topic,
        [held for held in helds if not held.backlog],
        now=now,
        published=published,
        hand=decisions,
        sources={source.id: source for source in config.sources},
    )


def decide(config: Config, decision: curate.Decision) -> None:
    """Write a decision at the end of the hand's file."""
    hand.record(config.hand, decision, custom=config.regions)


def published_in(state: Store, slug: str) -> Sequence[str]:
    """Return the ids that a topic shows now."""
    return [one.entry for one in state.publications(slug) if one.until is None]


def check_hand(config: Config) -> None:
    """Refuse decisions that cannot be read, or name what does not exist. Raises ConfigError with all of them."""
    mistakes = []
    for decision in hand.load(config.hand, custom=config.regions).decisions:
        names = {key: getattr(decision, key) for key in ("topic", "source", "regions", "themes")}
        try:
            check_names(config, names)
        except FeedsError as exc:
            mistakes.append(f"line {decision.line}: {exc}")
    if mistakes:
        raise ConfigError(str(config.hand), tuple(mistakes))


def check_names(config: Config, names: Mapping[str, object]) -> None:
    """Refuse topics, sources, regions and themes that do not exist; raises FeedsError with all of them."""
    there = known(config)
    topics = frozenset(topic.slug for topic in config.topics)
    wrong = []
    for key, all_names in (
        ("topic", topics),
        ("source", there.sources),
        ("regions", there.regions),
        ("themes", there.themes),
    ):
        given = names.get(key)
        for name in (given,) if isinstance(given, str) else given if isinstance(given, tuple) else ():
            if all_names is not None and name not in all_names:
                near = regions.nearest(name, config.regions) if key == "regions" else ()
                near = near or tuple(difflib.get_close_matches(str(name), all_names, n=1))
                wrong.append(f"{key}: there is no {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    if wrong:
        raise FeedsError("; ".join(wrong))
