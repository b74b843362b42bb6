import pytest

from tests.test_documents import EXAMPLES


@pytest.mark.parametrize(
    ("program", "printed"), [(p, out) for language, p, out in EXAMPLES if language == "js"]
)
def test_a_script_in_the_documentation_prints_what_is_said(browser, seed_address, program, printed):
    # The policy of our own pages doesn't let a test run a script of its own.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{seed_address}/docs")
    lines = []
    page.on("console", lambda message: lines.append(message.text))
    here = program.replace("http://127.0.0.1:8000", seed_address)
    page.evaluate(f"async () => {{ {here} }}")
    context.close()
    assert "\n".join(lines) == printed.strip()
