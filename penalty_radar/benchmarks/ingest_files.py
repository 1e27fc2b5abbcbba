"""Made-up export files in bulk for the benchmark of ingest: Semrush-shaped, as CSV, UTF-16 and workbook."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

HEADER = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,Text,"
    "Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link"
)
_WORKBOOK = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="links" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def write_links(path: Path, site_domain: str, row_count: int, *, first_row: int = 0) -> None:
    """A Semrush Backlinks export of ``row_count`` rows, about 260 bytes each, from up to 280,000 hosts.

    One row in fifty repeats the source and target of another; one title in ten holds quotes and commas.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    names = HEADER.split(",")
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        connection.execute(_copy(names, site_domain, row_count, first_row, path))


def _copy(names: list[str], site_domain: str, row_count: int, first_row: int, path: Path) -> str:
    cells = ", ".join(f'{cell} AS "{name}"' for name, cell in zip(names, _cells(site_domain), strict=True))
    return (
        f"COPY (SELECT {cells} FROM (SELECT i, CAST(hash(i) % 1000000007 AS BIGINT) AS h "  # noqa: S608
        "FROM (SELECT CASE WHEN n % 50 = 49 THEN n - 1 ELSE n END AS i "
        f"FROM range({first_row}, {first_row + row_count}) AS numbers(n)))) TO '{path}' (HEADER, DELIMITER ',')"
    )


def _cells(site_domain: str) -> tuple[str, ...]:
    """The cells of row ``i`` as SQL, ``h`` being its hash; in the order of the header."""
    title = (
        "'Title ' || left(md5(CAST(i * 7 AS VARCHAR)), 20) || CASE WHEN h % 10 = 0 THEN ', about \"' || h % 977 || "
        "'\" and more words in it' ELSE ' about ' || h % 977 || ' and more words in it' END"
    )
    host = (
        "CASE WHEN h % 3 = 0 THEN 'www.' ELSE '' END || 'site' || CAST(pow((h % 1000003) / 1000003.0, 3) * 20000 AS "
        "BIGINT) || CASE h % 7 WHEN 0 THEN '-a' WHEN 1 THEN '-b' WHEN 2 THEN '-c' ELSE '' END || '.example'"
    )
    path = "'/' || left(md5(CAST(i AS VARCHAR)), 12) || '/' || left(md5(CAST(i // 3 AS VARCHAR)), 18) || '/'"
    return (
        "h % 100",
        title,
        f"'https://' || {host} || {path}",
        f"'https://www.{site_domain}/' || CASE WHEN h % 5 = 0 THEN '' ELSE 'page-' || h % 5000 END",
        "CASE WHEN h % 25 = 0 THEN '' ELSE 'anchor text ' || h % 20011 END",
        "h % 300",
        "h % 500",
        *(f"h % {number} = 0" for number in (4, 97, 53)),
        "h % 9 <> 0",
        "false",
        "false",
        "h % 9 = 0",
        "h % 41 = 0",
        "DATE '2024-01-01' + CAST(h % 700 AS INTEGER)",
        "DATE '2025-12-01' + CAST(h % 60 AS INTEGER)",
        "h % 31 = 0",
        "h % 29 = 0",
    )


def write_utf16(source: Path, path: Path) -> None:
    """The same export as another tool writes it: UTF-16 with byte order mark, tabs, every cell quoted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with source.open(encoding="utf-8", newline="") as rows, path.open("w", encoding="utf-16", newline="") as out:
        csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(rows))


def write_workbook(source: Path, path: Path) -> None:
    """The same export as a workbook of one sheet with texts in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _WORKBOOK.items():
            archive.writestr(name, text)
        with (
            source.open(encoding="utf-8", newline="") as rows,
            archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
        ):
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for record in csv.reader(rows):
                cells = "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in record)
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")
