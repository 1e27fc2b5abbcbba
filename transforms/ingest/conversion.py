"""What a file is by its first bytes, and everything that is not delimited text turned into it while it is read."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import BinaryIO, Literal, cast

from transforms.ingest import disavow_files, json_documents, parquet_files, xml_documents
from transforms.ingest.archives import GZIP_MAGIC, ZIP_MAGICS
from transforms.ingest.bounds import ChunkStream, ContentError
from transforms.ingest.decoding import decode_head, encoding_of, is_utf_32
from transforms.ingest.workbooks import OLE_MAGIC, csv_chunks

Kind = Literal["text", "json", "xml", "parquet", "disavow"]
"""What the bytes of a content are; all but text are converted."""

Opener = Callable[[], AbstractContextManager[BinaryIO]]

HEAD_BYTES = 65_536
"""Read of each file when looking what there is; a whole daily table or a few hundred links fit."""

BLOCK_BYTES = 1 << 18

MOST_CONTROL_SHARE = 0.1
"""Of the first characters; beyond it a file is no text, whatever its bytes can be decoded as."""

_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|table|script)\b", re.IGNORECASE)
_MARKUP = re.compile(r"<(\?xml\b|!--|!doctype\b|[a-z_][\w.:-]*[\s/>])", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\udc80-\udcff]")

_FOREIGN = {
    b"%PDF": "a PDF, not an export; save the table as CSV",
    b"\x89PNG": "a picture, not an export",
    b"\xff\xd8\xff": "a picture, not an export",
    b"GIF8": "a picture, not an export",
    b"Rar!": "a RAR archive; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"BZh": "packed with bzip2; unpack it first",
    b"\xfd7zXZ": "packed with xz; unpack it first",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it first",
    b"SQLite format 3": "a database, not an export",
}
_PACKED = (*ZIP_MAGICS, GZIP_MAGIC, OLE_MAGIC)


def kind_of(head: bytes, *, is_whole: bool) -> Kind:
    """What a content that begins with ``head`` is.

    Raises:
        ContentError: it is nothing that can be an export.
    """
    if head.startswith(parquet_files.MAGIC):
        return "parquet"
    if problem := _foreign(head):
        raise ContentError(problem)
    text = decode_head(head, encoding_of(head))
    start = text[:2_000].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return "json"
    if _PAGE.match(start):
        raise ContentError(
            "a web page (HTML), not an export: a page that asks to log in, or a table saved under another name; "
            "export it as CSV"
        )
    if _MARKUP.match(start):
        return "xml"
    if len(_CONTROL.findall(text[:4_096])) > MOST_CONTROL_SHARE * len(text[:4_096]):
        raise ContentError(f"not text; no format known for a file that begins with the bytes {head[:8].hex(' ')}")
    return "disavow" if disavow_files.is_disavow(text, is_whole=is_whole) else "text"


def _foreign(head: bytes) -> str | None:
    if is_utf_32(head):
        return "written in UTF-32, which no tool exports; save it as UTF-8"
    if head.startswith(_PACKED):
        return "a zip, gzip or workbook inside another one; unpack it first"
    return next((said for magic, said in _FOREIGN.items() if head.startswith(magic)), None)


@contextmanager
def converted(opener: Opener) -> Iterator[BinaryIO]:
    """The content as delimited text: as it is, or as UTF-8 CSV with the header first.

    ``opener`` gives the content's bytes from the start, each time it is called.

    Raises:
        ContentError: it is nothing that can be an export; also while the stream is read.
    """
    with opener() as stream:
        head = stream.read(HEAD_BYTES)
        kind = kind_of(head, is_whole=len(head) < HEAD_BYTES)
        if kind == "text":
            blocks = itertools.chain([head], iter(lambda: stream.read(BLOCK_BYTES), b""))
            yield cast("BinaryIO", io.BufferedReader(ChunkStream(blocks), BLOCK_BYTES))
            return
    with closing(_rows(kind, opener, head)) as rows:
        yield cast("BinaryIO", io.BufferedReader(ChunkStream(csv_chunks(rows)), BLOCK_BYTES))


def _rows(kind: Kind, opener: Opener, head: bytes) -> Generator[list[str], None, None]:
    if kind == "json":
        yield from json_documents.rows_of(opener, head)
    elif kind == "xml":
        yield from xml_documents.rows_of(opener)
    else:
        with opener() as stream:
            yield from parquet_files.rows_of(stream) if kind == "parquet" else disavow_files.rows_of(stream, head)
