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
        ("QA_SERVICE_MAX_WAITING", "0", "a number from 1 to 1000"),
        ("QA_SERVICE_RECEIVE_SECONDS", "0", "a number from 1 to 600"),
        ("QA_SERVICE_TRUSTED_HOPS", "-1", "a number from 0 to 10"),
        ("QA_SERVICE_LOG_QUESTIONS", "perhaps", "true or false"),
        ("QA_SERVICE_CORS_ORIGINS", "https://a.example/page", "origins such as"),
        ("QA_SERVICE_CORS_ORIGINS", "https://*.example", "origins such as"),
        ("QA_SERVICE_CORS_ORIGINS", "*", "origins such as"),
        ("QA_SERVICE_FRAME_ANCESTORS", "a.example; script-src *", "origins such as"),
        ("QA_SERVICE_FRAME_ANCESTORS", "https://x; script-src *@a.example", "origins such as"),
        ("QA_SERVICE_FRAME_ANCESTORS", "https://a.example:99999", "origins such as"),
        ("QA_SERVICE_CORS_ORIGINS", "https://u:p@a.example", "origins such as"),
        ("QA_SERVICE_CORS_ORIGINS", "https://a.example:", "origins such as"),
        ("QA_SERVICE_CORS_ORIGINS", "https://a.example:443", "origins such as"),
        ("QA_SERVICE_ARTICLES", "a" * 5_000, "a folder that exists"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variable_s_name(variable, value, right):
    with pytest.raises(InvalidSetting, match=f"{variable}.*{right}") as refusal:
        Settings.load({variable: value}, {})
    assert value in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "value", "right"),
    [
        ("QA_SERVICE_API_KEYS", "a key in the clear", "hashes of 64 hexadecimal digits"),
        ("QA_SERVICE_RATE_LIMIT_STORAGE", "radish://user:secret@host", "memory:// or"),
    ],
)
def test_a_secret_is_not_repeated(variable, value, right):
    with pytest.raises(InvalidSetting, match=f"{variable}.*{right}") as refusal:
        Settings.load({variable: value}, {})
    assert value not in str(refusal.value)


def test_several_values_have_commas_between_them():
    origins = "https://a.example, http://b.example:8080,"
    settings = Settings.load({"QA_SERVICE_CORS_ORIGINS": origins}, {})
    assert settings.cors_origins == ("https://a.example", "http://b.example:8080")


@pytest.mark.parametrize(
    ("host", "is_open"),
    [
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.0.2.1", True),
        ("news.example", True),
    ],
)
def test_a_service_is_open_where_others_reach_it_without_a_key(host, is_open):
    assert Settings(host=host).is_open is is_open
    assert not Settings(host=host, api_keys=("0" * 64,)).is_open


def test_a_folder_can_be_set(tmp_path: Path):
    assert Settings(articles=tmp_path).articles_folder == tmp_path
