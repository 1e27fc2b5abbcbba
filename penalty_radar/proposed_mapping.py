"""``penalty-radar mapping``: a mapping file proposed for an export, and what the export becomes with it."""

from __future__ import annotations

from rich.console import Console

from penalty_radar.clock import now
from penalty_radar.explaining_files import WIDTH_ELSEWHERE, print_explanation
from reports.messages import say
from transforms.errors import BadInputError
from transforms.ingest.contents import Content, list_contents
from transforms.ingest.file_explanation import explain_file
from transforms.ingest.formats.mapping import read_mapping
from transforms.ingest.inbox import look_into
from transforms.ingest.mapping_proposal import propose_mapping


def propose(address: str, thing: str | None) -> tuple[Content, str]:
    """The file (of a zip or workbook, its first table) and the text of a mapping file for it.

    Raises:
        BadInputError: there is no file, no table in it, or nothing tells what its rows are.
    """
    contents = list_contents(address)
    if not contents:
        raise BadInputError(address, "no file", "a file that no format knows", "Name a file, not a folder.")
    return contents[0], propose_mapping(contents[0], thing)


def print_check(content: Content, text: str, language: str, *, console: Console | None = None) -> None:
    """Print what each column becomes when the file is read with the mapping ``text``; nothing is written."""
    console = console or Console(highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = WIDTH_ELSEWHERE
    declared = read_mapping(text, "the proposal")
    found = [each for each in look_into(content.address, formats=(declared,)) if each.content.path == content.path]
    for each in found:
        print_explanation(explain_file(each, read_at=now()), language, console)
    console.print(say("explaining.nothing_written", language))
