"""What can go wrong, named by the stage where it does.

FeedsError
├── ConfigError     every mistake of config.yaml at once, with lines   (exit 2)
├── QueryError      a query that cannot be read, with the place        (exit 2)
├── FetchError      a source did not give a document                   (costs one poll of one source)
├── ParseError      a document is not a feed                           (costs one poll of one source)
├── StoreError      the state cannot be read or written                (exit 1)
├── RenderError     a feed cannot be written as a format               (exit 1)
└── PublishError    a file cannot be written                           (exit 1, tried again)
"""

import unicodedata


class FeedsError(Exception):
    """Anything Feeds refuses to do, in one line a person understands."""


class ConfigError(FeedsError):
    """Mistakes in the configuration, all of them, as `line: key: what is wrong`."""

    def __init__(self, path: str, mistakes: tuple[str, ...]) -> None:
        self.path = path
        self.mistakes = mistakes
        super().__init__(f"{path}: {len(mistakes)} mistake{'s' if len(mistakes) != 1 else ''}")


class QueryError(FeedsError):
    """A query that cannot be understood: what is wrong, and at which character; `more` holds the other mistakes."""

    def __init__(self, reason: str, *, query: str, offset: int, more: tuple[tuple[int, str], ...] = ()) -> None:
        self.reason = reason
        self.query = query
        self.offset = offset
        self.more = more
        super().__init__(reason)

    def pointed(self) -> str:
        """Return the query with a caret under each mistake and the reason beside it.

        A caret stands under its character in a terminal too: Chinese is two columns wide there.
        """
        lines = []
        asked = self.query.replace("\t", " ").split("\n")  # a tab is as wide as where it stands says
        for number, line in enumerate(asked):
            start = sum(len(one) + 1 for one in asked[:number])
            lines.append(line)
            lines += [
                f"{' ' * _columns(line[: offset - start])}^ {reason}"
                for offset, reason in ((self.offset, self.reason), *self.more)
                if start <= offset <= start + len(line)
            ]
        return "\n".join(lines)


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class SourceError(FeedsError):
    """An error of one source, named."""

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class FetchError(SourceError):
    """A source did not give a document."""


class ParseError(SourceError):
    """A document is not a feed, or nothing in it can be read."""


class StoreError(FeedsError):
    """The state cannot be read or written."""


class RenderError(FeedsError):
    """A feed cannot be written in a format."""


class PublishError(FeedsError):
    """A file cannot be put in its place."""
