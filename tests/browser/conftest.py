from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.serving import running_service


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
