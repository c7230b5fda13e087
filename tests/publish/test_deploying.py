"""The recipes of docs/deploying do what they say, as far as one machine can tell."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml

from feeds import demo, publish

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


@pytest.mark.apt
def test_the_units_are_ones_that_systemd_reads(tmp_path):
    assert shutil.which("systemd-analyze") is not None, "systemd is not installed: make apt"
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


def test_the_workflow_is_what_github_takes_for_one(tmp_path):
    (text,) = blocks("github-pages.md", "yaml")
    (tmp_path / "feeds.yml").write_text(text, encoding="utf-8")
    (tmp_path / "wrong.yml").write_text(text.replace("runs-on:", "runs-at:"), encoding="utf-8")
    told = {
        name: subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", tmp_path / name],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        for name in ("feeds.yml", "wrong.yml")
    }

    assert (0, 1) == (told["feeds.yml"].returncode, told["wrong.yml"].returncode), told["feeds.yml"].stdout


def git(*words, folder):
    who = ("-c", "user.name=editor", "-c", "user.email=editor@localhost", "-c", "init.defaultBranch=main")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True, timeout=60
    ).stdout


@pytest.fixture
def runner(tmp_path):
    """Return what runs the workflow's steps as GitHub does, in a new checkout, against a bare repository."""
    (text,) = blocks("github-pages.md", "yaml")
    (job,) = yaml.safe_load(text)["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "run" in step]
    hub = tmp_path / "hub" / "editor" / "wire"
    git("init", "--bare", "-q", str(hub), folder=tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "feeds").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feeds "$@"\n', encoding="utf-8")
    (programs / "feeds").chmod(0o755)

    def run(name, config=None):
        checkout = tmp_path / name
        git("clone", "-q", str(hub), str(checkout), folder=tmp_path)
        if config is not None:
            (checkout / "config.yaml").write_text(config, encoding="utf-8")
            git("add", "config.yaml", folder=checkout)
            git("commit", "-qm", "feeds", folder=checkout)
            git("push", "-q", "origin", "HEAD:main", folder=checkout)
        environment = os.environ | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(RECIPES.parents[1]),
            "TMPDIR": str(tmp_path),
            "GITHUB_REPOSITORY": "editor/wire",
            "TOKEN": "secret",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/hub/.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/",
        }
        for step in steps[1:]:
            done = subprocess.run(
                ["bash", "-e"],
                input=step,
                cwd=checkout,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert 0 == done.returncode, (step, done.stderr)
        return checkout

    assert steps[0].startswith("pip install")
    return run


@pytest.mark.slow
def test_the_workflow_carries_state_and_output_from_run_to_run(runner, tmp_path):
    with demo.serve(now=datetime.now(UTC)) as press:
        first = runner(
            "first",
            "site: {title: Wire, url: 'https://wire.example.org/'}\n"
            "poll: {allow_networks: [127.0.0.0/8], first_max_age: 36500d}\n"
            f"sources: [{{id: ala-too, url: '{press.base_url}/ala-too.atom'}}]\n"
            "topics: [{slug: all, title: All, match: 'after:2000-01-01', max_age: 36500d}]\n",
        )
        second = runner("second")
    shown = [(run / "public" / "all.atom").read_bytes() for run in (first, second)]

    assert b"<entry" in shown[0]
    assert shown[0] == shown[1]
    assert "1" == git("rev-list", "--count", "state", folder=tmp_path / "hub/editor/wire").strip()
    assert (second / "state" / "feeds.db").exists()
    assert "config.yaml" not in git("ls-tree", "--name-only", "state", folder=tmp_path / "hub/editor/wire")


@pytest.mark.apt
def test_the_upload_with_rsync_is_run_after_a_change(tmp_path):
    assert shutil.which("rsync") is not None, "rsync is not installed: make apt"
    (text,) = blocks("pages-hosts.md", "yaml")
    (line,) = re.findall(r"after: (rsync .*?) +#", text)
    public, host = tmp_path / "public", tmp_path / "host"
    public.mkdir()
    host.mkdir()
    (public / "a.atom").write_text("<feed/>")
    (host / "gone.atom").write_text("<feed/>")
    publish.after(line.replace("host:/srv/wire/", f"{host}/"), public, ["a.atom"])

    assert ["a.atom"] == [path.name for path in host.iterdir()]
