"""The examples of the documentation work as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SITE

DOCS = Path(__file__).parents[3] / "docs"


def examples(page: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", ["team-files.md", "team-files.nl.md"])
def test_the_files_of_the_team_are_read_whole(inbox: Inbox, page: str) -> None:
    calendar, placements, labels, decisions = examples(page, "csv")
    inbox.put("calendar.csv", calendar)
    inbox.put("placements.csv", placements)
    inbox.put("labels.csv", labels)
    inbox.put("decisions.csv", decisions)
    outcomes = inbox.read()
    assert [(o.format, o.loaded_count, o.rejected_count) for o in outcomes.values()] == [
        ("event_calendar", 6, 0),
        ("decisions", 2, 0),
        ("labels", 3, 0),
        ("placements", 2, 0),
    ]
    assert inbox.rows("SELECT kind, site_domain FROM staging.event_observations ORDER BY starts_on") == [
        ("site_change", SITE),
        ("manual_action", SITE),
        ("link_removal", SITE),
        ("disavow", SITE),
        ("reconsideration", SITE),
        ("data_break", None),
    ]
    assert inbox.rows(
        "SELECT source_domain, kind, CAST(placed_on AS VARCHAR), CAST(removed_on AS VARCHAR) "
        "FROM staging.placement_observations ORDER BY placed_on"
    ) == [("kaasblog.nl", "bought", "2026-01-12", None), ("ruilpartner.nl", "exchanged", "2026-01-20", "2026-03-01")]
    assert inbox.rows(
        "SELECT site_domain, subject_kind, subject_key, origin, labelled_by, CAST(labelled_on AS VARCHAR) "
        "FROM staging.label_observations ORDER BY row_number"
    ) == [
        (None, "link", "kaasblog.nl/stukje", "natural", "Anna", "2026-01-12"),
        (SITE, "domain", "ruilpartner.nl", "exchanged", "Bert", "2026-01-12"),
        (None, "domain", "goedekrant.nl", "allowed", "Anna", "2026-01-14"),
    ]
    assert inbox.rows(
        "SELECT alert_id, status, decided_by, CAST(decided_on AS VARCHAR) "
        "FROM staging.decision_observations ORDER BY row_number"
    ) == [
        ("3f9a1c04b7d25e68", "handled", "Anna", "2026-01-16"),
        ("a07be1d2c3f40591", "false_alarm", "Bert", "2026-01-17"),
    ]


def test_the_mapping_of_the_page_reads_a_file(inbox: Inbox) -> None:
    [mapping] = examples("mapping-files.md", "toml")
    inbox.put("list.mapping.toml", mapping)
    outcome = inbox.read_only(
        f"{SITE}/list.csv",
        f'No.,From,To,Text,Found,Followed,Authority\n1,https://a.example/,https://{SITE}/,kaas,31/01/2026,No,"12,5"\n',
    )
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("house_list", 1, 0)
    assert inbox.rows(
        "SELECT anchor_text, is_nofollow, CAST(first_seen_on AS VARCHAR), source_authority "
        "FROM staging.link_observations"
    ) == [("kaas", True, "2026-01-31", 12.5)]
