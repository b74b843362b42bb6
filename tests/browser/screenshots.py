"""Take the screenshots in docs/screenshots: python -m tests.browser.screenshots"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import BROWSERS
from tests.serving import running_service

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
ARTICLES = Path(__file__).parents[1] / "quality" / "articles"
FLAGSHIP = {
    "id": "Siapa bertemu siapa, di mana, dan kapan?",
    "en": "Who met whom, where, and when?",
}
WIDE, NARROW = (1280, 800), (360, 740)


def main() -> None:
    """Take one of each state that readers see."""
    OUT.mkdir(exist_ok=True)
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with (
        sync_playwright() as playwright,
        TemporaryDirectory() as folder,
        running_service() as (seed, _),
        running_service("--articles", str(ARTICLES)) as (library, _),
        running_service("--articles", folder) as (empty, _),
        running_service("--rate-limit", "1/hour") as (limited, _),
    ):
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        answer(open_page(browser, seed), "answer")
        answer(open_page(browser, seed, scheme="dark", locale="en-GB"), "answer-dark")
        answer(open_page(browser, seed, size=NARROW), "answer-phone")
        refuse(open_page(browser, seed))
        follow_up(open_page(browser, seed, scheme="dark"))
        add(open_page(browser, seed))
        ask_all(open_page(browser, f"{library}/?all=1", locale="en-GB"))
        wait(open_page(browser, limited, size=NARROW, scheme="dark"))
        take(open_page(browser, empty, size=NARROW), "empty")
        browser.close()


def open_page(
    browser: Browser,
    address: str,
    *,
    size: tuple[int, int] = WIDE,
    scheme: str = "light",
    locale: str = "id-ID",
) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=locale,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.png")
    page.context.close()


def ask(page: Page, question: str) -> None:
    turns = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    page.wait_for_load_state("networkidle")


def answer(page: Page, name: str) -> None:
    ask(page, FLAGSHIP[page.locator("html").get_attribute("lang") or "id"])
    page.locator(".part").nth(1).hover()
    take(page, name)


def refuse(page: Page) -> None:
    ask(page, "Berapa ton beras yang dibeli Rusia?")
    take(page, "refusal")


def follow_up(page: Page) -> None:
    ask(page, "Siapa yang ditemui Nakagome?")
    ask(page, "Di mana?")
    expect(page.locator(".follow-up")).not_to_have_count(0)
    take(page, "follow-up-dark")


def add(page: Page) -> None:
    page.locator(".library summary").click()
    page.locator("[data-action=add]").click()
    take(page, "own-text")


def ask_all(page: Page) -> None:
    ask(page, "Which museum lost two gold crowns?")
    expect(page.locator("article mark.chosen")).to_be_visible()
    take(page, "all-articles")


def wait(page: Page) -> None:
    ask(page, FLAGSHIP["id"])
    page.locator("#question").fill("Siapa yang ditemui Nakagome?")
    page.locator("#question").press("Enter")
    expect(page.locator("#problem")).not_to_be_empty()
    take(page, "limit-phone-dark")


if __name__ == "__main__":
    main()
