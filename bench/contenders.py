"""How each aggregator is told to poll the farm, and the settings that make it do so at its best."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if len(sys.argv) > 2:
    for url in open(sys.argv[2]).read().split():
        reader.add_feed(url)
reader.update_feeds(workers=10, scheduled=False)
reader.close()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A program that polls feeds."""

    name: str
    version: str
    prepare: Callable[[Path, list[str]], None]  # settings and urls into an empty folder
    poll: Callable[[Path], list[str]]  # the command that asks every source once


def present(root: Path) -> list[Contender]:
    """Return those that are installed, ourselves first."""
    found = [Contender(name="feeds", version="this checkout", prepare=_feeds(root), poll=_feeds_poll)]
    if importlib.util.find_spec("reader"):
        import reader  # noqa: PLC0415 only when it is there

        found.append(Contender(name="reader", version=reader.__version__, prepare=_reader, poll=_reader_poll))
    if shutil.which("newsboat"):
        found.append(Contender(name="newsboat", version="apt", prepare=_newsboat, poll=_newsboat_poll))
    if shutil.which("sfeed_update"):
        found.append(Contender(name="sfeed", version="apt", prepare=_sfeed, poll=_sfeed_poll))
    return found


def _feeds(root: Path) -> Callable[[Path, list[str]], None]:
    real = yaml.safe_load((root / "config.yaml").read_text())

    def prepare(folder: Path, urls: list[str]) -> None:
        # The real topics, every format, the store on disk: nothing is left out.
        settings = {
            "site": {
                "title": "Bench",
                "url": "https://bench.example/",
                "language": "en",
                "contact": "bench@bench.example",
            },
            "output": {"folder": str(folder / "public"), "formats": ["atom", "rss", "json", "html"]},
            "store": {"url": f"sqlite:///{folder}/state/feeds.db"},
            # one host is a thousand here: the most that may be asked of one at a time
            "poll": {"per_host": 16, "allow_networks": ["127.0.0.0/8"]},
            "sources": [{"id": f"s{number:05d}", "url": url} for number, url in enumerate(urls)],
            "regions": real.get("regions", {}),
            "topics": real["topics"],
        }
        (folder / "config.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))

    return prepare


def _feeds_poll(folder: Path) -> list[str]:
    return [sys.executable, "-m", "feeds", "--config", str(folder / "config.yaml"), "once", "--all"]


def _reader(folder: Path, urls: list[str]) -> None:
    (folder / "urls").write_text("\n".join(urls))
    (folder / "poll.py").write_text(READER)


def _reader_poll(folder: Path) -> list[str]:
    state = folder / "reader.db"
    return [sys.executable, str(folder / "poll.py"), str(state), *([] if state.exists() else [str(folder / "urls")])]


def _newsboat(folder: Path, urls: list[str]) -> None:
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "config").write_text('reload-threads 4\ncleanup-on-quit no\nerror-log "/dev/null"\n')


def _newsboat_poll(folder: Path) -> list[str]:
    names = {"-u": "urls", "-C": "config", "-c": "cache.db"}
    return ["newsboat", *(part for flag, name in names.items() for part in (flag, str(folder / name))), "-x", "reload"]


def _sfeed(folder: Path, urls: list[str]) -> None:
    feeds = "\n".join(f"feed 'feed{number:05d}' '{url}'" for number, url in enumerate(urls))
    (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nmaxjobs=16\nfeeds() {{\n{feeds}\n}}\n')


def _sfeed_poll(folder: Path) -> list[str]:
    return ["sfeed_update", str(folder / "sfeedrc")]
