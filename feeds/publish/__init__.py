"""Bytes to files, and word of it to the world: the folder, the editor's own pages, the hub, the command after."""

from feeds.publish.announce import after, ping
from feeds.publish.folder import Ledger, Report, ledger, months, write
from feeds.publish.overrides import templates, translations

__all__ = ["Ledger", "Report", "after", "ledger", "months", "ping", "templates", "translations", "write"]
