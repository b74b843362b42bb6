import pytest

NEWS = "https://news.example"


def test_by_default_no_page_from_elsewhere_may_call_or_frame(client):
    reply = client.get("/api/articles", headers={"Origin": NEWS})
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]


def test_an_origin_that_is_set_may_call(make_client):
    client = make_client(cors_origins=(NEWS, "https://other.example"))
    reply = client.get("/api/articles", headers={"Origin": NEWS})
    assert reply.headers["Access-Control-Allow-Origin"] == NEWS
    assert "Origin" in reply.headers["Vary"]
    preflight = client.options(
        "/api/ask",
        headers={
            "Origin": NEWS,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, authorization",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == NEWS
    assert "authorization" in preflight.headers["Access-Control-Allow-Headers"].lower()


@pytest.mark.parametrize(
    "origin", ["https://newsXexample", f"{NEWS}.evil.example", "http://news.example", "null"]
)
def test_any_other_origin_may_not(make_client, origin):
    reply = make_client(cors_origins=(NEWS,)).get("/api/articles", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_only_the_json_endpoint_is_open_to_other_origins(make_client):
    reply = make_client(cors_origins=(NEWS,)).get("/", headers={"Origin": NEWS})
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_page_that_is_set_may_frame(make_client):
    policy = make_client(frame_ancestors=(NEWS,)).get("/").headers["Content-Security-Policy"]
    assert f"frame-ancestors {NEWS}" in policy


@pytest.mark.parametrize("path", ["/api/articles", "/api/articles/harbour", "/static/page.js"])
def test_what_the_client_has_is_not_sent_again(client, path):
    with client.get(path) as first:
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "no-cache"
    with client.get(path, headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_an_error_carries_the_same_headers(make_client):
    client = make_client(cors_origins=(NEWS,), rate_limit="1/hour", api_keys=("0" * 64,))
    refused = client.post("/api/ask", json={"question": "Siapa?"}, headers={"Origin": NEWS})
    assert refused.status_code == 401
    missing = make_client(cors_origins=(NEWS,)).get("/api/nothing", headers={"Origin": NEWS})
    limited_client = make_client(cors_origins=(NEWS,), rate_limit="1/hour")
    limited = [
        limited_client.post("/api/ask", json={"question": "Siapa?"}, headers={"Origin": NEWS})
        for _ in range(2)
    ][1]
    assert (missing.status_code, limited.status_code) == (404, 429)
    for reply in (refused, missing, limited):
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["X-Request-ID"]
        assert reply.headers["Access-Control-Allow-Origin"] == NEWS
    assert int(limited.headers["Retry-After"]) > 0
    assert "Retry-After" in limited.headers["Access-Control-Expose-Headers"]


def test_answers_are_not_kept(client):
    reply = client.post("/api/ask", json={"question": "Siapa Rahmi?"})
    assert reply.headers["Cache-Control"] == "no-store"
