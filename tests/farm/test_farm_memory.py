"""All that is hostile at once, on one CPU, in a process whose memory is watched."""

import gzip
import os
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import pytest

MIB = 2**20
BAR_MIB = 300
POLL = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from feeds.cli import main
try:
    main()
finally:
    print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
"""


def entry(n, more=""):
    text = f"Kazakhstan and Iran met {n} times in Tehran to talk of grain. {more}"
    return f"<item><title>Entry {n} of the ministry</title><guid>{n}</guid><description>{text}</description></item>"


def rss(inside):
    return f"<rss version='2.0'><channel><title>t</title>{inside}</channel></rss>".encode()


def hostile():
    large = rss("".join(entry(n, "x" * 3000) for n in range(3100)))[: 9 * MIB]
    soup = "".join(f"<item><title>a &nope; <b>b<i>c</title><p><td>x{entry(n)}" for n in range(12_000))
    return {
        "endless": None,
        "fifty": b"<rss>" + b"x" * (50 * MIB),
        "bomb": gzip.compress(b"\0" * (100 * MIB)),
        "near": gzip.compress(large),
        "again": large,
        "many": rss("".join(entry(n) for n in range(10_000))),
        "titles": rss("".join(f"<item><title>{'Tehran ' * 15_000}{n}</title></item>" for n in range(20))),
        "soup": f"<rss><channel>{soup}".encode(),
        "thick": b"<rss><channel>" + b"<item><title>q</titel><b><i><u>&x;<p a=b>t<br>" * 180_000,
        "attributes": rss("<item " + " ".join(f"a{n}='1'" for n in range(500_000)) + "><title>x</title></item>"),
        "enclosures": rss("<item><title>x</title>" + "<enclosure url='http://a.example/1'/>" * 150_000 + "</item>"),
        "deep": rss("<item>" + "<a>" * 200_000 + "</a>" * 200_000 + "</item>"),
        "markup": rss(f"<item><title>d</title><description><![CDATA[{'<div>' * MIB}]]></description></item>"),
        "numbers": b'{"version":"https://jsonfeed.org/version/1.1","items":[' + b"1," * 4_000_000 + b"1]}",
        "references": rss(f"<item><title>{'&#1080;' * 1_200_000}</title></item>"),
    }


class Publisher(socketserver.StreamRequestHandler):
    def handle(self):
        name = self.rfile.readline().split(b" ")[1].decode().strip("/")
        while self.rfile.readline().strip():
            pass
        body = self.server.bodies[name]
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while body is None:
                self.wfile.write(b"x" * 65536)
            self.wfile.write(body)
        except OSError:  # hung up on, as it should be
            pass


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells its memory otherwise")
def test_all_hostile_feeds_at_once_take_less_than_three_hundred_megabytes(tmp_path):
    with socketserver.ThreadingTCPServer(("", 0), Publisher) as server:
        server.bodies, server.daemon_threads = hostile(), True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        sources = "".join(
            f"  - {{id: {name}, url: 'http://127.0.1.{n + 1}:{port}/{name}'}}\n" for n, name in enumerate(server.bodies)
        )
        written = f"poll: {{allow_networks: [127.0.0.0/8]}}\nsources:\n{sources}topics: []\n"
        (tmp_path / "config.yaml").write_text(written, encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-c", POLL, "poll"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        server.shutdown()

    assert "15 sources asked" in told.stdout, told.stderr
    peak_kib = int(told.stderr.split("VmHWM:")[1].split()[0])
    assert peak_kib < BAR_MIB * 1024
