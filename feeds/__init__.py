"""Feeds: many news feeds in, a few curated ones out."""

__version__ = "0.1.0"
