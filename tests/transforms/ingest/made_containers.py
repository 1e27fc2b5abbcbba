"""Zips and workbooks made by hand, good and hostile."""

from __future__ import annotations

import io
import zipfile

from tests.fuzz.seed_files import workbook


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip with these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def workbook_of(rows: str) -> bytes:
    """An xlsx whose one sheet has these ``<row>`` elements."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(io.BytesIO(workbook((("x",),)))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet.encode()})


def ods_of(rows: str) -> bytes:
    """An OpenDocument workbook whose one sheet has these ``<table:table-row>`` elements."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Blad1">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"></manifest:manifest>'
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )
