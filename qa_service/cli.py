"""The command ``qa-service``."""

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from qa_service import __version__
from qa_service.answer import Abstention, Answer, Outcome
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.errors import MissingExtra, QAError, UnknownArticle, UnreadableArticle
from qa_service.extraction import MAX_FILE, Extractor
from qa_service.folder import Folder, read_article
from qa_service.languages import language
from qa_service.library import MemoryLibrary, OwnTexts
from qa_service.question import Question
from qa_service.reader.reader import load_reader
from qa_service.retriever import BM25Retriever, Retriever
from qa_service.settings import Settings, variable_of
from qa_service.settings_table import describe_settings, write_env, write_markdown
from qa_service.wording import word_outcome

# Files from which on it is shown how far their reading is.
_MANY = 20


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="qa-service")
def main() -> None:
    """Ask a news article a question and get an answer you can check."""


def _setting_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command`` a flag for each setting; what is written is read as a variable is."""
    for each in reversed(list(describe_settings())):
        note = f"{each.help} (default: {each.default or each.absent})  [{each.variable}]"
        command = click.option(each.flag, metavar=each.kind.split(",")[0].upper(), help=note)(
            command
        )
    return command


@main.command()
@_setting_flags
def serve(**flags: Any) -> None:
    """Serve the page and the JSON endpoint."""
    # gunicorn is slow to import and of no use to `ask`.
    from qa_service import server

    try:
        server.serve(_load_settings(flags))
    except QAError as error:
        raise click.ClickException(str(error)) from None


@main.command()
def key() -> None:
    """Make an API key, and its hash for the settings."""
    from qa_service.web.keys import make_key

    secret, digest = make_key()
    click.echo(f"key   {secret}\nhash  {digest}")
    click.echo(
        f"Give the key to who asks, the hash to the service: {variable_of('api_keys')}={digest}",
        err=True,
    )


@main.command()
@click.option("--env", "as_env", is_flag=True, help="as a file of variables, not as a table")
def settings(as_env: bool) -> None:
    """Print all settings, with their defaults."""
    click.echo(write_env() if as_env else write_markdown())


@main.command()
@click.argument("question")
@click.option(
    "--article",
    help="a file (.txt, .md, .html, .pdf, .docx), - for standard input, or the id of an article of "
    "the library (default: all of them)",
)
@click.option("--json", "as_json", is_flag=True, help="print what POST /api/ask replies")
def ask(question: str, article: str | None, as_json: bool) -> None:
    """Answer QUESTION and show the sentences to check it by."""
    # The models check the question here as they do over HTTP.
    from qa_service.web.schemas import AskReply, AskRequest, word_error

    _write_anything()
    try:
        asked = AskRequest(question=question)
        settings = Settings.load(os.environ, {})
        retriever = _open(article, settings)
        reader = load_reader(threads=settings.reader_threads)
    except ValidationError as error:
        raise click.UsageError(f"the question: {word_error(error.errors()[0])}") from None
    except QAError as error:
        raise click.ClickException(str(error)) from None
    understood, outcome = answer_question(
        asked.question, retriever, reader, threshold=settings.threshold
    )
    if as_json:
        click.echo(
            AskReply.of(understood, outcome, articles=retriever.articles).model_dump_json(indent=2)
        )
    else:
        click.echo(_tell(understood, outcome, retriever.articles))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--reader", type=click.Path(path_type=Path), help="folder of another reader")
@click.option("--threshold", type=click.FloatRange(0, 1), help="confidence to answer from")
def evaluate(files: tuple[Path, ...], reader: Path | None, threshold: float | None) -> None:
    """Ask every question of FILES, and print how well they were answered."""
    from qa_service.training.evaluation import score_file, tabulate

    try:
        loaded = load_reader(reader)
        for file in files:
            scored = score_file(file, loaded, threshold=threshold)
            click.echo("\n".join(tabulate(file.stem, scored)))
    except QAError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="folder of the *_train.jsonl files",
)
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="folder of the checkpoint; a training that was stopped goes on from it",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="folder to write the reader into",
)
@click.option(
    "--start",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="folder of a reader to go on from; default: the base model",
)
@click.option(
    "--slim",
    is_flag=True,
    help="leave out two fifths of what the reader in --start is made of; it teaches the rest",
)
def train(data: Path, work: Path, out: Path, start: Path | None, slim: bool) -> None:
    """Train a reader; needs the extra: pip install 'qa-service[train]'."""
    if slim and start is None:
        raise click.UsageError("--slim needs a reader to begin with: --start")
    try:
        from qa_service.training.recipe import make_reader, slim_reader
    except ModuleNotFoundError as error:
        raise click.ClickException(str(MissingExtra(str(error.name), extra="train"))) from None
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("qa_service").setLevel(logging.INFO)
    try:
        if slim and start is not None:
            slim_reader(data, work, out, start=start)
        else:
            make_reader(data, work, out, start=start)
    except QAError as error:
        raise click.ClickException(str(error)) from None


def _load_settings(flags: dict[str, Any]) -> Settings:
    try:
        return Settings.load(os.environ, flags)
    except QAError as error:
        raise click.ClickException(str(error)) from None


def _open(article: str | None, settings: Settings) -> Retriever:
    if article == "-":
        return OwnTexts().search(_read_standard_input())
    if article is not None and Path(article).is_dir():
        raise UnreadableArticle(
            f"{article} is a folder; set {variable_of('articles')} to it to ask all that is in it"
        )
    if article is not None and Path(article).exists():
        with Extractor() as extractor:
            return BM25Retriever([read_article(Path(article), extractor)])
    folder = settings.articles_folder
    with _progress("Reading articles") as progress:
        library = MemoryLibrary(Folder(folder).read(progress=progress) or [])
    if not library.articles:
        raise UnreadableArticle(f"{folder} holds no article that can be read")
    try:
        return library.search(article)
    except UnknownArticle as error:
        raise UnknownArticle(f"there is no file {article!r}, and {error}") from None


def _read_standard_input() -> str:
    data = sys.stdin.buffer.read(MAX_FILE + 1)
    try:
        with Extractor() as extractor:
            return extractor.read(data, "text.txt").text
    except UnreadableArticle as error:
        raise UnreadableArticle(f"standard input: {error}") from None


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give what shows how far a reading of many files is; a few are read before one looks."""
    with ExitStack() as stack:
        bar: Any = None

        def show(done: int, all: int) -> None:
            nonlocal bar
            if bar is None and all >= _MANY:
                bar = stack.enter_context(
                    click.progressbar(length=all, label=label, file=sys.stderr)
                )
            if bar is not None:
                bar.update(1)

        yield show


def _write_anything() -> None:
    """Let what a terminal's encoding can't write be escaped instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _tell(question: Question, outcome: Outcome, articles: Sequence[Article]) -> str:
    lines = [word_outcome(outcome, language_code=question.language, articles=len(articles))]
    quotes = outcome.quotes if isinstance(outcome, Answer) else outcome.nearest
    if quotes and isinstance(outcome, Abstention):
        lines += ["", f"{language(question.language).phrases.nearest}:"]
    for number, quote in enumerate(quotes, start=1):
        words = " ".join(quote.span.text.split())
        lines += [
            "",
            f"[{number}] “{words}”",
            f"    {quote.article_id}, characters {quote.span.start}–{quote.span.end}",
        ]
    return "\n".join(lines)
