"""The law of the store: what is held comes back equal."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Entry, Held
from feeds.store import codec

texts = st.text(st.characters(codec="utf-8")) | st.sampled_from(
    ['"content":null', '","authors":[]', '\\"content\\":\\"', "\\", '"content":"']
)
moments = st.datetimes(timezones=st.just(UTC))


@given(title=texts, summary=st.none() | texts, content=st.none() | texts, at=moments)
def test_whatever_its_words_a_held_entry_comes_back_equal(title, summary, content, at):
    entry = Entry(id=title, title=title, summary=summary, content=content, published=at)
    held = Held(entry=entry, source=title, first_seen=at, changed=at, story=summary)

    light, apart = codec.held_apart(held)

    assert held == codec.with_content(codec.decode_held(light), apart)
    assert codec.decode_held(light).entry.content is None


@given(at=moments)
def test_a_time_comes_back_to_the_microsecond(at: datetime):
    assert at == codec.moment(codec.micros(at))
