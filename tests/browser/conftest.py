import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import running_service

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, f"none of {', '.join(NAMES)} is installed; `make chromium` installs one"
    with sync_playwright() as playwright:
        # A container's root can't use Chromium's own sandbox.
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seed_address() -> Iterator[str]:
    with running_service() as (address, _):
        yield address


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page that fails its test if a script, a request or the content policy fails in it."""
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    page.wrong = wrong
    yield page
    context.close()
    assert wrong == []
