"""What a poll of a thousand feeds costs, through publishing, beside the peers that are installed.

    python bench/run.py [--feeds 1000] [--rounds 5] [--only feeds,reader] [--json results.json]

A round is a cold poll, an all-304 poll and a poll after a tenth of the feeds changed. Within a round
the contenders take turns at each, so that a noisy minute hits all of them; medians of the rounds are
reported. The server counts: a poll that did not ask every source fails the run, and so does one of
ours that was answered otherwise than meant. Every contender starts each round with empty state.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from bench import contenders, farm, measure  # noqa: E402 after the path is set

PHASES = ("cold", "304", "advanced")
PORT = 8300


def main() -> None:
    """Run the rounds and print the medians."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--feeds", type=int, default=1000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", help="names, separated by commas")
    asked.add_argument("--json", type=Path, help="also write every measurement here")
    told = asked.parse_args()
    taking_part = contenders.present(ROOT)
    if told.only:
        taking_part = [each for each in taking_part if each.name in told.only.split(",")]
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        work = Path(folder)
        work.chmod(0o755)  # nginx, started by root, reads as another user
        size = farm.generate(work / "farm", told.feeds)
        print(f"{told.feeds} feeds of {farm.ENTRIES} entries, {size / told.feeds / 1000:.0f} KB each; {calibration()}")
        with farm.served(work / "farm", PORT):
            costs = [one_round(work, number, taking_part, told.feeds) for number in range(told.rounds)]
    report(taking_part, costs)
    if told.json:
        told.json.write_text(
            json.dumps([{f"{n}/{p}": asdict(c) for (n, p), c in each.items()} for each in costs], indent=1)
        )


def calibration() -> str:
    """Return how fast this machine is at plain Python now, so that runs can be compared."""
    import timeit  # noqa: PLC0415 once

    took_s = min(timeit.repeat("for i in r: x = i + 1", "r = range(10**6)", number=1, repeat=5))
    return f"a loop of a million additions takes {took_s * 1000:.0f} ms"


def one_round(work: Path, number: int, taking_part: list, feeds: int) -> dict:
    """Return what each contender and phase took; who goes first moves on with each round."""
    turn = taking_part[number % len(taking_part) :] + taking_part[: number % len(taking_part)]
    for each in turn:
        shutil.rmtree(work / each.name, ignore_errors=True)
        (work / each.name).mkdir()
        each.prepare(work / each.name, farm.urls(feeds, PORT))
    costs = {}
    expected = {"cold": {"200": feeds}, "304": {"304": feeds}}
    for phase in PHASES:
        if phase == "advanced":
            gained = farm.advance(work / "farm")
            expected["advanced"] = {"200": gained, "304": feeds - gained}
        for each in turn:
            asked = work / "farm" / "access.log"
            os.truncate(asked, 0)
            command = each.poll(work / each.name)
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(work / each.name)}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)  # installed programs have theirs
            costs[each.name, phase] = measure.run(command, environment=environment, log=work / f"{each.name}.log")
            answers = judge(asked.read_text(), each.name, phase, feeds, expected[phase])
            cost = costs[each.name, phase]
            print(
                f"round {number + 1} {phase:8} {each.name:9} {cost.cpu_s:6.2f} s CPU {cost.wall_s:6.2f} s wall "
                f"{cost.peak_mib:5.0f} MiB  {answers}",
                flush=True,
            )
    farm.reset(work / "farm")
    return costs


def judge(log: str, name: str, phase: str, feeds: int, expected: dict[str, int]) -> str:
    """Return the answers the server gave; SystemExit when a source was not asked, or ours were not as meant."""
    asked = [line.split() for line in log.splitlines()]
    missed = feeds - len({path for _, path in asked if path.endswith(".xml")})
    answers = dict(Counter(status for status, _ in asked))
    if missed or not set(answers) <= {"200", "304"}:
        raise SystemExit(f"{name}, {phase}: {missed} sources were not asked; the server answered {answers}")
    if name == "feeds" and answers != expected:
        raise SystemExit(f"{name}, {phase}: the server answered {answers}, meant was {expected}")
    return " ".join(f"{count} x {status}" for status, count in sorted(answers.items()))


def report(taking_part: list, costs: list[dict]) -> None:
    """Print medians as a table of Markdown."""
    print("\n| poll | " + " | ".join(f"{each.name} ({each.version})" for each in taking_part) + " |")
    print("| --- |" + " --- |" * len(taking_part))
    for phase in PHASES:
        cells = []
        for each in taking_part:
            taken = [round_[each.name, phase] for round_ in costs]
            cpu, wall = (statistics.median(getattr(cost, name) for cost in taken) for name in ("cpu_s", "wall_s"))
            cells.append(f"{cpu:.2f} / {wall:.2f} s, {max(cost.peak_mib for cost in taken):.0f} MiB")
        print(f"| {phase} | " + " | ".join(cells) + " |")
    print("\nCPU / wall, medians; memory is the highest peak of all processes together.")


if __name__ == "__main__":
    main()
