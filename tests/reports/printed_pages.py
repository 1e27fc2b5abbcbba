"""The text of a PDF as Chromium prints it: enough to see what stands on which sheet."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(ET)")


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body[: found.start()] else found[1]


def _letters(cmap: bytes) -> dict[str, str]:
    """Glyph (four hex digits) to its letters."""

    def read(digits: str) -> str:
        return bytes.fromhex(digits).decode("utf-16-be")

    text = cmap.decode("ascii")
    letters: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        letters |= {glyph.upper(): read(to) for glyph, to in re.findall(r"<(\w+)> <(\w+)>", block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, to in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[f"{int(first, 16) + step:04X}"] = chr(int(to, 16) + step)
    return letters


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page in the order it is drawn; runs of it are parted by spaces."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = []
    for _, body in sorted(item for item in objects.items() if re.search(rb"/Type\s*/Page\b", item[1])):
        fonts = {}
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body):
            unicode = re.search(rb"/ToUnicode (\d+)", objects[int(number)])
            fonts[name] = _letters(_stream(objects[int(unicode[1])])) if unicode else {}
        contents = re.search(rb"/Contents (\d+)", body)
        assert contents is not None
        text, font = [], {}
        for name, glyphs, end in _SHOWN.findall(_stream(objects[int(contents[1])])):
            if name:
                font = fonts[name]
            elif end:
                text.append(" ")
            else:
                digits = glyphs.decode("ascii").upper()
                text += [font.get(digits[at : at + 4], "�") for at in range(0, len(digits), 4)]
        pages.append(" ".join("".join(text).split()))
    return pages
