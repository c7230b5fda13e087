"""The recipes of docs/deploying do what they say, as far as one machine can tell."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
import yaml

RECIPES = Path(__file__).parents[2] / "docs" / "deploying"


def blocks(recipe: str, language: str) -> list[str]:
    text = (RECIPES / recipe).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture
def nginx(tmp_path):
    """The recipe for nginx on loopback, without TLS."""
    assert shutil.which("nginx") is not None, "nginx is not installed: make apt"
    public = tmp_path / "public"
    public.mkdir()
    for name in ("a.atom", "a.xml", "a.json", "a.html", "index.html", "topics.opml", "_headers", "style.css"):
        (public / name).write_text(f"<a>{name}</a>", encoding="utf-8")
    (public / "a.atom.gz").write_bytes(gzip.compress(b"<a>a.atom</a>", mtime=0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server, headers = blocks("nginx.md", "nginx")
    (tmp_path / "headers.conf").write_text(headers, encoding="utf-8")
    for said, meant in (
        ("/srv/feeds/public", str(public)),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("    http2 on;\n", ""),
        ("include mime.types;", "include /etc/nginx/mime.types;"),
        ("/etc/nginx/feeds-headers.conf", str(tmp_path / "headers.conf")),
    ):
        assert said in server
        server = server.replace(said, meant)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # whose folders of tests are nobody else's to read
    (tmp_path / "nginx.conf").write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; {paths}\n{server}}}\n",
        encoding="utf-8",
    )
    running = subprocess.Popen(
        ["nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], stderr=subprocess.PIPE, text=True
    )
    url = f"http://127.0.0.1:{port}/"
    for _ in range(100):
        try:
            httpx.get(url)
            break
        except httpx.TransportError:
            assert running.poll() is None, running.stderr.read()
            time.sleep(0.05)
    yield url
    running.terminate()
    running.wait(10)
    running.stderr.close()


@pytest.mark.apt
def test_nginx_serves_every_file_as_what_it_is(nginx):
    kinds = {
        "a.atom": "application/atom+xml",
        "a.xml": "application/rss+xml",
        "a.json": "application/feed+json",
        "a.html": "text/html",
        "": "text/html",
        "topics.opml": "text/x-opml",
        "style.css": "text/css",
    }
    answers = {name: httpx.get(nginx + name) for name in kinds}

    assert kinds == {name: answer.headers["content-type"].split(";")[0] for name, answer in answers.items()}
    assert {"public, max-age=300"} == {answer.headers["cache-control"] for answer in answers.values()}
    assert all("default-src 'none'" in answer.headers["content-security-policy"] for answer in answers.values())


@pytest.mark.apt
def test_nginx_says_not_modified_gives_packed_copies_and_keeps_our_own_files(nginx):
    first = httpx.get(nginx + "a.atom", headers={"Accept-Encoding": "gzip"})
    again = httpx.get(nginx + "a.atom", headers={"If-None-Match": first.headers["etag"], "Accept-Encoding": "gzip"})

    assert ("gzip", "<a>a.atom</a>") == (first.headers["content-encoding"], first.text)
    assert 304 == again.status_code
    assert 404 == httpx.get(nginx + "_headers").status_code


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_units_are_ones_that_systemd_reads(tmp_path):
    text = "\n".join(blocks("systemd.md", "ini"))
    program = tmp_path / "feeds"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = []
    for name, recipe in re.findall(
        r"^# /etc/systemd/system/(\S+)\n(.*?)(?=^# /etc|\Z)", text, re.DOTALL | re.MULTILINE
    ):
        units.append(tmp_path / name)
        body = recipe.replace("/srv/feeds/.venv/bin/feeds", str(program)).replace("/srv/feeds", str(tmp_path))
        units[-1].write_text(body)
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False, timeout=60
    )

    assert [] == [line for line in told.stderr.splitlines() if str(tmp_path) in line or line.startswith("feeds")]
    assert 3 == len(units)


def test_the_workflow_is_one():
    (text,) = blocks("github-pages.md", "yaml")
    flow = yaml.safe_load(text)
    (job,) = flow["jobs"].values()

    # YAML 1.1 reads the key `on` as true.
    assert {"schedule", "workflow_dispatch"} == set(flow[True])
    assert {"contents": "write", "pages": "write", "id-token": "write"} == flow["permissions"]
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert job["steps"][-1]["uses"].startswith("actions/deploy-pages@")


@pytest.mark.parametrize("step", [1, 2])
def test_the_steps_of_the_workflow_are_shell(step):
    (text,) = blocks("github-pages.md", "yaml")
    (job,) = yaml.safe_load(text)["jobs"].values()
    scripts = [each["run"] for each in job["steps"] if "run" in each]

    assert 0 == subprocess.run(["bash", "-n"], input=scripts[step], text=True, check=False).returncode
