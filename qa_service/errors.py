"""The errors a caller can handle; each says what was wrong and what would be right."""


class QAError(Exception):
    """Anything this package refuses on purpose."""


class UnknownArticle(QAError):
    """No article of the library has this id."""


class UnreadableArticle(QAError):
    """A file that should hold an article can't be read as one."""


class InvalidSetting(QAError):
    """A setting has a value it can't have."""
