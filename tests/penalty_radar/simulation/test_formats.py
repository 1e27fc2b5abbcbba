"""Each export has the shape of the provider's real files: header, encoding, quoting, dates, line ends."""

import csv
import io
import re
import zipfile

import pytest

AHREFS_34 = (
    '"Referring page title"\t"Referring page URL"\t"Language"\t"Platform"\t"Referring page HTTP code"\t'
    '"Domain rating"\t"UR"\t"Domain traffic"\t"Referring domains"\t"Linked domains"\t"External links"\t'
    '"Page traffic"\t"Keywords"\t"Target URL"\t"Left context"\t"Anchor"\t"Right context"\t"Redirect Chain URLs"\t'
    '"Redirect Chain status codes"\t"Type"\t"Content"\t"Nofollow"\t"UGC"\t"Sponsored"\t"Rendered"\t"Raw"\t'
    '"Lost status"\t"Drop reason"\t"Discovered status"\t"First seen"\t"Last seen"\t"Lost"\t"Author"\t"Links in group"'
)
AHREFS_37 = AHREFS_34.replace('"Type"\t', '"Type"\t"Is spam"\t').replace(
    '"Author"\t', '"Author"\t"Page type"\t"Page category"\t'
)
AHREFS_36_COMMA = AHREFS_37.replace('\t"Links in group"', "").replace('"', "").replace("\t", ",")
SEMRUSH = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,"
    "Text,Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link"
)
AUDIT = (
    "Domain Authority Score,Page Authority Score,Source URL,Source Page Title,Source Domain,Target URL,Anchor,"
    "Anchor Type,Link Type,No Follow,Toxic Score,First Seen,Last Seen,Comment"
)
ORGANIC = (
    "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL,Traffic,Traffic (%),Traffic Cost,"
    "Competition,Number of Results,Trends,Timestamp,SERP Features by Keyword,Keyword Intents,Position Type"
)
FROG = (
    '"Type","Source","Destination","Size (Bytes)","Alt Text","Anchor","Status Code","Status","Follow","Target","Rel",'
    '"Path Type","Link Path","Link Position","Link Origin"'
)


def one(folder, pattern):
    return next((folder / "exports").glob(pattern))


@pytest.mark.parametrize(
    ("pattern", "header"),
    [
        ("moestuin-*/www.*.csv", AHREFS_37),
        ("espresso-*/www.*.csv", AHREFS_34),
        ("letselschade-*/www.*.csv", AHREFS_37),
    ],
)
def test_ahrefs_is_utf16_tab_and_quoted_all_through(demo, pattern, header):
    path = one(demo[0], pattern)
    assert re.fullmatch(r"www\..+-backlinks-subdomains_2026-11-15_09-12-\d\d\.csv", path.name)
    content = path.read_bytes()
    assert content.startswith(b"\xff\xfe")
    text = content.decode("utf-16")
    assert text.startswith(header + "\n")
    assert "\r" not in text
    assert text.endswith('"\n')
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))
    assert None not in rows[0]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["First seen"]) for row in rows)
    assert all(row["First seen"] <= row["Last seen"] for row in rows)
    assert {row["Nofollow"] for row in rows} == {"true", "false"}
    lost = [row["Lost"][:10] for row in rows if row["Lost"]]
    assert lost
    assert min(lost) >= "2026-05-17"  # lost links of about six months only
    assert all(bool(row["Lost"]) == bool(row["Lost status"]) for row in rows)


def test_ahrefs_titles_may_hold_line_breaks(demo):
    text = one(demo[0], "moestuin-*/www.*.csv").read_bytes().decode("utf-16")
    records = len(list(csv.reader(io.StringIO(text, newline=""), delimiter="\t")))
    assert text.count("\n") > records


def test_ahrefs_comma_is_utf8_with_the_36_columns(demo):
    content = one(demo[0], "bookbinding-*/www.*.csv").read_bytes()
    assert content.startswith(AHREFS_36_COMMA.encode() + b"\n")


def test_semrush_backlinks(demo):
    path = one(demo[0], "espresso-*/*-backlinks.csv")
    assert path.name == "espresso-fictivoord.nl-backlinks.csv"
    content = path.read_bytes()
    assert content.startswith(SEMRUSH.encode() + b"\n")
    assert b"\r" not in content
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert min(row["Last seen"] for row in rows) >= "2026-05-01"
    assert max(row["Last seen"] for row in rows) == "2026-11-15"
    assert all(row["First seen"] <= row["Last seen"] for row in rows)
    assert {row["Lost link"] for row in rows} == {row["New link"] for row in rows} == {"true", "false"}
    assert all((row["Text"], row["Image"]) in {("true", "false"), ("false", "true")} for row in rows)
    assert min(row["First seen"] for row in rows) >= "2024-11-15"


def test_semrush_audit_has_one_link_a_host_worst_first(demo):
    path = one(demo[0], "bookbinding-*/backlink_audit*")
    assert re.fullmatch(r"backlink_audit_domains_27\d{6}_2026-11-15\.csv", path.name)
    content = path.read_bytes()
    assert content.startswith(AUDIT.encode() + b"\n")
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    hosts = [row["Source Domain"] for row in rows]
    assert len(hosts) == len(set(hosts))
    scores = [int(row["Toxic Score"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= min(scores) <= max(scores) <= 100
    types = {row["Anchor Type"] for row in rows}
    assert types <= {"compound", "branded", "unknown", "naked", "money", "empty", "organic"}


def test_semrush_organic(demo):
    path = one(demo[0], "toys-*/*organic*")
    assert path.name.startswith("toys-pretendham.co.uk-organic.Positions-uk-20261115-2026-11-15T")
    assert path.read_text().startswith(ORGANIC + "\n")


def test_search_console_zip_in_english(demo):
    path = one(demo[0], "fietsreizen-*/*.zip")
    assert path.name == "fietsreizen-verzonburg.nl-Performance-on-Search-2026-11-15.zip"
    with zipfile.ZipFile(path) as zipped:
        names = zipped.namelist()
        parts = {name: zipped.read(name).decode() for name in names}
    assert names == [
        "Chart.csv", "Queries.csv", "Pages.csv", "Countries.csv", "Devices.csv", "Search appearance.csv", "Filters.csv",
    ]  # fmt: skip
    assert not any(part.endswith("\n") or "\r" in part for part in parts.values())
    chart = parts["Chart.csv"].split("\n")
    assert chart[0] == "Date,Clicks,Impressions,CTR,Position"
    assert len(chart) == 1 + 487
    assert (chart[1][:10], chart[-1][:10]) == ("2025-07-15", "2026-11-13")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d,\d+,\d+,\d+(\.\d{1,2})?%,\d+(\.\d)?", row) for row in chart[1:])
    assert parts["Queries.csv"].startswith("Top queries,Clicks,Impressions,CTR,Position\n")
    assert parts["Filters.csv"] == "Filter,Value\nSearch type,Web\nDate,Last 16 months"


def test_search_console_folder_in_dutch(demo):
    folder = one(demo[0], "espresso-*/*-Performance-on-Search-2026-11-15")
    headers = {path.name: path.read_text().split("\n")[0] for path in folder.iterdir()}
    assert headers == {
        "Diagram.csv": "Datum,Aantal klikken,Vertoningen,CTR,Positie",
        "Zoekopdrachten.csv": "Meest uitgevoerde zoekopdrachten,Aantal klikken,Vertoningen,CTR,Positie",
        "Pagina's.csv": "Toppagina's,Aantal klikken,Vertoningen,CTR,Positie",
        "Landen.csv": "Land,Aantal klikken,Vertoningen,CTR,Positie",
        "Apparaten.csv": "Apparaat,Aantal klikken,Vertoningen,CTR,Positie",
        "Zoekopmaak.csv": "Zoekopmaak,Aantal klikken,Vertoningen,CTR,Positie",
        "Filters.csv": "Filter,Waarde",
    }
    assert "Mobiel," in (folder / "Apparaten.csv").read_text()


def test_clicks_never_exceed_impressions(demo):
    for path in (demo[0] / "exports").glob("*/*.zip"):
        with zipfile.ZipFile(path) as zipped:
            for name in zipped.namelist()[:5]:
                for row in list(csv.reader(io.StringIO(zipped.read(name).decode())))[1:]:
                    assert int(row[1]) <= int(row[2]), (path.name, name, row)


def test_se_ranking_is_wide_with_a_line_above_the_header(demo):
    paths = sorted((demo[0] / "exports").glob("dakwerken-*/*positions_detailed*"))
    assert len(paths) == 10
    assert paths[0].name == "dakwerken-nepsterveld_nl__positions_detailed_2026-02-28.csv"
    content = paths[0].read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"Google Netherlands, interface language: Dutch"\n')
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith('Keyword,URL,"Search vol.",2026-02-01,Dynamics,2026-02-02,Dynamics,')
    assert lines[2].startswith("General,--,")
    widths = {len(row) for row in csv.reader(lines[1:])}
    assert widths == {3 + 2 * 28}
    assert any('"No data","No data"' in line for line in lines)


def test_screaming_frog_outlinks_of_2025(demo):
    content = one(demo[0], "dakwerken-*/all_outlinks_2026-11-15.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + FROG.encode() + b"\n")


def test_files_are_dated_the_day_of_the_export(demo):
    path = one(demo[0], "espresso-*/*-backlinks.csv")
    assert path.stat().st_mtime == 1_794_736_800  # 2026-11-15 10:00 UTC
