"""A document put together from the published one and what changed is the document made anew."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Entry, Feed, Origin, Site
from feeds.render import edition, splice
from feeds.render.river import River, fingerprint

MARKS = (
    "\n  <entry",
    "\n    <item>",
    ",\n  {\n",
    "</article>",
    "\n</feed>",
    '\n "items": [',
    "\n  </channel>",
    "]]>",
    "ə",
)
texts = st.lists(st.sampled_from((*MARKS, "a", "&lt;", "<p>text</p>")), max_size=4).map("".join)
entries = st.lists(
    st.builds(
        Entry,
        id=st.sampled_from("abcdef").map("https://source.example/{}?a=1&b='2'\"".format),
        title=texts,
        note=texts,
        story=st.sampled_from((None, "s")),
        source=st.builds(Origin, id=st.just("https://source.example/"), title=texts),
        language=st.sampled_from((None, "en", "fa")),
    ),
    unique_by=lambda entry: entry.id,
    max_size=5,
)


def files(channel):
    whole = edition.Edition(
        site=Site(title="Wire", url="https://wire.example.org/"), channels=(channel,), month="2026-11"
    )
    return {file.path: file for file in edition.tree(whole) if file.path.startswith("topic.")}


def channel(found, before=()):
    river = replace(River.of(Feed(entries=tuple(found))), before=tuple(before))
    return edition.Channel(
        slug="topic",
        title="Topic",
        fingerprint=fingerprint(river.parts),
        river=lambda: river,
        summary=lambda: None,
    )


@given(entries, entries)
def test_a_patched_document_is_the_document_made_anew(before, after):
    published = {path: file.make() for path, file in files(channel(before)).items()}
    known = [part[:2] for part in River.of(Feed(entries=tuple(before))).parts]
    for path, file in files(channel(after, known)).items():
        assert file.make() == file.patch(published[path]), path


@pytest.mark.parametrize("path", ["topic.atom", "topic.xml", "topic.json", "topic.html"])
def test_only_what_changed_is_read(path):
    told = [Entry(id=letter, title=letter) for letter in "abc"]
    published = files(channel(told))[path].make()
    asked = []

    def read(ids):
        asked.extend(ids)
        return [changed[0]]

    changed = [replace(told[0], title="new"), *told[1:]]
    river = River(
        parts=River.of(Feed(entries=tuple(changed))).parts,
        read=read,
        before=tuple(part[:2] for part in River.of(Feed(entries=tuple(told))).parts),
    )
    now = replace(channel(changed), river=lambda: river)
    files(now)[path].patch(published)

    assert ["a"] == asked


@given(entries)
def test_the_pieces_of_a_document_are_the_document(told):
    for form, path in (("atom", "topic.atom"), ("rss", "topic.xml"), ("json", "topic.json")):
        document = files(channel(told))[path].make()
        pieces = splice.cut(document, form)

        assert len(told) == len(pieces.entries)
        assert document == pieces.joined(pieces.entries)
