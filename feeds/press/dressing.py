"""What an entry is about, as its subscribers see it: regions and themes become categories, in the feed's language."""

from dataclasses import replace

from feeds import curate, regions, themes
from feeds.config import Config
from feeds.model import THEME, Category, Entry, Tags, Topic


def dressed(entry: Entry, tags: Tags, topic: Topic, config: Config) -> Entry:
    """Return an entry with its regions and themes as categories; of a withdrawn one, the notice in that language."""
    language = topic.language or config.site.language
    if entry.source is None and not entry.link and entry.updated is not None:
        return curate.notice(entry, at=entry.updated, language=language)
    own = regions.categories(tags.regions, language=language, custom=config.regions)
    own += tuple(Category(term=slug, scheme=THEME, label=themes.label(slug)) for slug in tags.themes)
    return replace(entry, categories=entry.categories + own)
