"""What we promise publishers: how a source is asked, and when it is asked again."""

import asyncio
import base64
import itertools
from datetime import timedelta
from email.utils import format_datetime

import pytest
from publishers import START, Reply, rss

from feeds import cadence
from feeds.model import Document, Failure, Gone, Hints, NotModified, Source, Validators

FEED = rss("a", "b", "c")
HOUR = timedelta(hours=1)


def said(body=FEED, status=200, **headers):
    return Reply(
        body=body, status=status, headers=tuple((key.replace("_", "-"), value) for key, value in headers.items())
    )


# Validators


@pytest.mark.parametrize(
    "etag",
    [
        '"plain"',
        'W/"weak"',
        "unquoted",
        '""',
        '"with  two spaces"',
        '"quote\'s"',
        '"a","b"',
        "W/odd-",
        '"тег"',
        '"x"-gzip',
        '"latin-1 \udce9"',
        '"neither \udcff\udc80 nor \udcc3"',
    ],
)
def test_an_etag_comes_back_byte_for_byte(play, etag):
    async def scene(farm, read):
        octets = etag.encode("utf-8", "surrogateescape")
        farm.answers["/f"] = b"HTTP/1.1 200 OK\r\nETag: " + octets + b"\r\nConnection: close\r\n\r\n" + FEED
        reader = read("/f")
        await reader.poll(0)
        await reader.poll(2)

        assert octets == farm.requests[1].says("If-None-Match")

    play(scene)


@pytest.mark.parametrize(
    "date", ["Mon, 02 Mar 2026 05:00:00 GMT", "2026-03-02 05:00", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday"]
)
def test_a_last_modified_comes_back_byte_for_byte(play, date):
    async def scene(farm, read):
        farm.answers["/f"] = said(Last_Modified=date)
        reader = read("/f")
        await reader.poll(0)
        await reader.poll(2)

        assert date.encode() == farm.requests[1].says("If-Modified-Since")

    play(scene)


def test_both_validators_come_back_when_both_were_given(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"', Last_Modified="Mon, 02 Mar 2026 05:00:00 GMT")
        reader = read("/f")
        await reader.poll(0)
        await reader.poll(2)

        assert (b'"1"', b"Mon, 02 Mar 2026 05:00:00 GMT") == (
            farm.requests[1].says("If-None-Match"),
            farm.requests[1].says("If-Modified-Since"),
        )

    play(scene)


def test_nothing_is_invented_on_a_first_request(play):
    async def scene(farm, read):
        farm.answers["/f"] = said()
        reader = read("/f")
        await reader.poll(0)
        await reader.poll(2)

        assert [None] * 4 == [
            request.says(name) for request in farm.requests for name in ("If-None-Match", "If-Modified-Since")
        ]

    play(scene)


def test_a_304_refreshes_the_validators_it_carries_and_keeps_the_others(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"', Last_Modified="Mon, 02 Mar 2026 05:00:00 GMT")
        reader = read("/f")
        await reader.poll(0)
        farm.answers["/f"] = said(b"", 304, ETag='"2"')
        await reader.poll(2)

        assert Validators(etag='"2"', last_modified="Mon, 02 Mar 2026 05:00:00 GMT") == reader.polling.validators

    play(scene)


def test_a_200_without_validators_clears_the_stored_ones(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f")
        await reader.poll(0)
        farm.answers["/f"] = said(rss("d"))
        await reader.poll(2)

        assert Validators() == reader.polling.validators

    play(scene)


@pytest.mark.parametrize(
    "bad",
    [
        said(b"<html><body>Sorry</body></html>", ETag='"html"'),
        said(b"oops", 500, ETag='"error"'),
        said(b"", ETag='"empty"'),
        said(b"{broken", ETag='"not a feed"'),
        Reply(body=FEED, length=len(FEED) + 50, headers=(("ETag", '"cut"'),)),
    ],
    ids=["html", "error", "empty", "not a feed", "cut short"],
)
def test_validators_are_never_taken_from_what_is_not_a_complete_feed(play, bad):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"good"')
        reader = read("/f")
        await reader.poll(0)
        farm.answers["/f"] = bad
        await reader.poll(2)

        assert (Failure, '"good"') == (type(reader.answer), reader.polling.validators.etag)

    play(scene)


def test_validators_are_said_only_to_the_url_that_gave_them(play):
    async def scene(farm, read):
        farm.answers |= {"/f": said(b"", 302, Location="/one"), "/one": said(ETag='"1"'), "/two": said(ETag='"1"')}
        reader = read("/f")
        await reader.poll(0)
        await reader.poll(2)
        farm.answers["/f"] = said(b"", 302, Location="/two")
        await reader.poll(4)

        assert [None, b'"1"', None] == [
            request.says("If-None-Match") for request in farm.requests if request.path != "/f"
        ]

    play(scene)


def test_a_304_to_a_question_without_validators_is_a_failure(play):
    async def scene(farm, _):
        farm.answers["/f"] = said(b"", 304)

        assert 304 == (await farm.ask("/f")).status

    play(scene)


# When to ask again


def test_a_source_is_asked_at_its_interval_and_not_before(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f")
        asked = await reader.watch(1.1, step_minutes=1)

        assert [0, 31, 62] == [round(hours * 60) for hours in asked]

    play(scene)


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"Cache_Control": "max-age=7200"}, 2),
        ({"Cache_Control": 'public, MAX-AGE="7200"'}, 2),
        ({"Cache_Control": "max-age=7200", "Age": "3600"}, 1),
        ({"Expires": format_datetime(START + 3 * HOUR, usegmt=True)}, 3),
        ({"Expires": format_datetime(START + 3 * HOUR, usegmt=True), "Cache_Control": "max-age=7200"}, 2),
        ({"Cache_Control": "max-age=31536000"}, 7 * 24),
        ({"Cache_Control": "no-cache"}, 0.5),
        ({"Expires": "0"}, 0.5),
        ({"Cache_Control": "max-age=soon"}, 0.5),
    ],
)
def test_a_source_stays_unasked_as_long_as_its_answer_is_fresh_and_at_most_a_week(play, headers, hours):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"', **headers)
        reader = read("/f")
        await reader.poll(0)

        assert (False, True) == (await reader.poll(hours - 0.01), await reader.poll(hours + 0.01))

    play(scene)


def test_a_304_prolongs_freshness(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f")
        await reader.poll(0)
        farm.answers["/f"] = said(b"", 304, Cache_Control="max-age=36000")
        await reader.poll(1)

        assert (False, True) == (await reader.poll(10.9), await reader.poll(11.1))

    play(scene)


def test_a_ttl_outlasts_the_interval_and_a_304(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f")
        await reader.poll(0, hints=Hints(ttl=timedelta(hours=5)))
        farm.answers["/f"] = said(b"", 304)

        assert [False, True, False, True] == [await reader.poll(hours) for hours in (4.9, 5.1, 9.9, 10.2)]

    play(scene)


def test_skip_hours_and_skip_days_are_honoured_when_the_time_comes(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f")
        hints = Hints(skip_hours=frozenset({7, 8}), skip_days=frozenset({1}))
        asked = await reader.watch(47, step_minutes=10, hints=hints)
        moments = [START + timedelta(hours=hours) for hours in asked]

        assert not [moment for moment in moments if moment.hour in {7, 8} or moment.weekday() == 1]
        assert {moment.hour for moment in moments} >= {6, 9, 10, 23}

    play(scene)


def test_the_editor_may_overrule_hints_for_a_source(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"', Cache_Control="max-age=86400")
        reader = read("/f", ignore_hints=True)
        hints = Hints(ttl=timedelta(days=1), skip_hours=frozenset(range(6, 20)))
        await reader.poll(0, hints=hints)

        assert await reader.poll(0.6)

    play(scene)


@pytest.mark.parametrize("status", [429, 503, 403, 500])
@pytest.mark.parametrize("wait", ["7200", format_datetime(START + 2 * HOUR, usegmt=True)], ids=["seconds", "date"])
def test_retry_after_is_honoured_in_both_forms_even_with_all(play, status, wait):
    async def scene(farm, read):
        farm.answers["/f"] = said(b"", status, Retry_After=wait)
        reader = read("/f")
        await reader.poll(0)

        assert (False, True) == (await reader.poll(1.9, all_=True), await reader.poll(2.1, all_=True))

    play(scene)


def test_retry_after_is_capped_at_a_week(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(b"", 429, Retry_After="99999999")
        reader = read("/f")
        await reader.poll(0)

        assert (False, True) == (await reader.poll(167), await reader.poll(169))

    play(scene)


def test_retry_after_holds_for_its_route_and_not_for_the_host(play):
    async def scene(farm, read):
        farm.answers |= {"/busy": said(b"", 429, Retry_After="86400"), "/other": said(ETag='"1"')}
        busy, other = read("/busy"), read("/other")
        await busy.poll(0)
        await other.poll(0)

        assert (False, True) == (await busy.poll(1), await other.poll(1))

    play(scene)


def test_a_429_without_retry_after_backs_off_at_once(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(b"", 429)
        reader = read("/f")
        await reader.poll(0)

        assert (False, True) == (await reader.poll(0.9), await reader.poll(1.3))

    play(scene)


def test_an_editor_who_wants_news_every_five_minutes_does_not_hammer_a_dead_url():
    source, five = Source(id="s", url="https://dead.example/f"), timedelta(minutes=5)
    settings, polling, now = cadence.Settings(interval=five, min=five, max=five), cadence.start(source), START
    for _ in range(12):
        failure = Failure(reason="404 Not Found", status=404, kind="status")
        polling = cadence.after(polling, failure, None, source=source, settings=settings, now=now, random=0.0)
        waited, now = polling.next_poll_at - now, polling.next_poll_at

    assert 24 * HOUR == waited


@pytest.mark.parametrize("status", [404, 403, 401, 500, 502, 503, 429, 204, 418])
def test_errors_back_off_exponentially_and_recover_at_once(play, status):
    async def scene(farm, read):
        farm.answers["/f"] = said(b"", status)
        reader = read("/f")
        asked = await reader.watch(20)
        waits = [later - sooner for sooner, later in itertools.pairwise(asked)]

        assert len(waits) >= 3
        assert all(longer >= 1.8 * shorter for shorter, longer in itertools.pairwise(waits))

        farm.answers["/f"] = said(ETag='"1"')
        await reader.watch(30, since=20.1)

        assert (0, pytest.approx(0.55, abs=0.05)) == (reader.polling.failures, reader.asked[-1] - reader.asked[-2])

    play(scene)


def test_a_dead_name_and_a_dead_port_back_off_too(play):
    async def scene(_, read):
        for reader in (read("/", url="http://nowhere.invalid/feed"), read("/", url="http://127.0.0.1:1/feed")):
            asked = await reader.watch(10)

            assert 4 <= len(asked) <= 6

    play(scene)


def test_a_410_stops_for_good_even_with_all_until_the_url_is_edited(play):
    async def scene(farm, read):
        farm.answers |= {"/f": said(b"", 410), "/g": said()}
        reader = read("/f")
        await reader.poll(0)

        assert (Gone(), True) == (reader.answer, reader.polling.gone)
        assert [] == await reader.watch(24 * 30, step_minutes=600, since=1)
        assert not await reader.poll(1, all_=True)

        reader.source = Source(id="/f", url=farm.url("/g"))

        assert await reader.poll(1000)
        assert not reader.polling.gone

    play(scene)


def test_no_source_is_asked_twice_within_a_minute(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f", every=timedelta(seconds=10), id="s")
        await reader.poll(0)

        assert (False, True) == (await reader.poll(59 / 3600), await reader.poll(61 / 3600, all_=True))

    play(scene)


def test_all_asks_now_whatever_schedule_and_freshness_say(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"', Cache_Control="max-age=86400")
        reader = read("/f")
        await reader.poll(0, hints=Hints(ttl=timedelta(days=1), skip_hours=frozenset(range(6, 20))))

        assert (False, True) == (await reader.poll(1), await reader.poll(1, all_=True))

    play(scene)


def test_a_server_without_validators_is_asked_more_gently(play):
    async def scene(farm, read):
        farm.answers |= {"/with": said(ETag='"1"'), "/without": said()}
        with_, without = await read("/with").watch(12), await read("/without").watch(12)

        assert (21, 12) == (len(with_), len(without))

    play(scene)


def test_a_clock_set_back_does_not_hold_sources_up(play):
    async def scene(farm, read):
        farm.answers["/f"] = said(ETag='"1"')
        reader = read("/f")
        await reader.poll(1000)

        assert await reader.poll(0)

    play(scene)


# Redirects


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_remembered_once_proven(play, status):
    async def scene(farm, read):
        farm.answers |= {"/old": said(b"", status, Location="/new"), "/new": said(ETag='"1"')}
        reader = read("/old")
        await reader.poll(0)

        assert reader.polling.url is None

        await reader.poll(1)
        await reader.poll(2)

        assert ["/old", "/new", "/old", "/new", "/new"] == [request.path for request in farm.requests]

    play(scene)


def test_a_304_from_where_a_redirect_leads_is_a_proof_as_well(play):
    async def scene(farm, read):
        farm.answers |= {
            "/old": said(b"", 301, Location="/new"),
            "/new": lambda request: said(b"", 304) if request.says("If-None-Match") else said(ETag='"1"'),
        }
        reader = read("/old")
        await reader.poll(0)
        await reader.poll(1)

        assert (NotModified, farm.url("/new")) == (type(reader.answer), reader.polling.url)

    play(scene)


def test_a_permanent_redirect_to_what_is_not_this_feed_is_never_remembered(play):
    async def scene(farm, read):
        farm.answers["/old"] = said()
        reader = read("/old")
        await reader.poll(0)
        farm.answers |= {"/old": said(b"", 301, Location="/new"), "/new": said(b"<html>Parked</html>")}
        await reader.watch(48, since=1)

        assert (None, len(reader.asked)) == (reader.polling.url, len(farm.asked("/old")))

    play(scene)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_and_never_remembered(play, status):
    async def scene(farm, read):
        farm.answers |= {"/old": said(b"", status, Location="/new"), "/new": said(ETag='"1"')}
        reader = read("/old")
        for hours in range(6):
            await reader.poll(hours)

        assert (None, 6) == (reader.polling.url, len(farm.asked("/old")))

    play(scene)


def test_behind_a_permanent_redirect_a_temporary_one_is_not_remembered(play):
    async def scene(farm, read):
        farm.answers |= {
            "/a": said(b"", 301, Location="/b"),
            "/b": said(b"", 302, Location="/c"),
            "/c": said(ETag='"1"'),
        }
        reader = read("/a")
        for hours in range(4):
            await reader.poll(hours)

        assert farm.url("/b") == reader.polling.url

    play(scene)


def test_a_remembered_place_that_fails_is_given_up_for_the_configured_one(play):
    async def scene(farm, read):
        farm.answers |= {"/old": said(b"", 301, Location="/new"), "/new": said(ETag='"1"')}
        reader = read("/old")
        await reader.poll(0)
        await reader.poll(1)
        farm.answers |= {"/new": said(b"", 404), "/old": said(ETag='"2"')}
        await reader.watch(24, since=2)

        assert (None, 0, '"2"') == (reader.polling.url, reader.polling.failures, reader.polling.validators.etag)

    play(scene)


def test_a_remembered_place_that_leads_back_for_good_is_given_up(play):
    async def scene(farm, read):
        farm.answers |= {"/old": said(b"", 301, Location="/new"), "/new": said()}
        reader = read("/old")
        await reader.watch(4)
        farm.answers |= {"/new": said(b"", 301, Location="/old"), "/old": said()}
        await reader.watch(4, since=5)
        farm.requests.clear()
        await reader.poll(12)

        assert (None, ["/old"]) == (reader.polling.url, [request.path for request in farm.requests])

    play(scene)


def test_a_redirect_loop_ends(play):
    async def scene(farm, _):
        farm.answers |= {"/a": said(b"", 301, Location="/b"), "/b": said(b"", 302, Location="/a")}
        answer = await farm.ask("/a")

        assert ("redirect", 2) == (answer.kind, len(farm.requests))

    play(scene)


def test_a_chain_of_ten_redirects_is_followed_and_of_eleven_is_not(play):
    async def scene(farm, _):
        farm.answers |= {f"/{n}": said(b"", 302, Location=f"/{n - 1}") for n in range(1, 12)} | {"/0": said()}
        ten, eleven = await farm.ask("/10"), await farm.ask("/11")

        assert (Document, "redirect") == (type(ten), eleven.kind)

    play(scene)


@pytest.mark.parametrize("location", [None, "http://[oops/", "//"])
def test_a_redirect_to_nowhere_is_a_failure(play, location):
    async def scene(farm, _):
        farm.answers["/a"] = said(b"", 301, **({"Location": location} if location else {}))
        answer = await farm.ask("/a")

        assert isinstance(answer, Failure)
        assert answer.kind in {"redirect", "refused", "dns"}

    play(scene)


# Manners


def test_up_to_two_requests_at_a_time_go_to_a_host_however_many_feeds_it_has(play):
    async def scene(farm, read):
        farm.delay_s = 0.02
        farm.answers |= {f"/{n}": said() for n in range(12)}
        await asyncio.gather(*(read(f"/{n}").poll(0) for n in range(12)))

        assert (12, 2) == (len(farm.requests), farm.most_together)

    play(scene)


def test_a_redirect_waits_its_turn_at_the_host_it_leads_to(play):
    async def scene(farm, read):
        farm.delay_s = 0.02
        farm.answers |= {f"/{n}": said(b"", 302, Location=farm.url("/t", "localhost")) for n in range(6)} | {
            "/t": said()
        }
        await asyncio.gather(*(read(f"/{n}").poll(0) for n in range(6)))

        assert farm.most_together <= 4

    play(scene)


def test_a_request_says_who_asks_and_what_for(play):
    async def scene(farm, _):
        farm.answers["/f"] = said()
        await farm.ask("/f", contact="editor@example.org")
        request = farm.requests[0]

        assert request.says("User-Agent").startswith(b"Feeds/")
        assert request.says("User-Agent").endswith(b"(+editor@example.org)")
        assert b"application/rss+xml" in request.says("Accept")
        assert b"gzip, br, zstd" == request.says("Accept-Encoding")

    play(scene)


def test_no_cookie_no_referer_and_no_query_of_ours_is_sent(play):
    async def scene(farm, read):
        farm.answers |= {
            "/f?a=%2F&b=c%20d": said(b"", 302, Location="/g%2Fh?x=1", Set_Cookie="id=1; Path=/"),
            "/g%2Fh?x=1": said(Set_Cookie="id=2; Path=/"),
        }
        reader = read("/f?a=%2F&b=c%20d")
        await reader.poll(0)
        await reader.poll(2)

        assert ["/f?a=%2F&b=c%20d", "/g%2Fh?x=1"] * 2 == [request.path for request in farm.requests]
        assert {None} == {request.says(name) for request in farm.requests for name in ("Cookie", "Referer")}

    play(scene)


@pytest.mark.parametrize("path", ["/f?", "/?", "/f?=&&", "/a//b;c=d", "/100%25+x?a=+", "/f?x=?y=/z"])
def test_a_url_is_asked_as_it_is_written(play, path):
    async def scene(farm, _):
        await farm.ask(path)

        assert [path] == [request.path for request in farm.requests]

    play(scene)


# Secrets


def test_basic_auth_and_headers_come_from_the_environment(play):
    async def scene(farm, _):
        farm.answers["/f"] = said()
        await farm.ask(
            "/f",
            source={"username": "reader", "password": "${PASS}", "headers": {"X-Key": "k ${KEY}"}},
            environment={"PASS": "s3cret", "KEY": "t0ken"},
        )
        request = farm.requests[0]

        assert b"Basic " + base64.b64encode(b"reader:s3cret") == request.says("Authorization")
        assert b"k t0ken" == request.says("X-Key")

    play(scene)


def test_a_password_in_the_url_is_sent_as_basic_auth_and_not_in_the_url(play):
    async def scene(farm, _):
        farm.answers["/f"] = said()
        await farm.ask("", url=f"http://u:s3cret@127.0.0.1:{farm.port}/f")

        assert b"Basic " + base64.b64encode(b"u:s3cret") == farm.asked("/f")[0].says("Authorization")

    play(scene)


def test_a_variable_that_is_not_set_is_named_and_nothing_is_asked(play):
    async def scene(farm, _):
        answer = await farm.ask("/f", source={"headers": {"Authorization": "Bearer ${NOPE}"}})

        assert ("refused", True, []) == (answer.kind, "NOPE" in answer.reason, farm.requests)

    play(scene)


def test_secrets_go_along_within_their_origin_and_never_to_another_host(play):
    async def scene(farm, _):
        farm.answers |= {
            "/f": said(b"", 301, Location="/same"),
            "/same": said(b"", 301, Location=farm.url("/there", "localhost")),
            "/there": said(),
        }
        await farm.ask("/f", source={"username": "u", "password": "s3cret", "headers": {"X-Key": "t0ken"}})

        assert [True, True, False] == [request.says("Authorization") is not None for request in farm.requests]
        assert [b"t0ken", b"t0ken", None] == [request.says("X-Key") for request in farm.requests]

    play(scene)


def test_secrets_do_not_follow_a_remembered_move_to_another_host(play):
    async def scene(farm, read):
        there = farm.url("/there", "localhost")
        farm.answers |= {"/f": said(b"", 301, Location=there), "/there": said(ETag='"1"')}
        reader = read("/f", username="u", password="s3cret")
        for hours in range(3):
            await reader.poll(hours)

        assert there == reader.polling.url
        assert {None} == {request.says("Authorization") for request in farm.asked("/there")}

    play(scene)


def test_no_line_shows_a_secret(play):
    async def scene(farm, _):
        farm.answers["/f"] = said(b"", 301, Location="ftp://u:pw@127.0.0.1/t0ken?key=t0ken")
        answer = await farm.ask("/f", source={"headers": {"X-Key": "${KEY}"}}, environment={"KEY": "t0ken"})

        assert "t0ken" not in repr(answer)
        assert "pw" not in repr(answer)

    play(scene)


# What came instead of a feed


PAGE = b"<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml href=/feed.xml></head>"


def test_a_page_instead_of_a_feed_names_its_feed_and_is_not_switched_to(play):
    async def scene(farm, read):
        farm.answers |= {"/page": said(PAGE, Content_Type="text/html"), "/feed.xml": said()}
        reader = read("/page")
        await reader.watch(3)

        assert ("not-a-feed", farm.url("/feed.xml")) == (reader.polling.kind, reader.polling.feed_link)
        assert [] == farm.asked("/feed.xml")

    play(scene)


def test_a_404_page_that_names_the_feed_says_so(play):
    async def scene(farm, _):
        farm.answers["/f"] = said(PAGE, 404)

        assert farm.url("/feed.xml") == (await farm.ask("/f")).feed_link

    play(scene)


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        (said(b"<html><title>Just a moment...</title>", 403, cf_mitigated="challenge"), "Cloudflare"),
        (said(b"<html>x", 503, Server="ddos-guard"), "DDoS-Guard"),
        (said(b"<html><script src='/cdn-cgi/challenge-platform/x'></script>"), "Cloudflare"),
        (said(b"error code: 1015", 429, Server="cloudflare"), "Cloudflare"),
        (said(b"", 202, x_amzn_waf_action="challenge"), "AWS WAF"),
        (said(b"", 202, sg_captcha="challenge"), "SiteGround"),
        (said(b"<html><title>Making sure you&#39;re not a bot!</title>", 403), "Anubis"),
        (said(b"", 403), "bot wall?"),
        (said(b"", 406), "bot wall?"),
    ],
)
def test_a_bot_wall_is_named(play, reply, name):
    async def scene(farm, read):
        farm.answers["/f"] = reply
        reader = read("/f")
        await reader.poll(0)

        assert ("wall", "wall", True) == (
            reader.polling.kind,
            cadence.state(reader.polling, START).word,
            name in reader.polling.answer,
        )

    play(scene)


# Proxies


def test_a_source_is_asked_through_its_proxy_or_else_the_deployments(play):
    async def scene(farm, _):
        farm.answers |= {"http://feeds.example/one": said(), "http://feeds.example/two": said()}
        one = await farm.ask("", url="http://feeds.example/one", proxy=farm.url(""))
        two = await farm.ask(
            "", url="http://feeds.example/two", source={"proxy": "${P}"}, environment={"P": farm.url("")}
        )

        assert (Document, Document) == (type(one), type(two))

    play(scene)


def test_a_name_that_is_private_here_is_not_asked_for_through_a_proxy(play):
    async def scene(farm, _):
        farm.answers["http://nowhere.invalid/feed"] = said()
        private = await farm.ask("", url="http://localhost/feed", proxy=farm.url(""), allow_networks=())
        unknown = await farm.ask("", url="http://nowhere.invalid/feed", proxy=farm.url(""), allow_networks=())

        assert ("refused", True) == (private.kind, "localhost is at" in private.reason)
        assert isinstance(unknown, Document)  # the proxy may know it
        assert ["http://nowhere.invalid/feed"] == [request.path for request in farm.requests]

    play(scene)


def test_a_proxy_is_not_a_way_around_the_address_guard(play):
    async def scene(farm, _):
        answer = await farm.ask("", url="http://10.0.0.1/feed", proxy=farm.url(""))

        assert ("refused", []) == (answer.kind, farm.requests)

    play(scene)
