"""Small containers and documents for the fuzzer to begin with; invented domains only."""

from __future__ import annotations

import gzip
import io
import zipfile

from tests.transforms.ingest.made_exports import SITE, ahrefs, search_console_zip, semrush

JSON_ROWS = (
    f'{{"rows":[{{"keys":["https://{SITE}/kaas","2026-01-02"],"clicks":3,"impressions":40,"ctr":0.075,'
    '"position":4.9}]}'
)
XML_ROWS = (
    '<?xml version="1.0"?><response><answer><sichtbarkeitsindex domain="kaasblog.nl" date="2026-01-02T00:00:00+02:00" '
    'value="1.5"/></answer></response>'
)
DISAVOW = "# gekocht\ndomain:spam.example\nhttps://slecht.example/pagina\n"


def containers() -> dict[str, bytes]:
    """File name to content."""
    return {
        "export.zip": _zipped("links.csv", semrush()),
        "https___voorbeeldwinkel.nl_-Performance-on-Search-2026-01-05.zip": search_console_zip(),
        "export.csv.gz": gzip.compress(semrush(), mtime=0),
        "export.xlsx": workbook((("Keyword", "Position"), ("oude kaas", "3"))),
        "export.xls": ahrefs(),
        "antwoord.json": JSON_ROWS.encode(),
        "antwoord.xml": XML_ROWS.encode(),
        "disavow.txt": DISAVOW.encode(),
        "deel.parquet": parquet(),
    }


def _zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def parquet() -> bytes:
    """A Parquet file with one row of a Search Console bulk export."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    packed = io.BytesIO()
    row = {"data_date": ["2026-01-02"], "query": ["oude kaas"], "impressions": [40], "clicks": [3]}
    pq.write_table(pa.table(row), packed)
    return packed.getvalue()


def workbook(rows: tuple[tuple[str, ...], ...], sheet: str = "Blad1") -> bytes:
    """The smallest xlsx with one sheet of text cells."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}"><sheets><sheet name="{sheet}" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()
