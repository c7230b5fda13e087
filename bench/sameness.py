"""Whether one machine and Python publish the bytes of another: the same documents, polled and published apart.

    python bench/sameness.py [PYTHON...] [--corpus ../shared/corpus/feeds] [--into FOLDER]

Each interpreter (requirements.lock has to be installed for it; without any: this one) runs `feeds once --all`
three times on the demo's samples, the second after a correction, and with --corpus once on captured feeds: in every
one of SURROUNDINGS, with a folder and caches of its own. Exit 1 when two published trees differ in a name or a byte.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parent.parent)]

from bench import captured  # noqa: E402 after the path is set
from feeds import demo  # noqa: E402

NOW = "2026-11-23T12:00:00Z"
LATER = ("2026-11-23T13:00:00Z", "2026-12-01T00:30:00Z")  # a correction; another month
# What differs between machines: locale, clock's zone, order of sets, rights of new files, CPUs.
SURROUNDINGS = (
    {"LC_ALL": "C.utf8", "TZ": "UTC", "PYTHONHASHSEED": "1", "umask": "022", "cpus": "all"},
    {"LC_ALL": "POSIX", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "2", "umask": "077", "cpus": "1"},
)
# Python would take a POSIX locale for one of UTF-8.
STRICT = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def published(python: str, surroundings: dict[str, str], folder: Path, *, press: "demo.Press") -> dict[str, bytes]:
    """Return what a deployment of the demo publishes, by path."""
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(
        demo.config_text(press.base_url, folder).replace(
            "output: {", "output: {region_feeds: true, compress: [gzip], "
        ),
        encoding="utf-8",
    )
    for number, now in enumerate((NOW, *LATER)):
        if number == 1:
            press.advance()
        run(python, surroundings, folder, now=now)
    return tree(folder / "public")


def run(python: str, surroundings: dict[str, str], folder: Path, *, now: str) -> None:
    """Run `feeds once --all` in a folder, as another machine would."""
    mask = int(surroundings["umask"], 8)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "FEEDS_"))}
    environment |= STRICT | {key: value for key, value in surroundings.items() if key.isupper()}
    environment |= {"FEEDS_NOW": now, "FEEDS_CACHE": str(folder / "cache"), "PYTHONPATH": str(HERE.parent.parent)}

    def settle() -> None:
        os.umask(mask)
        if surroundings["cpus"] == "1":
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    done = subprocess.run(
        [python, "-m", "feeds", "--config", "config.yaml", "once", "--all"],
        cwd=folder,
        env=environment,
        preexec_fn=settle,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=900,
    )
    if done.returncode:
        sys.exit(f"{python}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder, by path; but of those that tell the next poll, drawn by lot."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.stem != "status")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def differences(first: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return the paths that are in one tree only, or hold other bytes."""
    return sorted(path for path in first.keys() | other.keys() if first.get(path) != other.get(path))


def trees(pythons: Sequence[str], corpus: Path | None, folder: Path) -> Iterator[tuple[str, str, dict[str, bytes]]]:
    """Yield what was published: of which documents, by whom, and the tree."""
    now, server = datetime.fromisoformat(NOW), None
    if corpus:
        names = sorted(path.name for path in corpus.iterdir() if path.suffix != ".tsv")
        server = captured.serve(corpus)
    port = 0
    for python in pythons:
        for number, surroundings in enumerate(SURROUNDINGS):
            who = f"{version(python)} {surroundings['LC_ALL']} {surroundings['TZ']}"
            mine = folder / f"{len(who)}-{version(python)}-{number}"
            # The samples begin anew for each, on one port: addresses are part of what is published.
            with demo.serve(now=now, port=port) as press:
                port = int(press.base_url.rpartition(":")[2])
                yield "demo", who, published(python, surroundings, mine / "demo", press=press)
            if server:
                (mine / "corpus").mkdir()
                captured.deployment(mine / "corpus", names, server.server_address[1], regions=True)
                run(python, surroundings, mine / "corpus", now=NOW)
                yield "corpus", who, tree(mine / "corpus" / "public")


def version(python: str) -> str:
    """Return the version of an interpreter."""
    return subprocess.check_output(
        [python, "-c", "import platform; print(platform.python_version())"], text=True
    ).strip()


def main() -> int:
    """Compare everything with what was published first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*", default=[sys.executable])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--into", type=Path)
    asked = parser.parse_args()
    first: dict[str, dict[str, bytes]] = {}
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for what, who, found in trees(asked.pythons, asked.corpus, asked.into or Path(name)):
            different = differences(first.setdefault(what, found), found)
            wrong += len(different) + (not found)
            print(
                f"{what}\t{who}\t{len(found)} files\t{len(different)} different\t{' '.join(different[:5])}", flush=True
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
