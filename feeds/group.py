"""`feeds group`: which of many records are the same entry, and which tell the same story.

Stateless: the records in, the final clusters out, as the command line contract has them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feeds import dedupe, stories, text
from feeds.errors import FeedsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A record's cluster (the id of the first record of its entry) and its story (that of the story's first)."""

    id: str
    cluster: str
    story: str


def group(records: Iterable[Mapping[str, Any]]) -> Iterator[Grouped]:
    """Return the groups of records {id, title, text, url, ts}, in their order, at the end of the input.

    `ts` is in seconds since 1970; records are in order of time. A copy is in its entry's story.
    """
    index, told = dedupe.Index(), stories.Index()
    leads: dict[str, str] = {}
    new: list[stories.New] = []
    ids = []
    for record in records:
        id_ = str(record["id"])
        title, body = text.clean(record.get("title") or ""), text.from_html(record.get("text") or "")
        when = _moment(record)
        sketch = dedupe.of_text(title=title, body=body, link=record.get("url"))
        match, refused = index.judge(sketch, when)
        lead = match.id if match else id_
        if match is None:
            index.add(id_, sketch, when)
        else:
            index.add_wording(lead, sketch, when)
        for other in match.also if match and match.reason == "link" else ():
            leads[other] = lead  # a link that joins two entries proves them one: the older id stays
        leads[id_] = lead
        ids.append(id_)
        if match is None:
            apart = tuple(one.id for one in refused if one.another_event)
            features = stories.of_text(title=title, body=body)
            new.append(stories.New(id=id_, features=features, when=when, apart=apart))
    told.place(new)
    for id_ in ids:
        cluster = id_
        while leads[cluster] != cluster:
            cluster = leads[cluster]
        yield Grouped(id=id_, cluster=cluster, story=told.story(cluster) or cluster)


def _moment(record: Mapping[str, Any]) -> datetime:
    """Return the time of a record. Raises FeedsError naming the record when `ts` is no time in seconds."""
    try:
        return datetime.fromtimestamp(float(record.get("ts") or 0), UTC)
    except (TypeError, ValueError, OverflowError, OSError) as exc:
        raise FeedsError(f"{record['id']}: ts is {record['ts']!r}, not seconds since 1970") from exc
