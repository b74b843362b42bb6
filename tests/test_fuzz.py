"""A short run of :mod:`tests.fuzz`."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz import QUESTIONS, TEXTS, Checker


@pytest.fixture(scope="module")
def checker():
    return Checker()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=QUESTIONS, history=st.lists(QUESTIONS, max_size=3), text=TEXTS)
@example(question="?" * 500, history=["?" * 500] * 3, text="?" * 5_000)
@example(question="Siapa?", history=[], text="x" * 50_000)
@example(question="Siapa?", history=[], text="Rahmi pergi.\r" * 500)
def test_whatever_is_asked_of_whatever_text_offsets_are_verbatim(checker, question, history, text):
    checker.check(question, history, text)
