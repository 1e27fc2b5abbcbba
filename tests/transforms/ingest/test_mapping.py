"""Formats that users write: what a mapping file makes of a file, where it applies, and what is said of a broken one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SITE, semrush
from transforms.errors import BadInputError, UsageError
from transforms.ingest.formats.mapping import KEYS, read_mapping
from transforms.ingest.inbox import discover, is_known
from transforms.schemas import table

MAPPING = """
name = "huislijst"
title = "Link list of the house tool"
thing = "links"
ignored = ["Volgnr"]

[columns]
source_url = "Bron"
target_url = "Naar"
anchor_text = "Tekst"
first_seen_on = { header = "Gevonden", order = "day_first" }
is_nofollow = { header = "Nofollow", yes = ["Ja"], no = ["Nee"] }
source_authority = { header = "Gezag", marks = "comma" }
"""
LIST = f"""Volgnr;Bron;Naar;Tekst;Gevonden;Nofollow;Gezag;Extra
1;https://a.example/x;https://{SITE}/;kaas;31/01/2026;Ja;12,5;q
2;https://b.example/x;https://{SITE}/;;2/2/2026;nee;7;
3;geen adres;https://{SITE}/;;2/2/2026;misschien;;
"""
LINKS = (
    "SELECT source_url, anchor_text, CAST(first_seen_on AS VARCHAR), is_nofollow, source_authority, provider "
    "FROM staging.link_observations ORDER BY source_url"
)


def test_a_mapped_file_is_read_like_any_other(inbox: Inbox) -> None:
    inbox.put("huis.mapping.toml", MAPPING)
    outcome = inbox.read_only(f"{SITE}/lijst.csv", LIST)
    assert (outcome.format, outcome.provider, outcome.feed, outcome.site_domain) == (
        "huislijst",
        "huislijst",
        "backlinks",
        SITE,
    )
    assert (outcome.row_count, outcome.loaded_count, outcome.rejected_count) == (3, 2, 1)
    assert inbox.rows(LINKS) == [
        ("https://a.example/x", "kaas", "2026-01-31", True, 12.5, "huislijst"),
        ("https://b.example/x", "", "2026-02-02", False, 7.0, "huislijst"),
    ]
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows ORDER BY 2") == [
        (3, "Bron", "geen adres"),
        (3, "Nofollow", "misschien"),
    ]
    columns = "SELECT ignored_columns, unknown_columns, feed FROM ingest.export_files WHERE format = 'huislijst'"
    assert inbox.rows(columns) == [("Volgnr", "Extra", "backlinks")]


def test_a_mapped_file_is_known_the_second_time(inbox: Inbox) -> None:
    inbox.put("huis.mapping.toml", MAPPING)
    inbox.read_only(f"{SITE}/lijst.csv", LIST)
    assert all(is_known(inbox.connection, file) for file in discover(str(inbox.folder)))
    assert all(outcome.is_already_known for outcome in inbox.read().values())


def test_the_mapping_file_is_in_the_table_itself(inbox: Inbox) -> None:
    outcome = inbox.read_only("huis.mapping.toml", MAPPING)
    assert (outcome.format, outcome.status, outcome.row_count, outcome.site_domain) == (
        "mapping_file",
        "loaded",
        0,
        None,
    )
    assert "declares the format huislijst" in (outcome.reason or "")


def test_the_nearest_folder_upwards_counts(inbox: Inbox) -> None:
    inbox.put("algemeen.mapping.toml", MAPPING.replace("huislijst", "algemeen"))
    inbox.put(f"{SITE}/eigen.mapping.toml", MAPPING.replace("huislijst", "eigen"))
    inbox.put(f"{SITE}/2026/lijst.csv", LIST)
    inbox.put("andere.nl/lijst.csv", LIST.replace(SITE, "andere.nl"))
    formats = {file.path: file.format for file in discover(str(inbox.folder)) if file.path.endswith(".csv")}
    assert formats == {f"{SITE}/2026/lijst.csv": "eigen", "andere.nl/lijst.csv": "algemeen"}


def test_a_single_file_has_the_mappings_beside_and_above_it(inbox: Inbox) -> None:
    inbox.put("huis.mapping.toml", MAPPING)
    path = inbox.put(f"{SITE}/lijst.csv", LIST)
    assert [file.format for file in discover(str(path))] == ["huislijst"]


def test_a_folder_of_settings_applies_to_everything(inbox: Inbox, tmp_path: Path) -> None:
    folder = tmp_path / "elders" / "mappings"
    folder.mkdir(parents=True)
    (folder / "huis.mapping.toml").write_text(MAPPING, encoding="utf-8")
    inbox.put(f"{SITE}/lijst.csv", LIST)
    assert [file.format for file in discover(str(inbox.folder), mappings=folder)] == ["huislijst"]
    assert [file.format for file in discover(str(inbox.folder))] == [None]


def test_a_built_in_format_that_knows_more_of_the_columns_goes_first(inbox: Inbox) -> None:
    inbox.put("x.mapping.toml", MAPPING.replace('"Bron"', '"Source url"').replace('"Naar"', '"Target url"'))
    assert inbox.read_only(f"{SITE}/links.csv", semrush()).format == "semrush_backlinks"


def test_format_can_be_given_by_its_mapped_name(inbox: Inbox) -> None:
    inbox.put("huis.mapping.toml", MAPPING)
    inbox.put(f"{SITE}/lijst.csv", LIST)
    assert "huislijst" in {file.format for file in discover(str(inbox.folder), format_name="huislijst")}
    with pytest.raises(UsageError, match="huislijst"):
        discover(str(inbox.folder), format_name="huislijsten")


def test_a_broken_mapping_is_an_outcome_and_the_rest_is_read(inbox: Inbox) -> None:
    inbox.put("stuk.mapping.toml", MAPPING.replace("source_url", "bron_url"))
    inbox.put(f"{SITE}/links.csv", semrush())
    outcomes = inbox.read()
    assert outcomes[f"{SITE}/links.csv"].status == "loaded"
    broken = outcomes["stuk.mapping.toml"]
    assert broken.status == "set_aside"
    assert "'bron_url', which links do not have (expected one of source_url, target_url," in (broken.reason or "")


def test_a_mended_mapping_takes_the_place_of_the_broken_one(inbox: Inbox) -> None:
    inbox.read_only("huis.mapping.toml", MAPPING.replace("source_url", "bron_url"))
    assert inbox.read_only("huis.mapping.toml", MAPPING).status == "loaded"
    assert inbox.rows(
        "SELECT count(*) FROM ingest.export_files WHERE status = 'set_aside' AND superseded_by IS NULL"
    ) == [(0,)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('thing = "links"', 'thing = "backlinks"', r"x.toml, thing: 'backlinks' \(expected .*'links', 'outlinks'"),
        ('thing = "links"', "", r"x.toml, thing: nothing \(expected a value"),
        ('name = "huislijst"', 'name = "semrush_backlinks"', "x.toml, name: 'semrush_backlinks' .*no built-in format"),
        ('name = "huislijst"', 'name = "Huis Lijst"', "x.toml, name: 'Huis Lijst'"),
        ('target_url = "Naar"', "", r"x.toml, columns: nothing for target_url"),
        (
            "order =",
            "volgorde =",
            r"columns.first_seen_on.volgorde: a field that there is not \(expected one of header",
        ),
        ('"day_first"', '"dmy"', r"columns.first_seen_on.order: 'dmy' \(expected .*'day_first'"),
        (
            'marks = "comma"',
            'order = "iso"',
            r"columns.source_authority: order beside written = 'number' \(expected marks",
        ),
        (
            'marks = "comma"',
            'written = "day"',
            r"columns.source_authority: written = 'day' \(expected one of number, rank",
        ),
        ('title = "', "title = ", r"x.toml: no valid TOML"),
        ('ignored = ["Volgnr"]', 'preamble = "("', r"x.toml, preamble: '\(': .* \(expected a regular expression"),
        ('ignored = ["Volgnr"]', 'key = ["bron"]', r"x.toml, key: 'bron'"),
    ],
)
def test_errors_say_where_what_was_found_and_what_was_expected(old: str, new: str, said: str) -> None:
    assert old in MAPPING
    with pytest.raises(BadInputError) as error:
        read_mapping(MAPPING.replace(old, new), "x.toml")
    assert re.search(said, str(error.value)), str(error.value)


def test_rankings_with_lines_before_the_header_and_words_for_devices(inbox: Inbox) -> None:
    inbox.put(
        "ranks.mapping.toml",
        """
        name = "posities"
        thing = "rankings"
        preamble = ".*"
        tracked_depth = 50
        recognised_by = ["Zoekwoord", ["Plaats", "Plek"]]
        [constants]
        country = "nl"
        [columns]
        keyword = "Zoekwoord"
        position = { header = ["Plaats", "Plek"], unranked = ["niet gevonden"] }
        ranked_on = { header = "Dag", order = "iso_or_dashed" }
        device = { header = "Toestel", words = { "mobiel" = "mobile", "computer" = "desktop" } }
        search_volume = { header = "Volume", marks = "local", nothing = ["?"] }
        """,
    )
    text = (
        "Export van de positiemeter\n\nZoekwoord\tPlek\tDag\tToestel\tVolume\n"
        "kaas\t4\t2026-02-01\tMobiel\t1.300\nkaas\tniet gevonden\t02-02-2026\tcomputer\t?\n"
    )
    outcome = inbox.read_only(f"{SITE}/posities.txt", text)
    assert (outcome.format, outcome.feed, outcome.rejected_count) == ("posities", "rankings", 0)
    assert inbox.rows(
        "SELECT keyword, position, CAST(ranked_on AS VARCHAR), device, country, search_volume, tracked_depth "
        "FROM staging.ranking_observations ORDER BY ranked_on"
    ) == [
        ("kaas", 4.0, "2026-02-01", "mobile", "nl", 1300.0, 50),
        ("kaas", None, "2026-02-02", "desktop", "nl", None, 50),
    ]


def test_performance_is_split_by_the_columns_that_are_mapped() -> None:
    text = 'name = "x"\nthing = "performance"\n[columns]\nclicks = "c"\nimpressions = "i"\n'
    assert read_mapping(text + 'performed_on = "d"\n', "x").constants == {"dimension_set": "day"}
    assert read_mapping(text + 'performed_on = "d"\nquery = "q"\npage_url = "p"\n', "x").constants == {
        "dimension_set": "page_query"
    }


def test_events_of_a_mapped_list_get_ids_and_kinds(inbox: Inbox) -> None:
    inbox.put(
        "log.mapping.toml",
        'name = "wijzigingen"\nthing = "events"\n[columns]\n'
        'kind = { header = "Wat", words = { "release" = "site_change" } }\n'
        'name = "Titel"\nstarts_on = "Op"\nsite_domain = "Winkel"\n',
    )
    inbox.read_only("log.csv", f"Wat,Titel,Op,Winkel\nRelease,Nieuw menu,2026-01-05,{SITE}\nupdate,Core,2026-03-27,\n")
    assert inbox.rows("SELECT event_id, kind, source FROM staging.event_observations ORDER BY starts_on") == [
        (f"{SITE}-2026-01-05-site_change-nieuw-menu", "site_change", "noted by the team"),
        ("march-2026-core-update", "update", "noted by the team"),
    ]


def test_keys_are_columns_of_their_things() -> None:
    assert all(set(key) <= set(table(f"arrived.{thing}").column_names) for thing, key in KEYS.items())
