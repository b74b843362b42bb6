"""The wheel, installed on its own as a user would install it."""

import json
import subprocess
import sys
import venv
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.serving import running_service

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def scripts(tmp_path_factory) -> Path:
    """The commands of an environment that holds the wheel and its pinned requirements alone."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "wheel",
        "--directory",
        str(folder),
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "clean", with_pip=False)
    python = folder / "clean" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    pins = ["--require-hashes", "--requirement", str(ROOT / "requirements" / "run.txt")]
    subprocess.run([*install, *pins], check=True, capture_output=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    return Path(python.parent)


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


def test_nothing_is_installed_beside_the_package(scripts):
    (site,) = scripts.parent.glob("lib/python*/site-packages")
    assert not (site / "static").exists()
    assert not (site / "seeds").exists()
    assert (site / "qa_service" / "_shipped" / "seeds").is_dir()
