"""The package, installed on its own by the steps of the Dockerfile."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from tests.serving import running_service

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The commands of an environment that holds the package and its pinned requirements alone."""
    folder = tmp_path_factory.mktemp("container") / "venv"
    here = {"python": [sys.executable], "pip": [sys.executable, "-m", "pip"]}
    steps = re.findall(r"^RUN (.+)$", DOCKERFILE, re.MULTILINE)
    assert len(steps) == 3
    for step in steps:
        program, *words = shlex.split(step.replace("/venv", str(folder)))
        subprocess.run([*here[program], *words], cwd=ROOT, check=True, capture_output=True)
    return folder / "bin"


def test_the_installed_command_answers_from_the_shipped_article(scripts, tmp_path):
    question = "Siapa bertemu siapa, di mana, dan kapan?"
    command = [str(scripts / "qa-service"), "ask", question, "--json"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "bertemu" in json.loads(done.stdout)["quotes"][0]["text"]


def test_the_installed_service_ships_its_page(scripts, tmp_path):
    command = (str(scripts / "qa-service"),)
    with running_service(command=command, cwd=tmp_path) as (address, _):
        for path in ["/", "/static/page.css", "/static/page.js", "/docs"]:
            with urlopen(address + path, timeout=10) as response:
                assert response.status == 200


def test_the_container_s_health_check_tells_whether_the_service_is_ready(scripts):
    check = re.search(r"HEALTHCHECK .+?CMD (\[.+?\])\n", DOCKERFILE, re.DOTALL)
    assert check is not None
    program, *words = json.loads(check[1])
    with running_service(command=(str(scripts / "qa-service"),)) as (address, _):
        port = address.rsplit(":", 1)[1]
        command = [str(scripts / Path(program).name), *(w.replace("8000", port) for w in words)]
        assert subprocess.run(command, check=False).returncode == 0
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


def test_the_service_writes_to_the_temporary_folder_alone(scripts, tmp_path, monkeypatch):
    """Containers run it read-only but for that folder."""
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("HOME", str(home))
    before = list_files(scripts.parent)
    with (
        running_service(command=(str(scripts / "qa-service"),), cwd=home) as (address, _),
        urlopen(f"{address}/?question=Siapa+Vorobyova%3F", timeout=30) as response,
    ):
        assert response.status == 200
    assert list_files(scripts.parent) == before
    assert list_files(home) == []


def list_files(folder):
    return sorted((str(p), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file())


def test_the_composed_service_is_locked_up_and_reached_from_this_machine_only():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    service = yaml.safe_load(text)["services"]["qa-service"]
    assert service["read_only"]
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_nothing_is_installed_beside_the_package(scripts):
    (site,) = scripts.parent.glob("lib/python*/site-packages")
    assert not (site / "static").exists()
    assert not (site / "seeds").exists()
    assert (site / "qa_service" / "_shipped" / "seeds").is_dir()
