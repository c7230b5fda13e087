"""The gate in front of hosts, without a network."""

import asyncio
import time
from itertools import pairwise

from feeds.fetch import hosts


def pass_through(names, **settings):
    """Send requests of 10 ms through a gate; return (host, start, most at a time of that host)."""
    gate = hosts.Gate(**{"per_host": 2, "spacing_s": 0.0, "concurrency": 64, **settings})
    inside, most, starts = {}, {}, []

    async def request(name):
        async with gate.enter(name):
            starts.append((name, time.monotonic()))
            inside[name] = inside.get(name, 0) + 1
            most[name] = max(most.get(name, 0), inside[name])
            most["all"] = max(most.get("all", 0), sum(inside.values()))
            await asyncio.sleep(0.01)
            inside[name] -= 1

    async def run():
        await asyncio.gather(*(request(name) for name in names))

    asyncio.run(run())
    return starts, most


def test_requests_to_a_host_are_spaced_as_the_operator_says():
    starts, _ = pass_through(["a.example"] * 4, spacing_s=0.02)

    assert all(later - sooner >= 0.02 for (_, sooner), (_, later) in pairwise(starts))


def test_spacing_at_one_host_does_not_hold_up_another():
    starts, _ = pass_through(["a.example"] * 4 + ["b.example"], spacing_s=0.05)

    assert "b.example" in {name for name, _ in starts[:2]}


def test_no_more_than_two_requests_at_a_time_reach_a_host():
    _, most = pass_through(["a.example"] * 7)

    assert 2 == most["a.example"]


def test_a_host_is_its_name_whatever_the_case_and_the_final_dot():
    gate = hosts.Gate(per_host=1, spacing_s=0.0, concurrency=9)

    async def run():
        async with gate.enter("A.example."):
            try:
                await asyncio.wait_for(gate.enter("a.example").__aenter__(), 0.01)
            except TimeoutError:
                return "waited"
        return "passed"

    assert "waited" == asyncio.run(run())


def test_a_host_with_many_feeds_leaves_turns_for_the_others():
    starts, most = pass_through(["big.example"] * 20 + ["small.example"], concurrency=3)

    assert 3 >= most["all"]
    assert "small.example" in {name for name, _ in starts[:3]}
