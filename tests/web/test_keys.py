from base64 import b64encode

import pytest

from qa_service.web.keys import make_key

QUESTION = {"question": "Siapa membuka Pelabuhan Sejati?", "article_id": "harbour"}


@pytest.fixture
def keys():
    return [make_key(), make_key()]


@pytest.fixture
def guarded(make_client, keys):
    return make_client(api_keys=tuple(digest for _, digest in keys))


def test_every_key_in_the_settings_lets_in(guarded, keys):
    for key, _ in keys:
        reply = guarded.post("/api/ask", json=QUESTION, headers={"Authorization": f"Bearer {key}"})
        assert reply.json["answered"]


@pytest.mark.parametrize("path", ["/api/articles", "/api/articles/harbour", "/metrics", "/nothing"])
def test_without_a_key_nothing_of_an_article_is_told(guarded, path):
    reply = guarded.get(path)
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="qa-service articles"'
    assert "Authorization: Bearer KEY" in reply.json["detail"]


def test_a_key_that_is_not_known_is_told_from_none(guarded, keys):
    _, digest = keys[0]
    for wrong in ("guess", digest, "ä"):
        reply = guarded.post(
            "/api/ask",
            json=QUESTION,
            headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")},
        )
        assert reply.status_code == 401
        assert "error=invalid_token" in reply.headers["WWW-Authenticate"]


def test_a_browser_is_asked_for_the_key_as_a_password(guarded, keys):
    asked = guarded.get("/", headers={"Accept": "text/html"})
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    credentials = b64encode(f"anyone:{keys[0][0]}".encode()).decode()
    assert guarded.get("/", headers={"Authorization": f"Basic {credentials}"}).status_code == 200


def test_another_site_s_page_can_not_make_use_of_the_key_that_a_browser_remembers(guarded, keys):
    credentials = b64encode(f"anyone:{keys[0][0]}".encode()).decode()
    basic = {"Authorization": f"Basic {credentials}", "Sec-Fetch-Site": "cross-site"}
    path = "/?question=Siapa+Rahmi%3F"
    assert guarded.get(path, headers=basic | {"Sec-Fetch-Mode": "no-cors"}).status_code == 401
    assert guarded.get(path, headers=basic | {"Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/openapi.json", "/docs"])
def test_how_to_ask_and_whether_it_lives_is_told_to_anyone(guarded, path):
    assert guarded.get(path).status_code == 200


def test_a_budget_belongs_to_a_key(make_client, keys):
    client = make_client(api_keys=tuple(digest for _, digest in keys), rate_limit="1/hour")
    bearers = [{"Authorization": f"Bearer {key}"} for key, _ in keys]
    statuses = [
        client.post("/api/ask", json=QUESTION, headers=bearer).status_code
        for bearer in (bearers[0], bearers[0], bearers[1])
    ]
    assert statuses == [200, 429, 200]
