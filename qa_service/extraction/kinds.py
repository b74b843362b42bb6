"""How a file of each kind is read. What is here runs in a process of its own; see process.py."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

import regex

from qa_service.errors import Message, UnreadableArticle
from qa_service.extraction.extracted import MAX_TEXT, Extracted, put_together
from qa_service.extraction.joining import join_paragraphs
from qa_service.extraction.pages import read_page, unknown_share

MAX_FILE = 5_000_000
"""Bytes that a file may have."""
MAX_PAGES = 60
"""Pages that are read of a PDF."""
# Of a PDF's letters, the share that may have no text.
_MOST_UNKNOWN = 0.2
_MAX_UNPACKED = 60_000_000
_FRONT_MATTER = regex.compile(r"\A---[ \t]*\r?\n(.{0,10000}?)\r?\n---[ \t]*(?:\r?\n|\z)", regex.S)
_PAGE_NUMBER = regex.compile(
    r"(?i)\W*(?:page|halaman|hal\.?|hlm\.?)?\W*\d+(?:\W*(?:of|dari|/)\W*\d+)?\W*"
)
_KIND_NAMES = {
    "text": Message("plain text"),
    "txt": Message("plain text"),
    "md": Message("Markdown"),
    "html": Message("HTML"),
    "pdf": Message("a PDF"),
    "docx": Message("a Word document (.docx)"),
}


def extract(data: bytes, kind: str) -> Extracted:
    """Read a file of one of the ``KINDS``.

    :raises UnreadableArticle: it is empty, damaged, locked, of another kind, or too large.
    """
    if len(data) > MAX_FILE:
        raise UnreadableArticle(Message("it has more than {most} bytes", most=MAX_FILE))
    if not data.strip():
        raise UnreadableArticle(Message("it is empty"))
    found = _recognise(data)
    if found != (kind if kind in ("pdf", "docx") else "text"):
        raise UnreadableArticle(
            Message(
                "its name says that it is {said}, but it is {found}",
                said=_KIND_NAMES[kind],
                found=_KIND_NAMES.get(found, found),
            )
        )
    extracted = KINDS[kind](data)
    if not extracted.text.strip():
        if any(lost.what == "pages without text" for lost in extracted.lost):
            raise UnreadableArticle(Message("its pages are images; scanned pages can't be read"))
        raise UnreadableArticle(Message("it holds no text"))
    if len(extracted.text) > MAX_TEXT:
        raise UnreadableArticle(Message("it has more than {most} characters", most=MAX_TEXT))
    return extracted


def kind_of(name: str) -> str:
    """Return the kind that a file's name says.

    :raises UnreadableArticle: none that can be read.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        read = ", ".join(ENDINGS)
        raise UnreadableArticle(
            Message("{ending} is not read; what is read are {read}", ending=ending[:20], read=read)
            if ending
            else Message("it has no ending; what is read are {read}", read=read)
        )
    return ENDINGS[ending]


def _recognise(data: bytes) -> str:
    head = data[:1024].lstrip()
    if b"%PDF-" in head:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _recognise_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return Message("an old Word document, or one with a password; save it as .docx without one")
    for start, name in (
        (b"\x89PNG", Message("a PNG image")),
        (b"\xff\xd8\xff", Message("a JPEG image")),
    ):
        if data.startswith(start):
            return name
    if data.count(0) > len(data) / 10 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Message("no text: it is full of zeros")
    return "text"


def _recognise_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Message("a damaged archive")
    if sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise UnreadableArticle(Message("it unpacks to more than {most} bytes", most=_MAX_UNPACKED))
    names = {entry.filename for entry in entries}
    return "docx" if "word/document.xml" in names else Message("an archive")


def _decode(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        # An encoding mark at the start is no part of the text; line ends stay as they are.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableArticle(Message("it is not UTF-8 text; save it as UTF-8")) from None


def _read_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Return what stands above the text between lines of three hyphens, and the text."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    import yaml

    try:
        # Texts only, whatever they are tagged as. An alias can stand for another that stands for
        # more, and so for any amount.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(match[1])):
            return {}, text
        about = yaml.load(match[1], yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text
    if not isinstance(about, dict):
        return {}, text
    known = {str(name).lower(): value for name, value in about.items() if isinstance(value, str)}
    url = known.get("url") or known.get("source")
    return {
        "title": known.get("title"),
        "author": known.get("author"),
        "date": known.get("date"),
        "url": url,
    }, text[match.end() :]


def _read_text(data: bytes) -> Extracted:
    about, text = _read_front_matter(_decode(data))
    if not about:
        # Not a character is changed.
        return Extracted(text=text)
    return put_together([text], **about)


def _read_markdown(data: bytes) -> Extracted:
    from markdown_it import MarkdownIt

    about, text = _read_front_matter(_decode(data))
    lost: Counter[str] = Counter()
    paragraphs: list[str] = []
    heading: str | None = None
    depth = 0
    tokens = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").parse(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in ("table_open", "table_close"):
            depth += token.nesting
            lost["tables"] += token.nesting > 0
        elif token.type in ("fence", "code_block", "html_block"):
            lost["code"] += 1
        elif token.type == "inline" and depth == 0:
            said, images = _say_inline(token.children or [])
            lost["images"] += images
            paragraphs.append(said)
            if before is not None and before.type == "heading_open" and len(paragraphs) == 1:
                heading = said
    return put_together(paragraphs, **{"title": heading, **_given(about)}, lost=lost)


def _given(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in about.items() if value is not None}


def _say_inline(children: list[Any]) -> tuple[str, int]:
    said, images = "", 0
    for child in children:
        if child.type in ("text", "code_inline"):
            said += child.content
        elif child.type in ("softbreak", "hardbreak"):
            said += " "
        elif child.type == "image":
            images += 1
    return said, images


def _read_html(data: bytes) -> Extracted:
    import trafilatura
    from lxml import etree, html

    parser = html.HTMLParser(encoding=_declared_encoding(data), huge_tree=False)
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, ValueError):
        raise UnreadableArticle(Message("it holds no HTML")) from None
    lost = Counter(images=len(tree.findall(".//img")), tables=len(tree.findall(".//table")))
    found = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=False, with_metadata=True
    )
    if found is None or isinstance(found, dict):
        raise UnreadableArticle(Message("it holds no text of an article"))
    return put_together(
        (found.text or "").split("\n"),
        title=found.title,
        author=found.author,
        date=found.date,
        url=found.url,
        lost=lost,
    )


def _declared_encoding(data: bytes) -> str | None:
    """Return UTF-8 where that is what it is, whatever is declared; else what lxml finds."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _read_docx(data: bytes) -> Extracted:
    import docx
    from docx.text.paragraph import Paragraph

    try:
        document = docx.Document(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever the parsers below it raise
        raise UnreadableArticle(Message("it is damaged")) from None
    paragraphs = [p for p in document.iter_inner_content() if isinstance(p, Paragraph)]
    first = next((p for p in paragraphs if p.text.strip()), None)
    style = "" if first is None or first.style is None else str(first.style.name)
    headed = first is not None and style.startswith(("Title", "Heading 1"))
    about = document.core_properties
    return put_together(
        [" ".join(p.text.split()) for p in paragraphs],
        title=first.text if headed and first is not None else about.title or None,
        author=about.author or None,
        date=None,
        lost=Counter(images=len(document.inline_shapes), tables=len(document.tables)),
    )


def _read_pdf(data: bytes) -> Extracted:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
        pages = list(_lay_out(document))
    except (MemoryError, UnreadableArticle):
        raise
    except Exception as error:  # noqa: BLE001  # whatever the parser raises
        if type(error).__name__ in ("PDFPasswordIncorrect", "PDFTextExtractionNotAllowed"):
            raise UnreadableArticle(Message("it is locked by a password")) from None
        raise UnreadableArticle(Message("it is damaged")) from None
    lost = Counter(images=sum(images for _, images in pages))
    lost["pages without text"] = sum(1 for boxes, images in pages if images and not boxes)
    said = join_paragraphs(list(_drop_running([boxes for boxes, _ in pages])))
    if unknown_share(said) > _MOST_UNKNOWN:
        raise UnreadableArticle(Message("its fonts don't say which letters they show"))
    return put_together(said, lost=lost)


def _lay_out(document: Any) -> Iterator[tuple[list[str], int]]:
    """Yield the paragraphs of each page, and how many images it has."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    resources = PDFResourceManager()
    # Without parameters of layout, letters come in the order of the file.
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number == MAX_PAGES:
            raise UnreadableArticle(Message("it has more than {most} pages", most=MAX_PAGES))
        interpreter.process_page(page)
        letters, images = _gather(device.get_result())
        yield read_page(letters), images


def _gather(layout: Any) -> tuple[list[Any], int]:
    """Return the letters in a page, or in a figure on it, and how many images it has."""
    from pdfminer.layout import LTChar, LTFigure, LTImage

    letters: list[Any] = []
    images = 0
    for item in layout:
        if isinstance(item, LTFigure):
            inside, more = _gather(item)
            letters += inside
            images += more
        elif isinstance(item, LTImage):
            images += 1
        elif isinstance(item, LTChar) and item.size > 0:
            letters.append(item)
    return letters, images


def _drop_running(pages: list[list[str]]) -> Iterator[str]:
    """Yield all paragraphs but page numbers and what stands on most pages."""
    counts = Counter(
        shape for page in pages for shape in {regex.sub(r"\d+", "#", box) for box in page}
    )
    for page in pages:
        for box in page:
            running = len(pages) > 2 and counts[regex.sub(r"\d+", "#", box)] > len(pages) / 2
            if not running and not _PAGE_NUMBER.fullmatch(box):
                yield box


KINDS: Mapping[str, Callable[[bytes], Extracted]] = {
    "txt": _read_text,
    "md": _read_markdown,
    "html": _read_html,
    "pdf": _read_pdf,
    "docx": _read_docx,
}
ENDINGS: Mapping[str, str] = {
    ".txt": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
"""The kind of file by the ending of its name."""
