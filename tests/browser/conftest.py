from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from qa_service.web.texts import page_texts
from tests.serving import running_service


@dataclass(frozen=True)
class Screen:
    """What a page is looked at with."""

    width: int
    height: int
    scheme: Literal["light", "dark"]
    language: str
    motion: Literal["no-preference", "reduce"]

    def __str__(self) -> str:
        return f"{self.width}x{self.height}-{self.scheme}-{self.language}"


WIDE = Screen(1280, 800, "light", "id", "no-preference")
# Each size, scheme and language, with things that move and without; test_accessibility has each two
# of the first three together.
SCREENS = (
    WIDE,
    Screen(768, 1024, "dark", "en", "reduce"),
    Screen(360, 740, "dark", "id", "reduce"),
)


@pytest.fixture(scope="session")
def seed_address() -> Iterator[str]:
    with running_service() as (address, _):
        yield address


def open_page(browser: Browser, screen: Screen = WIDE, **options: Any) -> Any:
    """Return a page of a context of its own, with the page's ``texts`` in its language."""
    context: Any = browser.new_context(
        locale={"id": "id-ID", "en": "en-GB"}[screen.language],
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=screen.scheme,
        reduced_motion=screen.motion,
        **options,
    )
    page = context.new_page()
    page.screen = screen
    page.texts = page_texts(screen.language)
    return page


@pytest.fixture(params=SCREENS, ids=str)
def page(browser, request) -> Iterator[Page]:
    """A page that fails its test if a script, a request or the content policy fails in it."""
    page = open_page(browser, request.param)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    page.wrong = wrong
    yield page
    page.context.close()
    assert wrong == []
