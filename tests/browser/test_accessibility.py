"""The page in every state against axe-core's rules for WCAG 2.2 AA, on several screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SIZES = [(1280, 800), (768, 1024), (360, 740)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ANSWERED = {"id-ID": "Siapa bertemu siapa, dan di mana?", "en-GB": "Who met whom, and where?"}
REFUSED = {"id-ID": "Berapa ton beras yang diimpor?", "en-GB": "How much rice does Russia buy?"}


# Each size with both schemes and both languages, and each scheme with both languages.
SCREENS = [
    (SIZES[0], "light", "id-ID"),
    (SIZES[0], "dark", "en-GB"),
    (SIZES[1], "light", "en-GB"),
    (SIZES[1], "dark", "id-ID"),
    (SIZES[2], "light", "id-ID"),
    (SIZES[2], "dark", "en-GB"),
]


@pytest.mark.parametrize(("size", "scheme", "locale"), SCREENS)
def test_no_state_of_the_page_breaks_a_rule(browser, seed_address, size, scheme, locale):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale=locale,
        reduced_motion="reduce",
        # The policy of the page lets no other script in.
        bypass_csp=True,
    )
    page = context.new_page()

    def check(state):
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{state}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{state}: it is wider than the screen"

    def ask(question, turns):
        page.locator("#question").fill(question)
        page.locator("#question").press("Enter")
        expect(page.locator(".turn")).to_have_count(turns)

    page.goto(seed_address)
    check("empty")
    ask(ANSWERED[locale], 1)
    page.locator(".part").first.hover()
    check("answered")
    ask(REFUSED[locale], 2)
    check("refused")
    page.locator("#question").fill("x" * 501)
    page.route("**/api/ask", lambda route: route.abort())
    check("too long")
    page.locator("#question").fill("Siapa?")
    page.locator("#question").press("Enter")
    expect(page.locator("#retry")).to_be_visible()
    check("offline")
    page.locator(".tools summary").click()
    check("menu")
    page.keyboard.press("Escape")
    page.locator("[data-action=keys]").click()
    check("keys")
    page.keyboard.press("Escape")
    page.locator(".library summary").click()
    check("library")
    page.locator("[data-action=add]").click()
    check("add")
    page.locator("#add [type=submit]").click()
    expect(page.locator("#add-problem")).not_to_be_empty()
    check("nothing added")
    page.locator("#paste").fill("Kapal Tiba\n\nKapal biru tiba di Tirta.")
    page.locator("#add [type=submit]").click()
    expect(page.locator("#own li")).to_have_count(1)
    check("own text")
    page.goto(f"{seed_address}/?article_id=nowhere")
    check("error")
    page.goto(f"{seed_address}/docs")
    check("reference")
    context.close()
