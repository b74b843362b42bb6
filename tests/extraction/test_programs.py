"""Files that other programs wrote are read back sentence for sentence."""

import shutil
import subprocess

import pytest

from qa_service.article import Article
from qa_service.extraction import Extractor

SOURCE = """\
# Jembatan Gantung Desa Tirta Dibuka

Bupati Sari Wulandari meresmikan jembatan gantung di Desa Tirta pada Senin (3/3/2025). Jembatan
sepanjang 120 meter itu menghubungkan pulau-pulau kecil yang dulu hanya dapat dicapai dengan perahu.

Pembangunannya menelan biaya Rp3,2 miliar dan memakan waktu sebelas bulan. "Anak-anak kini dapat
berjalan kaki ke sekolah," kata Kepala Desa H. Amir Daud, S.H., kepada wartawan.

Warga mempertanyakan pemeliharaannya. Pemerintah kabupaten berjanji menganggarkan Rp40 juta setiap
tahun, tetapi penandatanganan perjanjiannya baru akan dilakukan pada bulan Juni mendatang.
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def program(name):
    path = shutil.which(name)
    assert path, f"{name} is missing; `make test` installs it"
    return path


@pytest.fixture(scope="module")
def extractor():
    with Extractor(seconds=20) as extractor:
        yield extractor


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The article as each program writes it."""
    folder = tmp_path_factory.mktemp("programs")
    source = folder / "source.md"
    source.write_text(SOURCE, encoding="utf-8")
    about = ["--metadata", "pagetitle=Jembatan Gantung Desa Tirta Dibuka"]
    for ending in ("docx", "html"):
        run(program("pandoc"), "-s", *about, source, "-o", folder / f"pandoc.{ending}")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    (folder / "office").mkdir()
    for ending in ("pdf", "html", "docx"):
        to = ["--convert-to", ending, "--outdir", folder / "office", folder / "pandoc.docx"]
        run(program("soffice"), profile, "--headless", *to)
    return folder


def sentences(text):
    # A line's end in a page is no part of its sentence.
    return [" ".join(s.text.split()) for s in Article.of(text, id="a").sentences]


def check(extractor, path):
    wanted = sentences(SOURCE.removeprefix("# "))
    assert len(wanted) == 7
    found = extractor.read(path.read_bytes(), path.name)
    plain = found.text.replace("“", '"').replace("”", '"').replace("’", "'")
    assert sentences(plain) == wanted


@pytest.mark.parametrize("name", ["source.md", "pandoc.docx", "pandoc.html"])
def test_what_pandoc_wrote_is_read_back(extractor, folder, name):
    check(extractor, folder / name)


@pytest.mark.parametrize("ending", ["pdf", "html", "docx"])
def test_what_libreoffice_wrote_is_read_back(extractor, folder, ending):
    check(extractor, folder / "office" / f"pandoc.{ending}")


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_what_a_browser_printed_is_read_back_from_columns_with_hyphens(
    extractor, folder, browser, columns
):
    style = (
        f"body {{ columns: {columns}; hyphens: auto; text-align: justify; font: 14px serif }}"
        "h1 { column-span: all }"
    )
    # A printer's own dictionary may lack Indonesian; what is cut is cut at these places.
    html = (folder / "pandoc.html").read_text(encoding="utf-8")
    for word in ("pemeli|haraannya", "pemba|ngunannya", "penanda|tanganan", "menghu|bungkan"):
        html = html.replace(word.replace("|", ""), word.replace("|", "&shy;"))
    page = browser.new_page()
    page.set_content(html)
    page.add_style_tag(content=style)
    path = folder / f"browser-{columns}.pdf"
    page.pdf(path=path, format="A5")
    page.close()
    check(extractor, path)
