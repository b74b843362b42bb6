"""The errors a caller can handle; each says what was wrong and what would be right."""


class QAError(Exception):
    """Anything this package refuses on purpose."""


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
