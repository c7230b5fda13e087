"""CPU, wall and memory of a command and all its processes, on Linux."""

import contextlib
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took."""

    cpu_s: float  # user and system, of the process and every child it waited for
    wall_s: float
    peak_mib: float  # of all its processes at once, shared pages counted once


def run(command: list[str], *, environment: dict[str, str], log: Path) -> Cost:
    """Run a command to its end and return its cost; SystemExit with its last words when it fails."""
    with log.open("wb") as output:
        began = time.perf_counter()
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        peak = _Peak(child.pid)
        peak.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - began
        peak.ended.set()
        peak.join()
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]} ended with {child.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
    return Cost(cpu_s=usage.ru_utime + usage.ru_stime, wall_s=wall_s, peak_mib=peak.kib / 1024)


class _Peak(threading.Thread):
    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.ended = threading.Event()
        self.kib = 0

    def run(self) -> None:
        while not self.ended.wait(SAMPLE_S):
            self.kib = max(self.kib, sum(map(_pss_kib, _processes(self.session))))


def _processes(session: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it ended meanwhile
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session:
                    found.append(int(folder.name))
    return found


def _pss_kib(process: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
