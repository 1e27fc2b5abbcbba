"""What the team keeps itself: the calendar of events, the list of placed links, and its judgements."""

from __future__ import annotations

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import semrush
from tests.transforms.ingest.made_team_exports import CALENDAR_NL, LABELS, LABELS_NL, PLACEMENTS, PLACEMENTS_NL, SITE
from tests.transforms.text_tables import make
from transforms.pipeline import default_as_of

EVENTS = (
    "SELECT kind, site_domain, name, CAST(starts_on AS VARCHAR), CAST(ends_on AS VARCHAR), scope, source "
    "FROM staging.event_observations ORDER BY starts_on, name"
)
PLACED = (
    "SELECT source_url, source_domain, target_url, CAST(placed_on AS VARCHAR), CAST(removed_on AS VARCHAR), kind, "
    "campaign, note FROM staging.placement_observations ORDER BY source_url"
)


@pytest.mark.parametrize("action", ["handmatige actie", "Handmatige maatregel"])
def test_dutch_calendar_becomes_events(inbox: Inbox, action: str) -> None:
    outcome = inbox.read_only("kalender.csv", CALENDAR_NL.replace("handmatige actie", action))
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("event_calendar", 6, 0)
    by = "noted by the team"
    assert inbox.rows(EVENTS) == [
        ("site_change", SITE, "Verhuizing naar een nieuw platform", "2026-01-10", None, "platform", "eigen notitie"),
        ("manual_action", SITE, "Onnatuurlijke links naar de site", "2026-02-03", "2026-03-01", "links", by),
        ("link_removal", SITE, "Links van ruilpartners weg", "2026-02-12", "2026-02-12", None, by),
        ("reconsideration", SITE, "Verzoek ingediend", "2026-02-14", None, None, by),
        ("data_break", None, "Ranktracker stond stil", "2026-03-01", "2026-03-02", "tracker", by),
        ("update", None, "Kernupdate van maart", "2026-03-27", None, "core", by),
    ]


def test_event_ids_are_the_same_each_time_and_the_bundled_one_for_the_same_update(inbox: Inbox) -> None:
    inbox.read_only("kalender.csv", CALENDAR_NL)
    assert [
        row[0] for row in inbox.rows("SELECT event_id FROM staging.event_observations ORDER BY starts_on, name")
    ] == [
        f"{SITE}-2026-01-10-site_change-verhuizing-naar-een-nieuw-platform",
        f"{SITE}-2026-02-03-manual_action-onnatuurlijke-links-naar-de-site",
        f"{SITE}-2026-02-12-link_removal-links-van-ruilpartners-weg",
        f"{SITE}-2026-02-14-reconsideration-verzoek-ingediend",
        "2026-03-01-ranktracker-stond-stil",
        "march-2026-core-update",
    ]


def test_a_file_in_the_folder_of_a_site_speaks_of_that_site(inbox: Inbox) -> None:
    text = (
        "kind,name,starts_on,site\nsite_change,New menu,2026-01-05,\nsite_change,Elsewhere,2026-01-06,other.example\n"
    )
    inbox.read_only(f"{SITE}/notes.csv", text)
    assert inbox.rows("SELECT name, site_domain FROM staging.event_observations ORDER BY name") == [
        ("Elsewhere", "other.example"),
        ("New menu", SITE),
    ]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("feest,,Jubileum,2026-01-01", "kind", "feest"),
        ("disavow,,Bestand ingediend,01/02/2026", "starts_on", "01/02/2026"),
        ("disavow,,Bestand ingediend,31-02-2026", "starts_on", "31-02-2026"),
        ("disavow,,,2026-01-01", "name", ""),
        ("disavow,een winkel,Bestand ingediend,2026-01-01", "site", "een winkel"),
    ],
)
def test_a_bad_row_is_rejected_and_the_rest_loads(inbox: Inbox, row: str, column: str, value: str) -> None:
    text = f"kind,site,name,starts_on\n{row}\nsite_change,{SITE},New menu,2026-01-05\n"
    outcome = inbox.read_only("notes.csv", text)
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 1)
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows") == [(1, column, value)]


def test_the_newest_content_of_a_list_takes_the_place_of_the_one_before(inbox: Inbox) -> None:
    header = "kind,site,name,starts_on\n"
    inbox.read_only("notes.csv", f"{header}site_change,{SITE},New mneu,2026-01-05\n")
    inbox.read_only("notes.csv", f"{header}site_change,{SITE},New menu,2026-01-05\ndisavow,{SITE},Sent,2026-02-01\n")
    in_use = (
        "SELECT name FROM staging.event_observations JOIN ingest.export_files AS file USING (file_id) "
        "WHERE superseded_by IS NULL ORDER BY name"
    )
    assert inbox.rows(in_use) == [("New menu",), ("Sent",)]


def test_placements_in_english(inbox: Inbox) -> None:
    outcome = inbox.read_only("placements.csv", PLACEMENTS)
    assert (outcome.format, outcome.site_domain, outcome.loaded_count) == ("placements", SITE, 2)
    assert inbox.rows(PLACED) == [
        (
            "https://partner.example/links",
            "partner.example",
            f"https://{SITE}/",
            "2026-01-20",
            "2026-03-01",
            "exchanged",
            "lente",
            None,
        ),
        (
            "https://www.kaasblog.nl/stukje",
            "kaasblog.nl",
            f"https://{SITE}/kaas",
            "2026-01-12",
            None,
            "bought",
            "lente",
            "betaald per jaar",
        ),
    ]


def test_a_placement_taken_out_of_the_list_is_gone_but_not_from_nights_before(inbox: Inbox) -> None:
    row = "https://blog{at}.example/,2026-0{at}-12,bought,lente,https://{site}/\n"
    first, second, third = (row.format(at=at, site=SITE) for at in (1, 2, 3))
    for content in (first + second, first + third):
        inbox.read_only(f"{SITE}/placements.csv", f"url,date,kind,campaign,target\n{content}")
    inbox.read_only(f"{SITE}/more.csv", f"url,date,kind,campaign,target\n{row.format(at=4, site=SITE)}")
    placed = {"2026-11-01": ["blog1", "blog3", "blog4"], "2026-02-28": ["blog1", "blog2"]}
    for as_of, hosts in placed.items():
        make(inbox.connection, "staging.placements", as_of=as_of)
        found = inbox.rows("SELECT source_host FROM staging.placements ORDER BY 1")
        assert found == [(f"{host}.example",) for host in hosts]


def test_placements_in_dutch_with_both_ways_of_writing_days(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/plaatsingen.csv", PLACEMENTS_NL)
    assert (outcome.row_count, outcome.loaded_count, outcome.rejected_count) == (5, 3, 2)
    assert [(row[1], row[3], row[4], row[5], row[7]) for row in inbox.rows(PLACED)] == [
        ("krant.example", "2026-02-06", None, "earned", None),
        ("ruil.example", "2026-02-05", "2026-03-01", "exchanged", None),
        ("kaasblog.nl", "2026-01-12", None, "bought", "jaarlijks; per factuur"),
    ]
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows ORDER BY 1") == [
        (4, "Datum", "31-02-2026"),
        (5, "Soort", "sponsoring"),
    ]


def test_placements_of_another_site_than_the_folder_are_set_aside(inbox: Inbox) -> None:
    outcome = inbox.read_only("anderewinkel.nl/placements.csv", PLACEMENTS)
    assert (outcome.status, outcome.loaded_count) == ("set_aside", 0)
    assert f"most rows are about {SITE}" in (outcome.reason or "")


LABELLED = (
    "SELECT site_domain, subject_kind, subject_key, origin, labelled_by, CAST(labelled_on AS VARCHAR), note "
    "FROM staging.label_observations ORDER BY row_number"
)


def test_labels_in_english_hold_for_all_sites_unless_a_row_names_one(inbox: Inbox) -> None:
    outcome = inbox.read_only("labels.csv", LABELS)
    assert (outcome.format, outcome.site_domain, outcome.loaded_count) == ("labels", None, 3)
    assert str(outcome.exported_on) == "2026-01-12"
    assert inbox.rows(LABELLED) == [
        (None, "link", "kaasblog.nl/stukje", "natural", "Anna", "2026-01-12", "read it: an honest review"),
        (SITE, "domain", "kaasblog.nl", "bought", "Bert", "2026-01-10", None),
        (None, "domain", "krant.example", "allowed", None, None, None),
    ]


def test_labels_in_dutch_in_the_folder_of_a_site(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/oordelen.csv", LABELS_NL)
    assert (outcome.site_domain, outcome.row_count, outcome.loaded_count, outcome.rejected_count) == (SITE, 9, 7, 2)
    assert [(row[0], row[2], row[3]) for row in inbox.rows(LABELLED)] == [
        (SITE, "kaasblog.nl", "bought"),
        (SITE, "ruil.example", "exchanged"),
        (SITE, "gast.example", "guest_post"),
        (SITE, "netwerk.example", "link_programme"),
        (SITE, "goed.example", "natural"),
        (SITE, "rommel.example", "spam"),
        (SITE, "eigen.example", "allowed"),
    ]
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows ORDER BY 1") == [
        (8, "Herkomst", "onbekend"),
        (9, "Wanneer", "12/01/2026"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (",bought,Anna,2026-01-12", "link", ""),
        ("geen adres,bought,Anna,2026-01-12", "link", "geen adres"),
        ("blog.example,,Anna,2026-01-12", "origin", ""),
        ("blog.example,bought,Anna,2027-01-12", "when", "2027-01-12"),
    ],
)
def test_a_label_that_says_nothing_is_rejected_and_the_rest_loads(
    inbox: Inbox, row: str, column: str, value: str
) -> None:
    outcome = inbox.read_only("labels.csv", f"link,origin,who,when\n{row}\ngoed.example,natural,Anna,2026-01-05\n")
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 1)
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows") == [(1, column, value)]


def test_rows_that_contradict_each_other_are_all_kept_and_one_said_twice_is_one(inbox: Inbox) -> None:
    said = "blog.example,bought,Anna,2026-01-05\n"
    outcome = inbox.read_only("labels.csv", f"link,origin,who,when\n{said}{said}blog.example,natural,Bert,2026-01-05\n")
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count) == (3, 2, 1)
    make(inbox.connection, "staging.labels", as_of="2026-02-01")
    assert inbox.rows("SELECT origin, labelled_by, contradiction_count FROM staging.labels") == [("natural", "Bert", 1)]


def test_a_correction_of_a_label_takes_the_place_of_the_former_one(inbox: Inbox) -> None:
    header = "link,origin,who,when\n"
    inbox.read_only(f"{SITE}/labels.csv", f"{header}blog.example,bought,Anna,2026-01-05\n")
    inbox.read_only(f"{SITE}/labels.csv", f"{header}blog.example,natural,Anna,2026-01-05\n")
    make(inbox.connection, "staging.labels", as_of="2026-02-01")
    found = inbox.rows("SELECT site_domain, origin, contradiction_count FROM staging.labels")
    assert found == [(SITE, "natural", 0)]


def test_labels_move_no_night(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/links.csv", semrush())
    inbox.put(f"{SITE}/labels.csv", "link,origin,who,when\nblog.example,bought,Anna,2026-10-05\n")
    inbox.read()
    assert str(default_as_of(inbox.connection)) == "2026-02-01"


def test_a_note_of_a_day_to_come_moves_no_night(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/links.csv", semrush())
    inbox.put(f"{SITE}/notes.csv", "kind,name,starts_on\nsite_change,New menu,2026-12-24\n")
    inbox.read()
    assert str(default_as_of(inbox.connection)) == "2026-02-01"


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("3f9a,handled,Anna,2026-01-05", "alert", "3f9a"),
        (",handled,Anna,2026-01-05", "alert", ""),
        ("3f9a1c04b7d25e68,perhaps,Anna,2026-01-05", "decision", "perhaps"),
        ("3f9a1c04b7d25e68,handled,Anna,05/01/2026", "when", "05/01/2026"),
    ],
)
def test_a_decision_that_cannot_be_read_is_rejected_and_the_rest_loads(
    inbox: Inbox, row: str, column: str, value: str
) -> None:
    good = "a07be1d2c3f40591,Right,Bert,2026-01-06\n"
    outcome = inbox.read_only("decisions.csv", f"alert,decision,who,when\n{row}\n{good}")
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("decisions", 1, 1)
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows") == [(1, column, value)]
    assert inbox.rows("SELECT status FROM staging.decision_observations") == [("handled",)]
