from pathlib import Path

import pytest

from qa_service.errors import InvalidSetting
from qa_service.settings import Settings


def test_defaults_serve_the_seed_article_on_loopback():
    settings = Settings.load({}, {})
    assert (settings.host, settings.port, settings.rate_limit) == ("127.0.0.1", 8000, "120/minute")
    assert list(settings.articles_folder.glob("*.txt"))


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_default(tmp_path):
    environ = {
        "QA_SERVICE_PORT": "9000",
        "QA_SERVICE_ARTICLES": str(tmp_path),
        "QA_SERVICE_HOST": "",
    }
    settings = Settings.load(environ, {"port": 9001, "host": None})
    assert (settings.port, settings.articles_folder, settings.host) == (9001, tmp_path, "127.0.0.1")


@pytest.mark.parametrize(
    ("variable", "value", "right"),
    [
        ("QA_SERVICE_PORT", "http", "a whole number"),
        ("QA_SERVICE_PORT", "70000", "a number from 0 to 65535"),
        ("QA_SERVICE_WORKERS", "0", "a number from 1 to 64"),
        ("QA_SERVICE_HOST", " ", "an address"),
        ("QA_SERVICE_RATE_LIMIT", "often", "a limit over 0, such as 120/minute"),
        ("QA_SERVICE_ARTICLES", "/nowhere/at/all", "a folder that exists"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variable_s_name(variable, value, right):
    with pytest.raises(InvalidSetting, match=f"{variable}.*{right}") as refusal:
        Settings.load({variable: value}, {})
    assert value in str(refusal.value)


def test_a_folder_can_be_set(tmp_path: Path):
    assert Settings(articles=tmp_path).articles_folder == tmp_path
