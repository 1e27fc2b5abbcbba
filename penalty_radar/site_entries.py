"""The text of ``sites.toml``: one entry added or taken out, every other character as it was."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from transforms.errors import UsageError
from transforms.site_list import entry_domain

_HEADER = re.compile(r"\s*\[\[\s*site\s*\]\]\s*(#.*)?")


def add_entry(text: str, entry: str) -> str:
    """``text`` with ``entry`` behind it, a blank line between."""
    return f"{text.rstrip()}\n\n{entry}" if text.strip() else entry


def drop_entry(path: Path, text: str, domain: str) -> str:
    """``text`` without the entries of ``domain`` and the comments right above them; unchanged when there is none.

    Raises:
        UsageError: entries are written in another way than as ``[[site]]`` tables, so that it is left to a person.
    """
    entries = tomllib.loads(text).get("site", [])
    lines = text.splitlines(keepends=True)
    for number in reversed([number for number, entry in enumerate(entries) if entry_domain(entry) == domain]):
        headers = [place for place, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\r\n"))]
        if len(headers) != len(entries):
            raise _refusal(path, domain)
        end = _begin(lines, headers[number + 1]) if number + 1 < len(headers) else len(lines)
        del lines[_begin(lines, headers[number]) : end], entries[number]
    rest = "".join(lines)
    if tomllib.loads(rest).get("site", []) != entries:
        raise _refusal(path, domain)
    return rest


def read_text(path: Path) -> str:
    """The file's text with its line ends as they are; empty when there is no file."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return opened.read()


def write_text(path: Path, text: str) -> None:
    """Replace the file whole or not at all; it keeps its mode."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="")
    if path.exists():
        part.chmod(path.stat().st_mode)
    part.replace(path)


def _begin(lines: list[str], header: int) -> int:
    """Where an entry begins: at the comments right above its header, unless they open the file."""
    begin = header
    while begin > 0 and lines[begin - 1].lstrip().startswith("#"):
        begin -= 1
    return begin if begin > 0 else header


def _refusal(path: Path, domain: str) -> UsageError:
    return UsageError(
        str(path), f"an entry of {domain} that is not a [[site]] table of its own", "[[site]]", "Take it out by hand."
    )
