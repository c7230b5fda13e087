"""Bytes to files, and word of it to the world: the folder, the editor's own pages, the hub, the command after."""

from feeds.publish.announce import after, ping
from feeds.publish.folder import Report, months, write
from feeds.publish.ledgers import Ledger, ledger
from feeds.publish.overrides import templates, translations

__all__ = ["Ledger", "Report", "after", "ledger", "months", "ping", "templates", "translations", "write"]
