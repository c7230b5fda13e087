"""What holds when we are killed at the worst moment, and for many sources of one deployment."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from publishers import START, Reply, rss

from feeds import cadence, config, pipeline, store
from feeds.model import Validators
from feeds.store import Poll


def deployment(farm, folder, *paths):
    """Return the configuration of a deployment with a source for each path."""
    sources = "".join(f"  - {{id: s{n}, url: '{farm.url(path)}'}}\n" for n, path in enumerate(paths))
    text = f"poll: {{allow_networks: [127.0.0.0/8]}}\nsources:\n{sources}topics: []\n"
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return config.load(folder / "config.yaml", environ={})


def test_killed_between_answer_and_save_we_do_not_ask_again_within_a_minute(play, tmp_path):
    async def scene(farm, _):
        asked = asyncio.Event()

        async def never(_writer):
            asked.set()
            await asyncio.sleep(20)

        farm.answers["/f"] = lambda _request: never
        settings = deployment(farm, tmp_path, "/f")
        with store.open(settings.store.url) as state:
            killed = asyncio.create_task(pipeline.poll(settings, state, clock=lambda: START))
            await asked.wait()
            killed.cancel()
            await asyncio.gather(killed, return_exceptions=True)
        farm.answers["/f"] = Reply(body=rss("a"))
        counts = []
        for seconds in (0, 30, 59, 63):
            with store.open(settings.store.url) as state:
                await pipeline.poll(settings, state, clock=lambda s=seconds: START + timedelta(seconds=s))
            counts.append(len(farm.requests))

        assert [1, 1, 1, 2] == counts

    play(scene)


def test_a_request_that_was_held_back_is_remembered_from_when_it_leaves(play, tmp_path):
    async def scene(farm, _):
        began, asked = asyncio.get_running_loop().time(), asyncio.Event()

        async def never(_writer):
            asked.set()
            await asyncio.sleep(20)

        farm.answers |= {"/0": Reply(body=rss("a")), "/1": lambda _request: never}
        settings = deployment(farm, tmp_path, "/0", "/1")

        def clock():  # ten times as fast as ours
            return START + timedelta(seconds=10 * (asyncio.get_running_loop().time() - began))

        with store.open(settings.store.url) as state:
            poll = pipeline.poll(settings, state, clock=clock, over=timedelta(seconds=5))
            killed = asyncio.create_task(poll)
            await asked.wait()
            left_at = clock()
            killed.cancel()
            await asyncio.gather(killed, return_exceptions=True)
            remembered = state.pollings()["s1"].last_polled_at

        assert left_at - START > timedelta(seconds=20)
        assert abs(remembered - left_at) < timedelta(seconds=10)

    play(scene)


def test_what_is_due_at_once_does_not_start_at_once(play, tmp_path):
    async def scene(farm, _):
        paths = [f"/{n}" for n in range(6)]
        farm.answers |= {path: Reply(body=rss(path)) for path in paths}
        settings = deployment(farm, tmp_path, *paths)
        with store.open(settings.store.url) as state:
            await pipeline.poll(settings, state, clock=lambda: START, over=timedelta(seconds=1.5))
        starts = sorted(request.at for request in farm.requests)

        assert 6 == len(starts)
        assert starts[-1] - starts[0] >= 0.5

    play(scene)


def test_an_order_to_stop_waits_for_no_start_that_was_put_off_and_keeps_what_was_read(play, tmp_path):
    async def scene(farm, _):
        asked, stop = asyncio.Event(), asyncio.Event()

        def first(_request):
            asked.set()
            return Reply(body=rss("a"))

        farm.answers |= {"/0": first, "/1": Reply(body=rss("b")), "/2": Reply(body=rss("c"))}
        settings = deployment(farm, tmp_path, "/0", "/1", "/2")
        with store.open(settings.store.url) as state:
            poll = asyncio.create_task(
                pipeline.poll(settings, state, clock=lambda: START, stop=stop, over=timedelta(hours=1))
            )
            await asked.wait()
            stop.set()
            report = await asyncio.wait_for(poll, 10)

        assert (["s0"], 1) == ([polled.source for polled in report.outcomes], len(farm.requests))

    play(scene)


def test_guids_that_change_at_every_turn_are_neither_news_nor_a_gap(play, tmp_path):
    async def scene(farm, _):
        def renamed(_request):
            turn = len(farm.requests)
            entries = "".join(
                f"<item><guid>{turn}-{n}</guid><title>Told {n}</title><link>{farm.url(f'/told-{n}')}</link></item>"
                for n in range(5)
            )
            return Reply(body=f"<rss version='2.0'><channel><title>A feed</title>{entries}</channel></rss>".encode())

        farm.answers["/f"] = renamed
        settings = deployment(farm, tmp_path, "/f")
        with store.open(settings.store.url) as state:
            for hours in range(4):
                await pipeline.poll(settings, state, clock=lambda h=hours: START + timedelta(hours=h), everything=True)
            polling = state.pollings()["s0"]

        assert ("200, 5 entries, 0 new", 0, 4) == (polling.answer, polling.gaps, polling.polls)

    play(scene)


def test_a_source_is_asked_less_often_beside_a_livelier_one(play, tmp_path):
    async def scene(farm, _):
        farm.answers["/0"] = Reply(status=304)
        settings = deployment(farm, tmp_path, "/0", "/1")
        waits = []
        for rate in (1.0, 90.0):
            learned = [
                replace(
                    cadence.start(source),
                    polls=30,
                    learning_since=START - timedelta(days=5),
                    last_success_at=START - timedelta(hours=1),
                    validators=Validators(etag='"a"'),
                    validators_url=source.url,
                    rate=each,
                )
                for source, each in zip(settings.sources, (40.0, rate), strict=True)
            ]
            with store.open(f"sqlite:///{tmp_path}/{rate}.db") as state:
                state.save([Poll(polling=polling) for polling in learned])
                await pipeline.poll(settings, state, clock=lambda: START, sources=["s0"])
                waits.append(state.pollings()["s0"].next_poll_at - START)

        assert waits[1] > 2 * waits[0]

    play(scene)


def test_what_nobody_foresaw_costs_its_source_and_no_other(play, tmp_path):
    async def scene(farm, _):
        dated = rss("a").replace(b"<guid>", b"<pubDate>2026-03-01 10:00:00</pubDate><guid>")
        farm.answers |= {"/0": Reply(body=dated), "/1": Reply(body=rss("b"))}
        settings = deployment(farm, tmp_path, "/0", "/1")
        # What the configuration would have refused.
        first, second = settings.sources
        settings = replace(settings, sources=(replace(first, timezone=7), second))
        with store.open(settings.store.url) as state:
            report = await pipeline.poll(settings, state, clock=lambda: START)
            failures = [state.pollings()[source.id].failures for source in settings.sources]

        assert ["unreadable", "feed"] == [outcome.kind for outcome in report.outcomes]
        assert "a mistake of this program" in report.outcomes[0].line
        assert [1, 0] == failures

    play(scene)


def test_what_was_not_read_of_a_document_is_told(play, tmp_path):
    async def scene(farm, _):
        farm.answers |= {"/0": Reply(body=rss(*map(str, range(1200)))), "/1": Reply(body=rss("a", *["b"] * 4)[:-30])}
        settings = deployment(farm, tmp_path, "/0", "/1")
        with store.open(settings.store.url) as state:
            report = await pipeline.poll(settings, state, clock=lambda: START)

        assert report.outcomes[0].line.endswith("; more than 1000 entries: the rest was not read")
        assert report.outcomes[1].line.endswith("; cut off before its end")

    play(scene)
