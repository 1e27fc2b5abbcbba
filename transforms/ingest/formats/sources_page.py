"""docs/sources.md, written from the formats themselves."""

from __future__ import annotations

from typing import TypedDict

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.not_read_yet import KNOWN_KINDS
from transforms.ingest.formats.registry import all_formats


class FormatDescription(TypedDict):
    """What a person wants to know of a format; see :func:`describe_formats`."""

    name: str
    family: str
    title: str
    provider: str
    feed: str
    fills: str
    recognised_by: list[str]
    required: list[str]
    used: list[str]
    ignored: list[str]
    row_caps: list[int]
    passed_over: list[str]
    notes: str


def describe_formats() -> list[FormatDescription]:
    """One description per format that is read, sorted by name."""
    return [_describe(declared) for declared in all_formats()]


def _describe(declared: ExportFormat) -> FormatDescription:
    used = [f"{_spelt(column)} → {column.target}" for column in declared.columns]
    if declared.wide is not None:
        used.append(f"one column per {'day' if declared.wide.day_target else 'group'} → {declared.wide.target}")
        used += [f"the column beside it → {beside.target}" for beside in declared.wide.beside]
    return FormatDescription(
        name=declared.name,
        family=declared.family,
        title=declared.title,
        provider=declared.provider,
        feed=declared.feed,
        fills=declared.thing or "(settings only)",
        recognised_by=[" or ".join(spellings) for spellings in declared.recognised_by],
        required=[_spelt(column) for column in declared.columns if column.is_required],
        used=used,
        ignored=list(declared.ignored),
        row_caps=list(declared.row_caps),
        passed_over=_passed_over(declared),
        notes=declared.notes,
    )


def _passed_over(declared: ExportFormat) -> list[str]:
    kinds = [declared.wide.kind.because] if declared.wide is not None and declared.wide.kind else []
    return [rule.because for rule in declared.passes_over] + kinds


INTRODUCTION = """# Export files

A file is recognised by its content, the header and the lines before it, never by its name alone. Every column is used,
ignored by name, or recorded as unknown in `ingest.export_files`; a file that lacks a required column is set aside, and
the reason names what is missing and what was found. A value that cannot be read rejects its row
(`ingest.rejected_rows`: row, column, value, what was expected) and the rest loads. Rows that share the key inside one
file are merged; rows that are no data of ours (totals of keyword groups, links inside the site) are passed over, and
the reason says which. `row_count = loaded + merged + rejected + passed over`, always.

Of several formats that fit, the one that knows most of the columns is taken. What no format knows can be described in
a mapping file (docs/mapping-files.md); what the team keeps itself is in docs/team-files.md. `penalty-radar ingest
--explain FILE` says why a file is read as it is.

**The site** of a file is the one given with `--site`; else the folder named as a domain (`exports/example.com/...`);
else what most rows are about; else the domain the file name begins with. A file in the folder of one site whose rows
are about another is set aside, and so is every table of a Search Console export whose pages (or, without pages, whose
property) are about another. Where a column or the names of columns say the site, that counts; a file whose rows name
several sites is set aside. **The day of an export** is the newest of the day in its name and the newest day in its
content (or that of its set). Without either, it is the day of the file's last modification, or the day of the newest
dated export of its site when that is earlier, for copying a file changes the former; the reason says so. Give such
files (crawls, single tables) a name with the day.

**Days to come**: a day later than the day after reading (UTC) is a slip. Its row is rejected, a column of such a day
(exports with one column per day) is not read, counts as unknown, and is named in the reason, and in file names and
periods such a day is passed by. Only events may be planned ahead.

**Cut off or complete**: an export with exactly as many rows as the provider's cap, or with a round number of rows (a
multiple of 1,000, of a provider with caps), counts as cut off (`is_truncated`, `truncated_by`). What such a file lacks
proves nothing, and neither does any other: a link is lost when the provider says so, or when a later export that was
declared complete no longer has it. Declare it with `penalty-radar ingest --complete`, or with the word in the file name
(`example.com-backlinks.complete.csv`); a file that is cut off, or one page of several, is never complete.

**Where exports lie**: a folder, a file, or a bucket (`s3://`, `gs://`, `abfs://`, whatever fsspec reads). Credentials
are found by the store's own library (`AWS_PROFILE`, application default credentials, `AZURE_STORAGE_ACCOUNT_NAME`);
anything else is set by fsspec's own variables, such as `FSSPEC_S3_ENDPOINT_URL`. A file that is written to while it is
read is set aside and read the next time.

**Large files** of 8 MB and more that are plain (delimited text, or what can be turned into it) are parsed by the
engine; the result is the same. Whatever the engine stumbles over is read again record by record.

**A corrected export** put at the same path, of the same site, format and day, takes the place of the first: the ledger
names it in `superseded_by`, and the rows of the superseded file are kept but no longer counted, on any night. This
cannot be undone by putting the old content back, which the ledger knows; let the provider export again. Of two exports
of one day at different paths, the last path in the order of the alphabet goes before the others, link by link.

**Sets**: a Search Console export is a zip, a workbook, or loose CSV files in one folder whose names differ only in the
table (`Queries.csv`, `Pages.csv`, ...). Every table is a file of its own in the ledger; the set supplies site, day and
period. An export with a filter on anything but the dates is kept apart as provider `search_console_filtered`.

**Properties**: one site has one Search Console series. The provider's file name tells the property
(`https___www.example.com_-Performance...`, or `example.com-Performance...` for the whole domain), and so do the names
under which the feed saves the API's answers; a name without it counts as the property that is there. The domain
property goes before the main host (bare or `www.`), and that before every other prefix: the one that covers more
supersedes, table by table, what was loaded of the other, and the one that covers less is set aside. Of two that cover
alike, the first loaded stays and the other is set aside.
"""


def _spelt(column: Reads) -> str:
    return column.headers[0] if column.headers else column.header_pattern.pattern if column.header_pattern else "?"


def render_sources_page() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION, "## Read\n"]
    parts += [_section(description) for description in describe_formats()]
    titles = list(dict.fromkeys(kind.title for kind in KNOWN_KINDS))
    parts.append("## Recognised, not read yet\n\nSet aside with a reason that names the kind:\n")
    parts.append("\n".join(f"- {title}" for title in titles))
    return "\n".join(parts).rstrip() + "\n"


def _section(description: FormatDescription) -> str:
    lines = [
        f"### {description['title']}\n",
        f"- format `{description['name']}`"
        + (f" (also `--format {description['family']}`)" if description["family"] != description["name"] else ""),
        f"- provider `{description['provider']}`, feed `{description['feed']}`, fills `{description['fills']}`",
        f"- recognised by the columns {_listed(description['recognised_by'])}",
        f"- required {_listed(description['required'])}",
        f"- used {_listed(description['used'])}",
        f"- ignored {_listed(description['ignored'])}" if description["ignored"] else "",
        f"- cut off by the provider at {', '.join(f'{cap:,}' for cap in description['row_caps'])} rows"
        if description["row_caps"]
        else "",
        f"- passed over: {'; '.join(description['passed_over'])}" if description["passed_over"] else "",
        f"\n{description['notes']}" if description["notes"] else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
