from pathlib import Path

from qa_service.settings import Settings
from qa_service.settings_table import describe_settings, write_env, write_markdown

ROOT = Path(__file__).parent.parent


def test_every_setting_is_described():
    assert len(list(describe_settings())) == len(Settings.__dataclass_fields__)
    for each in describe_settings():
        assert each.help
        assert each.default or each.absent


def test_the_documents_hold_the_table_that_the_service_reads():
    again = "`.venv/bin/qa-service settings` prints it"
    assert write_markdown() in (ROOT / "docs/settings.md").read_text(encoding="utf-8"), again
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == write_env() + "\n"


def test_the_example_of_an_environment_holds_the_defaults():
    environ = dict(
        line.removeprefix("#").split("=", 1)
        for line in write_env().splitlines()
        if line.startswith("#QA")
    )
    assert len(environ) == len(Settings.__dataclass_fields__)
    assert Settings.load(environ, {}) == Settings()
