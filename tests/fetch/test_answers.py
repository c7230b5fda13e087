"""What each answer of a server is to us, to the letter, without a network."""

import asyncio
import contextlib
import errno
import gzip
import hashlib
import ssl
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpx
import pytest

from feeds import cadence, fetch
from feeds.fetch import body, credentials, discover, guard, headers, trouble, walls
from feeds.model import Document, Failure, Gone, NotModified, Source, Validators

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
URL = "https://news.example/feed"
PAGE = b"<!doctype html><link rel=alternate type=application/rss+xml href=/feed.xml>"


def ask(*replies, source=None, polling=None, **settings):
    """Ask once; the replies are (status, headers, body), in the order of the requests."""
    told, requests = iter(replies), []

    def answer(request):
        requests.append(request)
        status, said, content = next(told)
        return httpx.Response(status, headers=said, stream=httpx.ByteStream(content))

    async def run():
        async with fetch.Client(fetch.Settings(**settings), transport=httpx.MockTransport(answer)) as client:
            one = source or Source(id="s", url=URL)
            return await client.get(one, polling or cadence.start(one), now=NOW)

    return asyncio.run(run()), requests


def answered(status, said=(), content=b"", **keys):
    return ask((status, list(said), content), **keys)[0]


# Answers


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        ((404, [], b""), Failure(reason="404 Not Found", status=404, kind="status")),
        (
            (404, [], PAGE),
            Failure(reason="404 Not Found", status=404, kind="status", feed_link="https://news.example/feed.xml"),
        ),
        (
            (404, [("Content-Encoding", "gzip")], gzip.compress(PAGE)),
            Failure(reason="404 Not Found", status=404, kind="status", feed_link="https://news.example/feed.xml"),
        ),
        (
            (401, [("Server", "ddos-guard")], b""),
            Failure(
                reason="401 Unauthorized: a bot wall (DDoS-Guard) keeps us out; "
                "ask from another address or through a proxy",
                status=401,
                kind="wall",
            ),
        ),
        (
            (401, [], b""),
            Failure(reason="401 Unauthorized: the source needs a user name and a password", status=401, kind="status"),
        ),
        (
            (403, [], b""),
            Failure(
                reason="403 Forbidden: the server refuses this program or this address (a bot wall?)",
                status=403,
                kind="wall",
            ),
        ),
        ((204, [], b""), Failure(reason="204 No Content: an empty answer", status=204, kind="empty")),
        ((200, [], b" \n"), Failure(reason="200 with an empty body", status=200, kind="empty")),
        (
            (500, [("Retry-After", "60")], b""),
            Failure(reason="500 Internal Server Error", status=500, kind="status", retry_after=timedelta(minutes=1)),
        ),
        (
            (429, [("Retry-After", "60")], b""),
            Failure(reason="429 Too Many Requests", status=429, kind="status", retry_after=timedelta(minutes=1)),
        ),
        (
            (503, [("Retry-After", "60")], b""),
            Failure(reason="503 Service Unavailable", status=503, kind="status", retry_after=timedelta(minutes=1)),
        ),
        (
            (503, [("Server", "ddos-guard"), ("Retry-After", "60")], PAGE),
            Failure(
                reason="503 Service Unavailable: a bot wall (DDoS-Guard) keeps us out; "
                "ask from another address or through a proxy",
                status=503,
                kind="wall",
                retry_after=timedelta(minutes=1),
            ),
        ),
        ((404, [("Server", "ddos-guard")], b""), Failure(reason="404 Not Found", status=404, kind="status")),
        ((799, [], b""), Failure(reason="799", status=799, kind="status")),
        ((304, [], b""), Failure(reason="304 to a question without validators", status=304, kind="status")),
        ((301, [], b""), Failure(reason="301 without a usable Location", status=301, kind="redirect")),
        (
            (301, [("Location", "/" + "x" * 8000)], b""),
            Failure(reason="301 without a usable Location", status=301, kind="redirect"),
        ),
        (
            (302, [("Location", "http://a.example:port/")], b""),
            Failure(reason="redirect (302) to what is not a URL that can be asked", status=302, kind="redirect"),
        ),
        (
            (302, [("Location", "http://0177.0.0.1/")], b""),
            Failure(
                reason="redirect (302) to what is not a URL that can be asked: 0177.0.0.1 is an address in disguise",
                status=302,
                kind="redirect",
            ),
        ),
        (
            (302, [("Location", "ftp://user:word@files.example/a?key=1")], b""),
            Failure(
                reason="redirect (302) to ftp://files.example/a refused: ftp: only http and https are asked",
                status=302,
                kind="refused",
            ),
        ),
        (
            (302, [("Location", "http://10.0.0.1/")], b""),
            Failure(
                reason="redirect (302) to http://10.0.0.1/ refused: "
                "address refused: 10.0.0.1 is a private or reserved address",
                status=302,
                kind="refused",
            ),
        ),
        (
            (302, [("Location", URL)], b""),
            Failure(reason="redirects in a loop at https://news.example/feed", status=302, kind="redirect"),
        ),
        (
            (200, [("Content-Length", str(11 * 2**20))], b"x"),
            Failure(reason="body over 10 MiB: 11 MiB announced", kind="limit"),
        ),
        (
            (200, [("Content-Encoding", "exi")], b"x"),
            Failure(reason="packed in a way we do not read: exi", kind="network"),
        ),
        (
            (200, [("Content-Encoding", "gzip, br, gzip, br")], b"x"),
            Failure(reason="packed 4 times over", kind="network"),
        ),
        (
            (200, [("Content-Encoding", "zstd")], b"x"),
            Failure(reason="body is not zstd, which it says it is", kind="network"),
        ),
    ],
)
def test_an_answer_without_a_feed_is_a_failure_of_one_line(reply, failure):
    assert failure == answered(*reply)


def test_a_410_is_gone_and_a_304_is_not_modified():
    known = cadence.start(Source(id="s", url=URL))
    asked = type(known)(
        source="s", configured_url=URL, validators=Validators(etag='"1"', last_modified="then"), validators_url=URL
    )
    said = [("ETag", '"2"'), ("Cache-Control", "max-age=60")]

    assert Gone() == answered(410)
    assert NotModified(validators=Validators(etag='"2"'), fresh_for=timedelta(minutes=1)) == answered(
        304, said, polling=asked
    )


@pytest.mark.parametrize("known", [Validators(etag='"1"'), Validators(last_modified="then")])
def test_one_validator_is_question_enough_for_a_304(known):
    polling = replace(cadence.start(Source(id="s", url=URL)), validators=known, validators_url=URL)

    assert isinstance(answered(304, polling=polling), NotModified)


def test_a_410_is_for_good_unless_a_temporary_redirect_led_to_it():
    for_good, _ = ask((301, [("Location", "/b")], b""), (410, [], b""))
    for_now, _ = ask((302, [("Location", "/b")], b""), (410, [], b""))

    assert (Gone(), Failure(reason="410 Gone", status=410, kind="status")) == (for_good, for_now)


def test_a_document_is_what_came_and_where_from():
    said = [("ETag", '"1"'), ("Last-Modified", "then"), ("Content-Type", "text/xml"), ("Cache-Control", "max-age=9")]
    answer, requests = ask((301, [("Location", "/new#top")], b""), (200, said, b"<rss/>"))

    assert answer == Document(
        url="https://news.example/new",
        body=b"<rss/>",
        content_type="text/xml",
        validators=Validators(etag='"1"', last_modified="then"),
        moved_to="https://news.example/new",
        fresh_for=timedelta(seconds=9),
        digest=hashlib.blake2b(b"<rss/>", digest_size=16).hexdigest(),
    )
    assert [URL, "https://news.example/new"] == [str(request.url) for request in requests]


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [
        (301, 308, "https://news.example/c"),
        (301, 302, "https://news.example/b"),
        (302, 301, None),
        (303, 308, None),
        (307, 301, None),
    ],
)
def test_a_move_is_for_good_as_far_as_the_chain_is(first, second, moved):
    answer, _ = ask((first, [("Location", "/b")], b""), (second, [("Location", "/c")], b""), (200, [], b"<rss/>"))

    assert ("https://news.example/c", moved) == (answer.url, answer.moved_to)


def test_a_move_from_https_to_http_is_followed_and_not_for_good():
    insecure, _ = ask((301, [("Location", "http://news.example/b")], b""), (200, [], b"<rss/>"))
    plain = Source(id="s", url="http://news.example/feed")
    secure, _ = ask((301, [("Location", URL)], b""), (200, [], b"<rss/>"), source=plain)

    assert ("http://news.example/b", None) == (insecure.url, insecure.moved_to)
    assert URL == secure.moved_to


def test_a_403_to_one_with_a_password_is_not_called_a_wall():
    source = Source(id="s", url=URL, username="u", password="p")

    assert Failure(reason="403 Forbidden", status=403, kind="status") == answered(403, source=source)
    assert "status" == answered(403, source=Source(id="s", url=URL, headers={"X-Key": "k"})).kind


def test_a_body_of_the_largest_size_is_read_and_one_byte_more_is_not():
    packed = [("Content-Encoding", "gzip")]
    assert 1000 == len(answered(200, packed, gzip.compress(b"x" * 1000), max_body_bytes=1000).body)
    assert "limit" == answered(200, packed, gzip.compress(b"x" * 1001), max_body_bytes=1000).kind
    assert 9 == len(answered(200, [], b"x" * 9, max_body_bytes=9).body)
    assert Failure(reason="body over 9 bytes", kind="limit") == answered(200, [], b"x" * 10, max_body_bytes=9)
    assert 9 == len(answered(200, [("Content-Length", "9")], b"x" * 9, max_body_bytes=9).body)
    assert "limit" == answered(200, [("Content-Length", "10")], b"x", max_body_bytes=9).kind
    assert b"x" == answered(200, [(b"Content-Length", "\u0662\u0662".encode())], b"x", max_body_bytes=9).body


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://news.example/f", "ftp: only http and https are asked"),
        ("news.example/f", "no scheme: only http and https are asked"),
        ("http:///f", "no host in http:/f"),
        ("http://127.0.0.1/f", "address refused: 127.0.0.1 is a loopback address"),
        ("http://a.example:port/f", "not a URL that can be asked"),
        ("http://0177.0.0.1/f", "not a URL that can be asked: 0177.0.0.1 is an address in disguise"),
    ],
)
def test_what_is_not_asked_is_told_why(url, reason):
    answer, requests = ask(source=Source(id="s", url=url))

    assert (Failure(reason=reason, kind="refused"), []) == (answer, requests)


def test_a_secret_is_taken_out_of_a_failure_and_nothing_else():
    source = Source(id="s", url=URL, headers={"X-Key": "${KEY}"})
    replies = [(302, [("Location", "https://sesame.example/")], b""), (429, [("Retry-After", "60")], PAGE)]
    answer, requests = ask(*replies, source=source, environment={"KEY": "sesame"})
    looped, _ = ask(
        replies[0],
        (302, [("Location", "https://sesame.example/")], b""),
        source=source,
        environment={"KEY": "sesame"},
    )

    assert ("sesame", None) == (requests[0].headers.get("x-key"), requests[1].headers.get("x-key"))
    assert answer == Failure(
        reason="429 Too Many Requests",
        status=429,
        retry_after=timedelta(minutes=1),
        kind="status",
        feed_link="https://sesame.example/feed.xml",
    )
    assert "redirects in a loop at https://***.example/" == looped.reason


def test_the_manners_of_a_request_are_these_and_no_more():
    _, requests = ask((404, [], b""), contact="desk@news.example")
    said = dict(requests[0].headers)

    assert "Feeds/" == said["user-agent"][:6]
    assert " (+desk@news.example)" == said["user-agent"][-21:]
    assert said["accept"] == (
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
        "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
    )
    assert ("gzip, br, zstd", {"host", "user-agent", "accept", "accept-encoding"}) == (
        said["accept-encoding"],
        set(said),
    )
    assert "(" not in fetch.Settings().user_agent


def test_a_contact_in_any_script_is_said_in_ascii():
    _, requests = ask((404, [], b""), contact="редакция@news.example")

    assert requests[0].headers["user-agent"].endswith("(+????????@news.example)")


def test_the_limits_are_these():
    assert fetch.Settings() == fetch.Settings(
        contact=None,
        per_host=2,
        spacing=timedelta(0),
        concurrency=64,
        deadline=timedelta(seconds=60),
        connect=timedelta(seconds=20),
        max_body_bytes=10485760,
        max_redirects=10,
        allow_networks=(),
        proxy=None,
        environment={},
    )


def test_a_source_may_say_its_own_accept_and_not_its_own_host():
    own = Source(id="s", url=URL, headers={"accept": "text/xml"})
    _, requests = ask((404, [], b""), source=own)

    assert ["text/xml"] == requests[0].headers.get_list("accept")


@pytest.mark.parametrize("name", ["Host", "connection", "Content-Length", "transfer-encoding", "Cookie", "Referer"])
def test_headers_that_would_break_manners_or_framing_are_refused(name):
    answer, requests = ask(source=Source(id="s", url=URL, headers={name: "x"}))

    assert (Failure(reason=f"header {name!r} is not for a source to set", kind="refused"), []) == (answer, requests)


@pytest.mark.parametrize("value", ["a\rb", "a\nb", "a\0b"])
def test_a_header_with_a_line_break_is_refused(value):
    answer, _ = ask(source=Source(id="s", url=URL, headers={"X-Key": value}))

    assert Failure(reason="header 'X-Key' holds a line break", kind="refused") == answer


# What a document is that is no feed


@pytest.mark.parametrize(
    ("content", "kind", "failure"),
    [
        (
            PAGE,
            "text/html",
            Failure(
                reason="a page instead of a feed; it names https://news.example/feed.xml",
                status=200,
                kind="not-a-feed",
                feed_link="https://news.example/feed.xml",
            ),
        ),
        (b"<html>", None, Failure(reason="a page (HTML) instead of a feed", status=200, kind="not-a-feed")),
        (b"<p>", "TEXT/HTML", Failure(reason="a page (HTML) instead of a feed", status=200, kind="not-a-feed")),
        (b"<x/>", "text/xml", Failure(reason="why", status=200, kind="unreadable")),
        (
            b"<html>cf_chl_opt",
            None,
            Failure(reason="a bot wall answered instead of the feed (Cloudflare)", status=200, kind="wall"),
        ),
        (b"<x>cf_chl_opt</x>", None, Failure(reason="why", status=200, kind="unreadable")),
    ],
)
def test_a_document_that_is_no_feed_is_told_by_what_it_is(content, kind, failure):
    assert failure == fetch.not_a_feed(Document(url=URL, body=content, content_type=kind), "why")


@pytest.mark.parametrize(
    "head", [b"<!DOCTYPE html", b"<html", b"<head", b"<body", b"<script", b"<title", b"<meta", b"<!-- a --> <html"]
)
def test_a_page_is_known_by_how_it_begins(head):
    assert discover.is_page(b"\xef\xbb\xbf\r\n\t " + head.upper() + b">")
    assert not discover.is_page(b"<x" + head)


@pytest.mark.parametrize("word", ["comment", "Kommentar", "Комментарии", "پاسخ"])
def test_feeds_of_comments_are_known_in_the_languages_of_the_region(word):
    link = "<link rel=alternate type=application/rss+xml href={} title='{}'>"
    page = link.format("/a", word) + link.format("/b", "News")

    assert ["https://news.example/b", "https://news.example/a"] == [
        found.url for found in fetch.links(page.encode(), base=URL)
    ]


def test_a_page_may_say_where_its_links_start_and_names_fifty_feeds_at_most():
    link = "<link rel=feed type='TEXT/XML; charset=x' title=' T ' href=/{}>"
    page = "<base href='https://other.example/'><a href=/x>" + "".join(link.format(n) for n in range(60))
    found = fetch.links(page.encode(), base=URL)

    assert 50 == len(found)
    assert discover.FeedLink(url="https://other.example/0", title="T", type="text/xml") == found[0]
    assert () == fetch.links(link.format("x" * 2000).encode(), base=URL)
    assert () == fetch.links(b" " * 512 * 2**10 + link.format("a").encode(), base=URL)


@pytest.mark.parametrize(
    "kind",
    ["application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/feed+json", "text/xml"],
)
def test_a_feed_is_named_by_its_type(kind):
    page = f"<link rel=alternate type={kind} href=/f><link rel=alternate type=text/html href=/h>"

    assert [kind] == [found.type for found in fetch.links(page.encode(), base=URL)]


def test_a_wall_is_looked_for_in_the_first_64_kilobytes():
    sign = b"cf_chl_opt"

    assert "Cloudflare" == walls.name((), b" " * (2**16 - len(sign)) + sign, refused=False)
    assert None is walls.name((), b" " * 2**16 + sign, refused=False)
    assert None is walls.name([(b"server", b"ddos-guard")], b"", refused=False)
    assert "Sucuri" == walls.name([(b"X-Sucuri-Block", b"anything")], b"", refused=True)
    assert None is walls.name([(b"server", b"nginx")], b"", refused=True)


# Secrets and origins


@pytest.mark.parametrize(
    ("home", "there", "same"),
    [
        ("https://a.example/1", "https://a.example/2", True),
        ("https://a.example/", "https://a.example:443/", True),
        ("http://a.example/", "https://a.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("http://a.example/", "https://a.example:444/", False),
        ("https://a.example/", "https://a.example:444/", False),
        ("https://a.example/", "https://b.example/", False),
        ("https://a.example/", "https://sub.a.example/", False),
    ],
)
def test_an_origin_is_host_and_port_or_its_move_to_https(home, there, same):
    assert same == credentials.same_origin(httpx.URL(home), httpx.URL(there))


def test_credentials_are_those_of_the_source_or_of_its_url():
    basic = ("Authorization", "Basic dTpzZXNhbWU=")
    in_url = credentials.of(Source(id="s", url="https://u:sesame@a.example/"), {})
    of_source = credentials.of(
        Source(id="s", url="https://x:y@a.example/", username="${U}", password="${P}"), {"U": "u", "P": " sesame\n"}
    )

    assert ((basic,), ("dTpzZXNhbWU=", "sesame")) == (in_url.headers, in_url.secrets)
    assert ((basic,), ("dTpzZXNhbWU=", "sesame")) == (of_source.headers, of_source.secrets)
    assert credentials.Credentials() == credentials.of(Source(id="s", url="https://a.example/"), {})
    only_name = credentials.of(Source(id="s", url=URL, username="u"), {})
    assert (("Authorization", "Basic dTo="),) == only_name.headers
    assert ("dTo=",) == only_name.secrets


def test_the_words_of_a_header_are_secrets_too_when_they_are_long_enough():
    shown = credentials.of(Source(id="s", url=URL, headers={"Authorization": "Bearer sesame x"}), {})

    assert ("Bearer sesame x", "sesame") == shown.secrets
    assert "*** and *** stay" == credentials.hide("Bearer sesame x and sesame stay", shown.secrets)
    assert "sesame" not in repr(shown)


def test_a_variable_that_is_not_there_is_named():
    with pytest.raises(credentials.MissingVariableError, match=r"^\$\{KEY\} is not set in the environment$"):
        credentials.expand("a ${KEY}", {})


def test_a_url_is_shown_without_what_may_be_secret():
    assert "https://a.example/b" == credentials.shown(httpx.URL("https://u:p@a.example/b?key=1#c"))


# Addresses


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("8.8.8.8", None),
        ("2606:4700::1111", None),
        ("64:ff9b::808:808", None),
        ("2002:808:808::1", "2002:808:808::1 is not a public address"),
        ("169.254.169.254", "169.254.169.254 is a cloud's metadata service"),
        ("100.100.100.200", "100.100.100.200 is a cloud's metadata service"),
        ("0.0.0.0", "0.0.0.0 means this machine"),
        ("127.0.0.1", "127.0.0.1 is a loopback address"),
        ("169.254.1.1", "169.254.1.1 is a link-local address"),
        ("224.0.0.1", "224.0.0.1 is a multicast address"),
        ("100.64.0.1", "100.64.0.1 is inside a carrier's network (CGNAT)"),
        ("192.88.99.1", "192.88.99.1 is not a public address"),
        ("fec0::1", "fec0::1 is not a public address"),
        ("10.0.0.1", "10.0.0.1 is a private or reserved address"),
        ("::1", "::1 is a loopback address"),
        ("::", ":: means this machine"),
        ("::ffff:8.8.8.8", "::ffff:8.8.8.8 is 8.8.8.8 in disguise (IPv4-mapped)"),
        ("::8.8.8.8", "::808:808 is 8.8.8.8 in disguise (IPv4-compatible)"),
        ("64:ff9b:1::1", "64:ff9b:1::1 is a local NAT64 address"),
        ("64:ff9b::a00:1", "64:ff9b::a00:1 leads to 10.0.0.1 is a private or reserved address"),
        ("2002:a00:1::", "2002:a00:1:: leads to 10.0.0.1 is a private or reserved address"),
    ],
)
def test_an_address_is_public_or_told_what_it_is(address, reason):
    assert reason == guard.why_not(ip_address(address))


def test_what_the_operator_allows_is_allowed_and_no_more():
    allowed = guard.networks(["10.0.0.0/8", "fd00::1/64"])

    assert None is guard.why_not(ip_address("10.1.2.3"), allowed) is guard.why_not(ip_address("fd00::9"), allowed)
    assert "private" in guard.why_not(ip_address("192.168.0.1"), allowed)
    assert "10.0.0.1. is an address in disguise" == guard.why_not_host("10.0.0.1.", allowed)
    assert None is guard.why_not_host("news.example", allowed) is guard.why_not_host("10.0.0.1", allowed)
    assert "fe80::1 is a link-local address" == guard.why_not_host("fe80::1%eth0")


# Troubles


def untrusted(why):
    error = ssl.SSLCertVerificationError(1, "https://u:p@news.example/")
    error.verify_message = why
    return error


@pytest.mark.parametrize(
    ("cause", "kind", "reason"),
    [
        (
            trouble.TroubleError("the name news.example is not found", "dns"),
            "dns",
            "the name news.example is not found",
        ),
        (trouble.TroubleError("body cut short"), "network", "body cut short"),
        (guard.RefusedError("why"), "refused", "address refused: why"),
        (untrusted("certificate has expired"), "tls", "certificate not valid: certificate has expired"),
        (untrusted(""), "tls", "certificate not valid: for no reason given"),
        (ssl.SSLError("u:p"), "tls", "no TLS connection: the server speaks it badly or not at all"),
        (OSError(errno.ECONNREFUSED, "x"), "network", "connection refused"),
        (OSError(errno.ECONNRESET, "x"), "network", "connection reset"),
        (OSError(errno.EHOSTUNREACH, "x"), "network", "no route to the host"),
        (OSError(errno.ENETUNREACH, "x"), "network", "no route to the network"),
        (OSError(errno.ETIMEDOUT, "x"), "network", "no connection within the time for one"),
        (OSError(errno.EPIPE, "x"), "network", "connection closed while asking"),
        (OSError(errno.EIO, "x"), "network", "no answer (OSError)"),
    ],
)
def test_a_trouble_is_named_in_one_line_without_its_own_words(cause, kind, reason):
    assert Failure(reason=reason, kind=kind) == trouble.named(cause)


@pytest.mark.parametrize(
    ("count", "words"), [(9, "9 bytes"), (2**20, "1 MiB"), (10 * 2**20, "10 MiB"), (3 * 2**19, "1.5 MiB")]
)
def test_sizes_are_written_as_people_do(count, words):
    assert words == body.megabytes(count)


@pytest.mark.parametrize(
    ("said", "fresh_s"),
    [
        ([(b"Cache-Control", b"no-cache, max-age=60")], 60),
        ([(b"Cache-Control", b"no-cache")], 0),
        ([(b"Cache-Control", b"no-store")], 0),
        ([(b"Cache-Control", b"max-age=x"), (b"Expires", b"Mon, 02 Mar 2026 06:01:00 GMT")], 60),
        ([(b"Cache-Control", b'MAX-AGE="60"')], 60),
        ([(b"Cache-Control", b"max-age=60"), (b"Age", b"10")], 50),
        ([(b"Cache-Control", b"max-age=999999999")], 3650 * 86400),
        ([(b"Expires", b"Mon, 02 Mar 2026 05:59:00 GMT")], 0),
        ([(b"Expires", b"Mon, 02 Mar 2026 06:01:00")], 60),
        ([(b"Expires", b"Mon, 02 Mar 2076 06:01:00 GMT")], 3650 * 86400),
        ([(b"Expires", b"Mon, 02 Mar 2026 06:01:00 GMT"), (b"Date", b"Mon, 02 Mar 2026 07:00:00 GMT")], 60),
        ([(b"Expires", b"Mon, 02 Mar 2026 07:01:00 GMT"), (b"Date", b"Mon, 02 Mar 2026 07:00:00 GMT")], 60),
        ([(b"Pragma", b"no-cache")], None),
    ],
)
def test_freshness_is_in_seconds_what_the_headers_say(said, fresh_s):
    assert (None if fresh_s is None else timedelta(seconds=fresh_s)) == headers.fresh_for(said, now=NOW)


def test_a_header_is_the_first_of_its_name_without_the_spaces_around_it():
    said = [(b"ETAG", b' \t"1" '), (b"etag", b'"2"'), (b"Empty", b" "), (b"Odd", b"\xff")]

    assert ('"1"', None, "ÿ", None) == tuple(headers.first(said, name) for name in (b"etag", b"empty", b"odd", b"no"))


def test_conditions_are_the_validators_in_their_bytes():
    said = [(b"ETag", b'"\xe9\xff"'), (b"Last-Modified", "вчера".encode())]

    assert [(b"If-None-Match", said[0][1]), (b"If-Modified-Since", said[1][1])] == headers.conditions(
        headers.validators(said)
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (b"/new?a=%2F", "/new?a=%2F"),
        ("/новое".encode(), "/новое"),
        (b"/caf\xe9/\xff", "/caf%E9/%FF"),
        (b" ", None),
    ],
)
def test_a_redirect_leads_where_its_bytes_say(said, meant):
    assert meant == headers.location([(b"Location", said)])


def test_a_body_waits_for_room_once_when_it_grows_large_and_gives_it_back():
    entered = []

    @contextlib.asynccontextmanager
    async def room():
        entered.append("in")
        try:
            yield
        finally:
            entered.append("out")

    async def read(*sizes):
        async def chunks():
            for size in sizes:
                yield b"x" * size

        with contextlib.suppress(body.TooLargeError):
            await body.read(chunks(), encoding=None, max_bytes=2**20, room=room)
        return [entered.pop() for _ in list(entered)]

    half = body.LARGE_BYTES
    assert [] == asyncio.run(read(half))
    assert (
        ["out", "in"] == asyncio.run(read(half, 1, 1)) == asyncio.run(read(half + 1)) == asyncio.run(read(2 * half, 1))
    )


@pytest.mark.parametrize("name", ["identity", "none", "utf-8", "UTF8", "binary", "8bit", "7bit", " "])
def test_names_that_mean_no_packing_unpack_nothing(name):
    assert b"any bytes" == answered(200, [("Content-Encoding", name)], b"any bytes").body


@pytest.mark.parametrize(
    "start",
    [b"<?xml ", b"<rss>", b"<feed>", b"<rdf:RDF>", b"<!DOCTYPE x>", b"<html>", b'{"a":1}', b"\xef\xbb\xbf\r\n <RSS>"],
)
def test_what_begins_like_a_document_is_not_packed_whatever_it_says(start):
    assert start == answered(200, [("Content-Encoding", "zstd")], start).body


def test_a_body_that_ends_with_its_input_used_up_is_read_to_its_end():
    async def read(packed):
        async def chunks():
            yield packed

        return await body.read(chunks(), encoding="deflate", max_bytes=2**20)

    for size in range(2 * 65_536, 2 * 65_536 + 260):  # a whole number of pieces and the longest repetition
        stream = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        assert size == len(asyncio.run(read(stream.compress(b"a" * size) + stream.flush())))
