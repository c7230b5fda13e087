"""The law of fetch: whatever a server says, `get` returns an answer of one line and raises nothing."""

import asyncio
from datetime import UTC, datetime

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds import cadence, fetch
from feeds.model import Document, Failure, Gone, NotModified, Source

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
values = st.binary(max_size=60).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b""))
dates = st.sampled_from([b"Mon, 02 Mar 2026 08:00:00 GMT", b"0", b"-1", b"Mon, 99 Foo 99999 99:99:99 GMT", b"9" * 40])
locations = (
    values
    | st.text(max_size=40).map(str.encode)
    | st.sampled_from(
        [
            b"/x",
            b"//",
            b"http://",
            b"http://[",
            b"https://user:pw@h:99999/",
            b"?",
            b"#",
            b"http://\xd0\xb1/",
            b"http:///x",
            b" ",
        ]
    )
)
fields = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([b"ETag", b"Last-Modified", b"Cache-Control", b"Content-Type", b"Age"]), values),
        st.tuples(st.sampled_from([b"Retry-After", b"Expires", b"Date"]), values | dates),
        st.tuples(st.just(b"Location"), locations),
        st.tuples(
            st.just(b"Content-Encoding"), values | st.sampled_from([b"gzip", b"br", b"zstd", b"deflate", b"gzip,br"])
        ),
        st.tuples(st.just(b"Content-Length"), st.sampled_from([b"5", b"-5", b"x", b"99999999999"])),
    ),
    max_size=6,
)
statuses = st.sampled_from([200, 204, 206, 301, 302, 304, 308, 401, 403, 404, 410, 429, 500, 503]) | st.integers(
    100, 999
)
replies = st.tuples(statuses, fields, st.binary(max_size=200))


def ask(said, url="https://93.184.215.14/feed"):
    answers = iter(said)

    def answer(_request):
        status, headers, body = next(answers, (404, [], b""))
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    source = Source(id="s", url=url)
    client = fetch.Client(fetch.Settings(), transport=httpx.MockTransport(answer))
    return asyncio.run(client.get(source, cadence.start(source), now=NOW))


@given(st.lists(replies, min_size=1, max_size=4))
@example([(200, [(b"Content-Encoding", b"gz\x0bip")], b"")])
@settings(max_examples=200, deadline=None)
def test_whatever_a_server_says_is_an_answer_of_one_line(said):
    match ask(said):
        case Failure(reason=reason):
            assert reason.strip()
            assert len(reason.splitlines()) == 1
        case answer:
            assert isinstance(answer, Document | NotModified | Gone)


@given(st.text(max_size=60) | st.text(max_size=40).map("http://{}".format))
@settings(max_examples=200, deadline=None)
def test_whatever_an_editor_writes_as_a_url_is_asked_or_refused(url):
    answer = ask([(410, [], b"")], url=url)

    assert isinstance(answer, Failure | Gone)
