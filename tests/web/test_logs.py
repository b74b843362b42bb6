import logging

import pytest

QUESTION = {"question": "Siapa membuka Pelabuhan Sejati?", "article_id": "harbour"}


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="qa_service")
    return lambda: [record.__dict__ for record in caplog.records if record.msg == "request"]


def test_a_request_is_one_line_with_the_id_that_its_reply_carries(client, lines):
    reply = client.post("/api/ask", json=QUESTION)
    [line] = lines()
    assert line["request_id"] == reply.headers["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/ask", 200)
    assert line["answered"]
    assert line["asks"] == ["who"]
    assert line["milliseconds"] > 0


def test_neither_question_nor_text_nor_address_is_logged(client, lines):
    client.post("/api/ask", json={"question": "Siapa rahasiawan?", "text": "Rahasiawan pergi."})
    client.get("/?question=Siapa+rahasiawan%3F")
    client.get("/rahasiawan")
    assert len(lines()) == 3
    assert "rahasiawan" not in repr(lines()).casefold()


def test_questions_are_logged_where_a_setting_asks_for_it_and_texts_never(make_client, lines):
    make_client(log_questions=True).post(
        "/api/ask", json={"question": "Siapa Rahmi?", "text": "Rahmi pergi ke Rahasiaria."}
    )
    [line] = lines()
    assert line["question"] == "Siapa Rahmi?"
    assert "Rahasiaria" not in repr(line)


def test_an_id_is_taken_over_from_a_proxy_that_is_trusted_only(make_client):
    given = {"X-Request-ID": "abc-1", "X-Forwarded-For": "192.0.2.1"}
    assert make_client().get("/livez", headers=given).headers["X-Request-ID"] != "abc-1"
    behind = make_client(trusted_hops=1)
    assert behind.get("/livez", headers=given).headers["X-Request-ID"] == "abc-1"
    odd = given | {"X-Request-ID": "a b{}"}
    assert behind.get("/livez", headers=odd).headers["X-Request-ID"] != "a b{}"
