"""An outcome in words: for people, in the language of their question."""

from typing import assert_never

from qa_service.answer import Abstention, Answer, Outcome, Part
from qa_service.errors import Message, fill_in
from qa_service.languages import YES_NO, Phrases, language


def word_outcome(outcome: Outcome, *, language_code: str, articles: int) -> str:
    """Say ``outcome`` to a person.

    One thing asked for is answered by the words of the article alone; several are lines, each with
    its label; yes or no by the sentence that decides it.
    """
    match outcome:
        case Answer():
            return _word_answer(outcome, language(language_code).phrases)
        case Abstention():
            phrases = language(language_code).phrases
            return phrases.abstention if articles == 1 else phrases.abstention_library
        case _:
            assert_never(outcome)


def _word_answer(answer: Answer, phrases: Phrases) -> str:
    if not answer.parts:
        return answer.quotes[0].span.text
    lines: dict[tuple[str, str], list[str]] = {}
    for part in answer.parts:
        lines.setdefault((part.asks, part.label), []).append(_word_part(part, answer))
    said = {key: ", ".join(dict.fromkeys(texts)) for key, texts in lines.items()}
    if len(said) == 1 and not answer.missing_labels:
        return next(iter(said.values()))
    told = [f"{label}: {text}" for (_, label), text in said.items()]
    untold = [f"{label}: {phrases.untold}" for label in answer.missing_labels]
    return "\n".join((*told, *untold))


def _word_part(part: Part, answer: Answer) -> str:
    return answer.quotes[part.quote].span.text if part.asks == YES_NO else part.span.text


def translate(message: str, language_code: str) -> str:
    """Say a :class:`~qa_service.errors.Message` in a language; other words stay as they are."""
    if not isinstance(message, Message):
        return message
    phrases = language(language_code).phrases
    template = phrases.problems.get(message.template, message.template)
    values = {
        name: translate(value, language_code) if isinstance(value, str) else value
        for name, value in message.values.items()
    }
    return fill_in(template, values, thousands=phrases.thousands)
