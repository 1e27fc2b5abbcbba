"""Exports that people declare complete: what such an export lacks is gone (``staging.links.lost_on``).

Nothing in a file can prove that, so people say it: ``--complete``, or the last word of the file name
(``shop.example-backlinks.complete.csv``, ``backlinks complete 2026-02-06.csv``).
"""

from __future__ import annotations

import re

from transforms.ingest.formats import ExportFormat

BY_NAME = "declared complete, as the file name says"
BY_COMMAND = "declared complete"
NOT_COMPLETE = "not complete, whatever was declared"
PART_OF_ANSWER = f"{NOT_COMPLETE}: one part of an answer of an API"

# The last word only, days and numbers aside: a site may be called complete.nl.
_WORD = re.compile(
    r"(?:^|[\s._-])complete(?:[\s._()-]*\d[\d\s._()TZ:-]*)?\)?"
    r"(?:\.(?:csv|tsv|txt|dat|json|jsonl|ndjson|xml|xlsx|parquet|zip|gz))*$",
    re.IGNORECASE,
)
_PART = re.compile(r"\.page-\d+\.|\bnew-since-", re.IGNORECASE)


def doubt_complete(truncated_by: str | None, rejected_count: int) -> str | None:
    """What a file that was declared complete shows to the contrary; None when nothing does."""
    if truncated_by is not None:
        return f"{NOT_COMPLETE}: {truncated_by}"
    # A row that could not be read may be the very link that seems to be gone.
    return f"{NOT_COMPLETE}: {rejected_count} rows rejected" if rejected_count else None


def declared_complete(
    declared: ExportFormat | None, names: tuple[str, ...], *, is_member: bool, given: bool
) -> tuple[bool, str | None]:
    """Whether an export counts as declared complete, and what is worth saying about that.

    Args:
        declared: the format; only exports of links can prove that something is gone.
        names: own name, container's name, then folder names.
        is_member: whether it lies in a container, whose name then counts as well.
        given: whether the person who had it read said so.
    """
    if declared is None or declared.thing != "links":
        return False, None
    counting = names[: 2 if is_member else 1]
    is_named = any(_WORD.search(name) for name in counting)
    if not (given or is_named):
        return False, None
    if any(_PART.search(name) for name in counting):
        return False, PART_OF_ANSWER
    return True, BY_COMMAND if given else BY_NAME
