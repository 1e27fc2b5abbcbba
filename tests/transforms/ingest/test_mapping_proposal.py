"""A proposed mapping: what header words and values tell, in five languages."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from transforms.errors import BadInputError
from transforms.ingest.contents import list_contents
from transforms.ingest.formats.mapping import read_mapping
from transforms.ingest.mapping_proposal import look_at_days, propose_mapping
from transforms.ingest.mapping_words import WORDS
from transforms.schemas import table

LINK = "https://a.example/x"
HOME = "https://voorbeeldwinkel.nl/"


def proposed(folder: Path, text: str, thing: str | None = None) -> dict[str, Any]:
    """The proposal for a file with this text, as data; it is a valid mapping file."""
    path = folder / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    toml = propose_mapping(list_contents(str(path))[0], thing)
    read_mapping(toml, "proposal")
    return tomllib.loads(toml)


@pytest.mark.parametrize(
    "header",
    [
        "From,To,Anchor text,First seen",
        "Bron,Naar,Ankertekst,Eerst gezien",
        "Quelle,Ziel,Ankertext,Zuerst gesehen",
        "Page source,Page cible,Texte d'ancre,Première vue",
        "Página de origen,Página de destino,Texto ancla,Primera vez",
        "SOURCE_URL,Target-URL,anchor,Date found",
    ],
)
def test_links_in_five_languages(tmp_path: Path, header: str) -> None:
    said = proposed(tmp_path, f"{header}\n{LINK},{HOME},kaas,2026-01-05\n")
    assert said["thing"] == "links"
    source, target, anchor, first = header.split(",")
    assert said["columns"] == {
        "source_url": source,
        "target_url": target,
        "anchor_text": anchor,
        "first_seen_on": first,
    }


@pytest.mark.parametrize(
    ("header", "row", "thing"),
    [
        ("Zoekwoord;Plaats;Datum;URL", f"kaas;3;2026-01-05;{HOME}", "rankings"),
        ("Suchbegriff;Position;Tag;Gerät", "käse;3;05.01.2026;Desktop", "rankings"),
        ("Requête;Clics;Impressions;Position", "fromage;3;40;2.5", "performance"),
        ("Verwijzend domein;Aantal links;Eerst gezien", "kaasblog.nl;12;2026-01-05", "referring_domains"),
        ("Naam;Soort;Begint;Eindigt", "Nieuw menu;site_change;2026-01-05;", "events"),
        ("Pagina;Datum;Soort;Campagne", f"{LINK};2026-01-05;gekocht;lente", "placements"),
    ],
)
def test_what_a_row_is_is_told_by_its_columns(tmp_path: Path, header: str, row: str, thing: str) -> None:
    assert proposed(tmp_path, f"{header}\n{row}\n")["thing"] == thing


def test_values_tell_how_days_numbers_and_flags_are_written(tmp_path: Path) -> None:
    said = proposed(
        tmp_path,
        "Bron;Naar;Gevonden;Laatst gezien;Nofollow;Domain rating;External links\n"
        f"{LINK};{HOME};31/01/2026;20260201;Ja;12,5;1.300\n{LINK};{HOME};02/02/2026;20260203;Nee;7;2.000\n",
    )["columns"]
    assert said["first_seen_on"] == {"header": "Gevonden", "order": "day_first"}
    assert said["last_seen_on"] == {"header": "Laatst gezien", "order": "compact"}
    assert said["is_nofollow"] == {"header": "Nofollow", "yes": ["Ja"], "no": ["Nee"]}
    assert said["source_authority"] == "Domain rating"
    assert said["external_link_count"] == {"header": "External links", "marks": "local"}


def test_a_column_whose_values_cannot_be_what_its_header_says_is_not_taken(tmp_path: Path) -> None:
    said = proposed(tmp_path, f"Bron,Naar,Gevonden\n{LINK},{HOME},met de hand\n")
    assert "first_seen_on" not in said["columns"]
    assert said["ignored"] == ["Gevonden"]


def test_addresses_without_telling_headers_are_a_guess_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"een,twee\n{LINK},{HOME}\n", encoding="utf-8")
    text = propose_mapping(list_contents(str(path))[0], "links")
    assert 'source_url = "een"  # a guess: only the values say so' in text


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["2026-01-05", "2026-01-06 10:00"], "iso"),
        (["13/02/2026", "01/02/2026"], "day_first"),
        (["02/13/2026", "01/02/2026"], "month_first"),
        (["1.2.2026"], "day_first"),
        (["20260105"], "compact"),
        (["1767600000"], "unix"),
    ],
)
def test_ways_of_writing_days(values: list[str], order: str) -> None:
    looks = look_at_days(values)
    assert looks is not None
    assert looks.options.get("order", "iso") == order


def test_days_that_may_be_months_are_marked() -> None:
    looks = look_at_days(["01/02/2026", "03/04/2026"])
    assert looks is not None
    assert "month_first is as likely" in looks.remark
    assert look_at_days(["kaas", "2026-01-05", "boter"]) is None


def test_lines_before_the_header_and_tabs(tmp_path: Path) -> None:
    said = proposed(tmp_path, "Gemaakt op 5 januari\n\nZoekwoord\tPlaats\nkaas\t3\n")
    assert said["preamble"] == ".*"
    assert said["columns"] == {"keyword": "Zoekwoord", "position": "Plaats"}


@pytest.mark.parametrize(
    ("text", "thing", "said"),
    [
        ("aap,noot\n1,2\n", None, "Say it with --thing"),
        ("een woord\n", None, "a header of two columns or more"),
        ("aap,noot\n1,2\n", "links_en_zo", "one of links, outlinks"),
    ],
)
def test_what_cannot_be_proposed_is_said(tmp_path: Path, text: str, thing: str | None, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=said):
        propose_mapping(list_contents(str(path))[0], thing)


def test_words_are_of_targets_that_there_are() -> None:
    for thing, targets in WORDS.items():
        assert set(targets) <= set(table(f"arrived.{thing}").column_names), thing
        assert all(word == word.lower() for words in targets.values() for word in words), thing
