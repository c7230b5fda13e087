"""Asking publishers: one polite, bounded, guarded question at a time.

async with fetch.Client(settings) as client:
    answer = await client.get(source, polling, now=now)
"""

from feeds.fetch.client import Client, not_a_feed
from feeds.fetch.discover import FeedLink, is_page, links
from feeds.fetch.settings import Settings
from feeds.fetch.trouble import unforeseen

__all__ = ["Client", "FeedLink", "Settings", "is_page", "links", "not_a_feed", "unforeseen"]
