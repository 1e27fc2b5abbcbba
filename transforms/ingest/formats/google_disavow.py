"""Google disavow files: what a team has already judged. Read as a table that names the kind of each line."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads
from transforms.ingest.formats.written import Address, Choice, Text

FORMATS = (
    ExportFormat(
        name="google_disavow",
        family="google_disavow",
        title="Google disavow file",
        provider="google_disavow",
        feed="backlinks",
        thing="disavow_entries",
        recognised_by=(("disavow_kind",), ("disavow_entry",), ("disavow_note",)),
        columns=(
            Reads(
                target="entry_kind",
                headers=("disavow_kind",),
                written=Choice(words=(("domain", "domain"), ("url", "url"))),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="entry", headers=("disavow_entry",), written=Address(), is_required=True, is_filled=True),
            Reads(target="note", headers=("disavow_note",), written=Text()),
        ),
        key=("entry_kind", "entry"),
        passes_over=(
            PassesOver(
                headers=("disavow_kind",),
                words=("comment",),
                keeps=False,
                because="comments (kept as the note of the lines below them)",
            ),
        ),
        is_round_suspect=False,
        notes=(
            "Lines `domain:example.com` (a space behind the colon is passed by) and whole addresses. A line that is "
            "neither is rejected with its text. The file names no site: its folder or name has to. A later file takes "
            "the place of the one before, as an upload does."
        ),
    ),
)
