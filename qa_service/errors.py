"""The errors a caller can handle; each says what was wrong and what would be right."""

from collections.abc import Mapping
from typing import Self

Value = str | int
"""What fills a message in."""


class Message(str):
    """A few words in English that :func:`~qa_service.wording.translate` says in other languages.

    They are ``template`` with ``values`` in its braces: numbers, names, or messages themselves.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, **values: Value) -> Self:
        """Fill in a template; numbers of four digits and more get their commas."""
        message = super().__new__(cls, fill_in(template, values, thousands=","))
        message.template, message.values = template, values
        return message


def fill_in(template: str, values: Mapping[str, Value], *, thousands: str) -> str:
    """Put ``values`` into the braces of a template; numbers are parted at ``thousands``."""
    said = {
        name: f"{value:,}".replace(",", thousands) if isinstance(value, int) else value
        for name, value in values.items()
    }
    return template.format_map(said)


class QAError(Exception):
    """Anything this package refuses on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        """What it says; a :class:`Message`, where people of every language read it."""


class UnknownArticle(QAError):
    """No article of the library has this id."""


class UnreadableArticle(QAError):
    """A file that should hold an article can't be read as one."""


class SlowArticle(UnreadableArticle):
    """A file took longer to read than it may; where there is less to do, it may take less."""


class InvalidSetting(QAError):
    """A setting has a value it can't have."""


class MissingExtra(QAError):
    """A part of this package needs a library that only one of its extras installs."""

    def __init__(self, library: str, *, extra: str) -> None:
        super().__init__(f"this needs {library}: pip install 'qa-service[{extra}]'")


class UnreadableModel(QAError):
    """The reader's files are missing, damaged or of another format."""


class UnreadableQuestions(QAError):
    """A file that should hold questions can't be read as such."""
