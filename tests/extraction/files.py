"""Files of each kind, made here; most of them nasty."""

import io
import zipfile

import docx


def make_docx(*paragraphs, title=None, author="", table=False):
    document = docx.Document()
    document.core_properties.author = author
    document.core_properties.title = ""
    if title:
        document.add_paragraph(title, style="Title")
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        document.add_table(2, 2)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def make_archive(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_document(document):
    """A Word document whose main part is this XML."""
    plain = make_docx("Kapal tiba.")
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return make_archive(entries | {"word/document.xml": document})


def make_pdf(*objects, root="/Catalog"):
    """A PDF of these objects, numbered from 1, the first its catalogue."""
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table)
    return body + b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (count, root.encode()) + b"%%EOF\n"


def make_pages(count, content=b"BT /F1 12 Tf 72 700 Td (Kapal tiba di pelabuhan.) Tj ET"):
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(count))
    stream = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        b"/Resources << /Font << /F1 3 0 R >> >> >>" % (4 + count)
    )
    return make_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count),
        font,
        *[page] * count,
        stream,
        root="",
    )


_ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BOMB = with_document(
    f'<?xml version="1.0"?>{_ENTITIES}<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&a11;'
    "</w:t></w:r></w:p></w:body></w:document>"
)
NASTY = {
    "empty.txt": (b"", "it is empty"),
    "blank.md": (b" \n\t\n", "it is empty"),
    "latin.txt": ("Jum’at di café".encode("cp1252"), "it is not UTF-8 text"),
    "zeros.txt": ("Kapal tiba".encode("utf-16-le"), "no text: it is full of zeros"),
    "long.txt": ("kata " * 50_000, "it has more than 200,000 characters"),
    "huge.txt": (b"x" * 5_000_001, "it has more than 5,000,000 bytes"),
    "huge.html": (b"<p>" + b"x" * 5_000_001, "it has more than 5,000,000 bytes"),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n", "its name says that it is a PDF, but it is a PNG image"),
    "text.pdf": (b"Kapal tiba.", "its name says that it is a PDF, but it is plain text"),
    "word.pdf": (make_docx("Kapal."), "but it is a Word document (.docx)"),
    "report.docx": (make_pages(1), "but it is a PDF"),
    "report.txt": (make_pages(1), "its name says that it is plain text, but it is a PDF"),
    "photo.html": (b"\xff\xd8\xff\xe0", "but it is a JPEG image"),
    "archive.docx": (make_archive({"a.txt": "x"}), "but it is an archive"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + bytes(100), "save it as .docx"),
    "cut.docx": (make_docx("Kapal tiba.")[:900], "but it is a damaged archive"),
    "broken.docx": (with_document("<w:document"), "it is damaged"),
    "empty.docx": (make_docx(), "it holds no text"),
    "zip-bomb.docx": (
        make_archive({"word/document.xml": b" " * 70_000_000}),
        "it unpacks to more than 60,000,000 bytes",
    ),
    "entity-bomb.docx": (BOMB, "it is damaged"),
    "cut.pdf": (make_pages(1)[:200], "it is damaged"),
    "no-pages.pdf": (b"%PDF-1.4\n%%EOF\n", "it is damaged"),
    "long.pdf": (make_pages(61), "it has more than 60 pages"),
    "scanned.pdf": (
        make_pages(2, b"q 99 0 0 99 72 600 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q"),
        "its pages are images; scanned pages can't be read",
    ),
    "blank.pdf": (make_pages(1, b""), "it holds no text"),
    "loop.pdf": (
        make_pdf(b"<< /Type /Catalog /Pages 1 0 R >>", root=""),
        "it holds no text",
    ),
    "empty.html": (b"<html><body></body></html>", "it holds no text"),
    "deep.html": (b"<div>" * 300_000 + b"Kapal", "it "),
    "deep.md": (b">" * 200_000 + b" Kapal", "it "),
    "brackets.md": (b"[" * 300_000, "it "),
    "virus.exe": (b"MZ", ".exe is not read; what is read are .txt, .md"),
    "none": (b"Kapal", "it has no ending; what is read are .txt"),
}
"""What each file's message has to say, by its name."""
