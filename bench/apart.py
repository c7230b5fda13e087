"""Scores what `feeds tag` and `feeds group` say of the cases written apart from vocabularies, rules and gold sets.

python bench/apart.py regions|duplicates|topics [--cases apart|apart2|...|apart6|acts|ours|said] [--wrong]
"""

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from bench.counting import Count  # noqa: E402 after the path is set

DATA = ROOT / "tests" / "data"
TOPIC = "central-asia-diplomacy"


def load(folder, name):
    return [json.loads(line) for line in (DATA / folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


def ask(command, rows):
    """What `feeds COMMAND` answers, by id."""
    asked = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    answer = subprocess.run(
        [sys.executable, "-m", "feeds", command], input=asked, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {row["id"]: row for row in map(json.loads, answer.stdout.splitlines())}


def table(rows, *columns):
    """Prints one line for everything and one for each language."""
    total, by_language = [Count() for _ in columns], defaultdict(lambda: [Count() for _ in columns])
    for language, *pairs in rows:
        for number, pair in enumerate(pairs):
            if pair is not None:
                total[number].add(*pair)
                by_language[language][number].add(*pair)
    for number, name in enumerate(columns):
        print(f"{name:22} {total[number]}")
        print("   ", "  ".join(f"{lang} {counts[number].f1():.0f}" for lang, counts in sorted(by_language.items())))


def tagged(cases):
    return ask("tag", [{k: c[k] for k in ("id", "title", "text", "lang", "home") if c.get(k)} for c in cases])


def regions(name, wrong):
    cases = load("regions", name)
    got = tagged(cases)
    rows, empty, alarmed = [], 0, 0
    for case in cases:
        answer, optional = got[case["id"]], case.get("optional", ())
        mention = (case["countries"], answer["countries"], optional)
        primary = None if case["primary"] is None else (case["primary"], answer["primary"])
        rows.append((case["lang"], mention, primary))
        if not case["countries"]:
            empty += 1
            alarmed += bool(set(answer["countries"]) - set(optional))
        missed, over = set(mention[0]) - set(mention[1]), set(mention[1]) - set(mention[0]) - set(optional)
        if wrong and (missed or over or (primary and set(primary[0]) != set(primary[1]))):
            print(case["id"], "missed", sorted(missed), "over", sorted(over), "primary", primary, case["title"])
    table(rows, "mention", "primary")
    print(f"{len(cases)} cases; false alarms on {alarmed} of {empty} without a country")


def duplicates(name, wrong):
    cases = load("dedupe", name)
    sides = [
        (datetime.fromisoformat(case[side]["published"]).timestamp(), f"{case['id']}-{side}", case["lang"], case[side])
        for case in cases
        for side in "ab"
    ]
    rows = [
        {
            "id": name, "lang": lang, "ts": int(ts), "title": one["title"], "text": one["text"],
            "source": one["source"], "url": f"https://{one['source']}/{name}",
        }
        for ts, name, lang, one in sorted(sides, key=lambda side: side[:2])
    ]  # fmt: skip
    got = ask("group", rows)
    told, confusion = [], Counter()
    for case in cases:
        a, b = got[f"{case['id']}-a"], got[f"{case['id']}-b"]
        if a["cluster"] == b["cluster"]:
            found = "same_item"
        else:
            found = "same_story" if a["story"] == b["story"] else "different"
        label = case["label"]
        confusion[label, found] += 1
        item = [["x"] if one == "same_item" else [] for one in (label, found)]
        story = [["x"] if one != "different" else [] for one in (label, found)]
        told.append((case["lang"], item, story))
        if wrong and label != found:
            print(case["id"], label, "->", found, "|", case["a"]["title"], "|", case["b"]["title"], "|", case["note"])
    table(told, "same item", "same item or story")
    for label in ("same_item", "same_story", "different"):
        counts = {found: confusion[label, found] for found in ("same_item", "same_story", "different")}
        print(f"    {label:11} n={sum(counts.values())} found as {counts}")


def topics(name, wrong):
    cases = load("topics", name)
    got = tagged(cases)
    rows, themes = [], defaultdict(Count)
    for case in cases:
        answer = got[case["id"]]
        found = TOPIC in answer["topics"]
        for theme in {*case["themes"], *answer["themes"]}:
            themes[theme].add({theme} & set(case["themes"]), {theme} & set(answer["themes"]))
        both = [["x"] if "diplomacy" in one else [] for one in (case["themes"], answer["themes"])]
        asked = (
            None if case["ca_diplomacy"] is None else [["x"] if one else [] for one in (case["ca_diplomacy"], found)]
        )
        rows.append((
            case["lang"], asked, both, (case["themes"], answer["themes"]), (case["primary"], answer["primary"]),
        ))  # fmt: skip
        if wrong and asked[0] != asked[1]:
            print(case["id"], "wanted" if not found else "unwanted", case["title"], answer["themes"], answer["primary"])
    table(rows, TOPIC, "theme diplomacy", "all themes", "primary countries")
    off = [case for case in cases if "switch" in case]
    print(f"off by default and selected: {sum(TOPIC in got[case['id']]['topics'] for case in off)} of {len(off)}")
    for theme, count in sorted(themes.items()):
        print(f"    {theme:18} {count}  n={count.tp + count.fn}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("set", choices=["regions", "duplicates", "topics"])
    arguments.add_argument("--wrong", action="store_true")
    arguments.add_argument(
        "--cases",
        choices=["apart", "apart2", "apart3", "apart4", "apart5", "apart6", "acts", "ours", "said"],
        default="apart",
        help="of which author; ours, said: duplicates alone",
    )
    options = arguments.parse_args()
    {"regions": regions, "duplicates": duplicates, "topics": topics}[options.set](options.cases, options.wrong)


if __name__ == "__main__":
    main()
