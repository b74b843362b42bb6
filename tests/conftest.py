"""Articles that several tests ask about, all written for the tests, and a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from qa_service.article import Article
from qa_service.reader.reader import Reader, load_reader

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HARBOUR = (
    "Pelabuhan Sejati Resmi Dibuka\n"
    "\n"
    "Wali Kota Rahmi Hasanah membuka Pelabuhan Sejati di Teluk Biru pada Senin (3/2/2025). "
    "Pembangunannya menelan biaya Rp1.250.000.000 dan tidak memakai pinjaman.\n"
    "\n"
    "Kapal pertama tiba pukul 10.30 WIB. Ketua nelayan, H. Amir Daud, S.H., menyambut awaknya 🚢.\n"
)
LIBRARY_EN = (
    "Village Library Opens\n"
    "\n"
    "Mayor Ruth Calder opened the library in Fernley on Friday. It holds 4,000 books.\n"
)


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The reader that is shipped."""
    return load_reader()


@pytest.fixture
def harbour() -> Article:
    return Article.of(HARBOUR, id="harbour")


@pytest.fixture
def village() -> Article:
    return Article.of(LIBRARY_EN, id="village")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an Indonesian and an English article."""
    (tmp_path / "harbour.txt").write_text(HARBOUR, encoding="utf-8", newline="")
    (tmp_path / "village.txt").write_text(LIBRARY_EN, encoding="utf-8", newline="")
    return tmp_path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, f"none of {', '.join(BROWSERS)} is installed; `make test` installs one"
    # Another test may run beside, on a slow processor.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        # A container's root can't use Chromium's own sandbox.
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
