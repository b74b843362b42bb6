"""JSON in and out: the models that check a request, write a reply and make the OpenAPI document."""

import dataclasses
from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import ErrorDetails

from qa_service.answer import Abstention, Answer, Outcome, Part, Quote
from qa_service.article import Article, Origin
from qa_service.composing import MAX_QUOTES
from qa_service.errors import Message
from qa_service.extraction.extracted import MAX_TEXT, Extracted
from qa_service.question import Question
from qa_service.text import is_blank
from qa_service.wording import word_outcome

# As is_blank has it, in an expression that every dialect knows: a character that can be seen.
_SEEN = (
    r"[^\s\u0000-\u0020\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680"
    r"\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]"
)
MAX_QUESTION = 500
MAX_HISTORY = 20
_JSON_NAMES = {
    bool: Message("true or false"),
    dict: Message("an object"),
    float: Message("a number"),
    int: Message("a number"),
    list: Message("a list"),
    str: Message("a string"),
    type(None): Message("null"),
}


def _not_blank(question: str) -> str:
    if is_blank(question):
        raise ValueError(Message("it is blank; ask something"))
    return question


_Question = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
_Confidence = Annotated[float, Field(ge=0, le=1)]
_Id = Annotated[str, Field(description="its name, to be given as article_id")]
_Title = Annotated[
    str, Field(description="the headline; the first words of an article that has none")
]
_ArticleLanguage = Annotated[str, Field(description="of the article", examples=["id", "en"])]
_Offset = Annotated[int, Field(ge=0, description="code points into the article's text")]


class _Model(BaseModel):
    # A field that isn't known is a slip of the pen; ignoring it would answer another question than
    # the one asked.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AskRequest(_Model):
    """A question, and what it is asked of: an article, an own text, or else the whole library."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["article_id", "text"],
                "properties": {"article_id": {"type": "string"}, "text": {"type": "string"}},
            }
        }
    )

    question: Annotated[_Question, AfterValidator(_not_blank)] = Field(
        examples=["Siapa bertemu siapa, dan di mana?"],
        description="in Indonesian or English, whatever the language of the article",
        json_schema_extra={"pattern": _SEEN},
    )
    history: list[_Question] = Field(
        default=[],
        max_length=MAX_HISTORY,
        description="earlier questions of this conversation, oldest first",
    )
    article_id: str | None = Field(default=None, description="an article of the library")
    text: str | None = Field(
        default=None,
        max_length=MAX_TEXT,
        description="a text of one's own, kept in memory for a while and never on a disk",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.article_id is not None and self.text is not None:
            raise ValueError(
                Message("article_id and text are both given; give one of them, or neither")
            )
        return self


class PartReply(_Model):
    """The short answer to one thing asked for."""

    asks: str = Field(description="what was asked for", examples=["who", "where", "when"])
    label: str = Field(description="the same in the question's words", examples=["Di mana"])
    text: str = Field(description="verbatim: ``text[start:end]`` of the article")
    start: _Offset
    end: _Offset
    confidence: _Confidence = Field(description="how likely it is right; calibrated")
    article_id: str = Field(description="the article that says it")
    quote: int = Field(ge=0, description="index into quotes")

    @classmethod
    def of(cls, part: Part, quotes: tuple[Quote, ...]) -> Self:
        """Write a part of an answer that has these quotes."""
        return cls(
            asks=part.asks,
            label=part.label,
            text=part.span.text,
            start=part.span.start,
            end=part.span.end,
            confidence=round(part.confidence, 4),
            article_id=quotes[part.quote].article_id,
            quote=part.quote,
        )


class OriginReply(_Model):
    """Where an article comes from, in its file's own words."""

    author: str | None = Field(description="who wrote it, if it says so")
    date: str | None = Field(description="when it was published, if it says so")
    url: str | None = Field(description="where it was published, if it says so")

    @classmethod
    def of(cls, article: Article) -> Self:
        """Tell an article's."""
        return cls(**dataclasses.asdict(article.origin))


class QuoteReply(_Model):
    """A whole sentence of an article, verbatim: ``text[start:end]`` of the article is ``text``."""

    article_id: str = Field(description="the article that it stands in")
    title: str = Field(description="the article's")
    origin: OriginReply = Field(description="the article's")
    sentence: int = Field(ge=0, description="index into the article's sentences")
    text: str = Field(description="the sentence, verbatim")
    start: _Offset
    end: _Offset
    score: float = Field(description="how well it supports the answer; compares within one reply")

    @classmethod
    def of(cls, quote: Quote, article: Article) -> Self:
        """Write a quote from an article."""
        return cls(
            article_id=quote.article_id,
            title=title_of(article),
            origin=OriginReply.of(article),
            sentence=quote.sentence,
            text=quote.span.text,
            start=quote.span.start,
            end=quote.span.end,
            # Scores can be very small; one that is rounded to 0 would look like a miss.
            score=float(f"{quote.score:.5g}"),
        )


class AskReply(_Model):
    """The answer, or the refusal, with the sentences to check it by."""

    question: str = Field(description="as it was asked")
    resolved_question: str = Field(
        description="what was answered, after the history; else the question itself"
    )
    language: str = Field(description="of the question", examples=["id", "en"])
    answered: bool = Field(description="whether the article says so")
    answer: str = Field(description="for people")
    confidence: _Confidence = Field(description="calibrated; 0 where nothing is answered")
    missing: list[str] = Field(description="asks that the article leaves open", examples=[["when"]])
    missing_labels: list[str] = Field(
        description="the same in the question's words", examples=[["Sejak kapan"]]
    )
    parts: list[PartReply] = Field(
        description="the short answers, in the order asked, best first; none in a refusal"
    )
    quotes: list[QuoteReply] = Field(max_length=MAX_QUOTES, description="best first")

    @classmethod
    def of(cls, question: Question, outcome: Outcome, *, articles: Sequence[Article]) -> Self:
        """Write the outcome of a question that was asked of these articles."""
        by_id = {article.id: article for article in articles}
        match outcome:
            case Answer():
                quotes, parts, confidence = outcome.quotes, outcome.parts, outcome.confidence
            case Abstention():
                quotes, parts, confidence = outcome.nearest, (), 0.0
        return cls(
            question=question.text,
            resolved_question=question.resolved,
            language=question.language,
            answered=isinstance(outcome, Answer),
            answer=word_outcome(outcome, language_code=question.language, articles=len(articles)),
            confidence=round(confidence, 4),
            missing=list(outcome.missing),
            missing_labels=list(outcome.missing_labels),
            parts=[PartReply.of(part, quotes) for part in parts],
            quotes=[QuoteReply.of(quote, by_id[quote.article_id]) for quote in quotes],
        )


class FollowUpsReply(_Model):
    """What may be asked next."""

    suggestions: list[str] = Field(
        description="questions that are answered if the one asked joins the history"
    )


class ArticleSummary(_Model):
    """An article of the library."""

    id: _Id
    title: _Title
    language: _ArticleLanguage
    sentences: int = Field(description="how many it has")
    origin: OriginReply = Field(description="where it comes from")

    @classmethod
    def of(cls, article: Article) -> Self:
        """Sum an article up."""
        return cls(
            id=article.id,
            title=title_of(article),
            language=article.language,
            sentences=len(article.sentences),
            origin=OriginReply.of(article),
        )


class SentenceReply(_Model):
    """Where a sentence or a paragraph lies."""

    start: _Offset
    end: _Offset


class ArticleReply(_Model):
    """An article, its text exactly as offsets count in it."""

    id: _Id
    title: _Title
    language: _ArticleLanguage
    text: str = Field(description="exactly as it was given")
    sentences: list[SentenceReply] = Field(description="where each lies; what is quoted")
    paragraphs: list[SentenceReply] = Field(description="where each lies")
    suggestions: list[str] = Field(description="questions that it can answer")
    origin: OriginReply = Field(description="where it comes from")

    @classmethod
    def of(cls, article: Article, suggestions: list[str], **more: Any) -> Self:
        """Write an article out."""
        return cls(
            id=article.id,
            title=title_of(article),
            language=article.language,
            text=article.text,
            sentences=[SentenceReply(start=s.start, end=s.end) for s in article.sentences],
            paragraphs=[SentenceReply(start=p.start, end=p.end) for p in article.paragraphs],
            suggestions=suggestions,
            origin=OriginReply.of(article),
            **more,
        )


class LostReply(_Model):
    """What of a file is not in its text."""

    what: str = Field(
        description="what is missing", examples=["images", "tables", "code", "pages without text"]
    )
    count: int = Field(ge=1, description="how many of them")


class ExtractReply(ArticleReply):
    """The article in a file that somebody brought along; its text can be asked as ``text``."""

    lost: list[LostReply] = Field(description="what of the file its text lacks")

    @classmethod
    def of_file(cls, article: Article, suggestions: list[str], found: Extracted) -> Self:
        """Write out the article that was found in a file."""
        origin = Origin(found.author, found.date, found.url)
        return cls.of(
            dataclasses.replace(article, origin=origin),
            suggestions,
            lost=[LostReply(what=lost.what, count=lost.count) for lost in found.lost],
        )


class FieldProblem(_Model):
    """What is wrong with one field of a request."""

    field: str = Field(description="its name")
    detail: str = Field(description="what is wrong, and what would be right")


class Problem(_Model):
    """Why a request failed (RFC 9457)."""

    type: str = Field(default="about:blank", description="always the same: the status says it")
    title: str = Field(description="the status in words")
    status: int = Field(description="of the reply")
    detail: str = Field(description="for people")
    errors: list[FieldProblem] = Field(default=[], description="the fields that are wrong")


class Health(_Model):
    """How the service is doing."""

    status: str = Field(description="in a word")


def title_of(article: Article) -> str:
    """Return the article's headline, or the beginning of its first sentence, or its id."""
    if article.title is not None:
        return article.title.text
    if not article.sentences:
        return article.id
    first = article.sentences[0].text
    return first if len(first) <= 80 else first[:80].rsplit(None, 1)[0] + " …"


def word_error(error: ErrorDetails) -> str:
    """Say in a few words what pydantic found wrong with a field of a request, and what is right."""
    given, limits = error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Message("it is missing")
        case "extra_forbidden":
            known = ", ".join(AskRequest.model_fields)
            return Message("there is no such field; the fields are {known}", known=known)
        case "string_type" | "list_type" as kind:
            right = _JSON_NAMES[str if kind == "string_type" else list]
            said = _JSON_NAMES[type(given)]
            return Message("it is {said}; it must be {right}", said=said, right=right)
        case "string_too_short":
            return Message("it is empty; ask something")
        case "string_too_long":
            return Message(
                "it has {count} characters; at most {most} are allowed",
                count=len(given),
                most=limits["max_length"],
            )
        case "too_long":
            return Message(
                "it has {count} entries; at most {most} are allowed",
                count=len(given),
                most=limits["max_length"],
            )
        case "value_error":
            value_error: str = limits["error"].args[0]
            return value_error
        case _:
            return error["msg"]
