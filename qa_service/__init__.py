"""Ask a news article a question and get an answer you can check."""

from importlib.metadata import version

__version__ = version("qa-service")
