"""JSON, XML, Parquet, disavow files and workbooks as delimited text."""

from __future__ import annotations

import datetime
import io
import json
import os
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fuzz.seed_files import workbook
from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SITE, semrush
from transforms.ingest import addresses
from transforms.ingest.contents import Content, has_changed, list_contents, open_content, open_raw
from transforms.ingest.decoding import encoding_of, records_of


def listed(folder: Path, content: bytes | str, name: str = "bestand.dat") -> Content:
    """The one content of a folder with that file."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    [found] = list_contents(str(folder))
    return found


def table_of(folder: Path, content: bytes | str) -> list[list[str]]:
    """The file as records; the head tells the same as the stream."""
    found = listed(folder, content)
    assert found.problem is None
    with open_content(found.address, found.member) as stream:
        whole = stream.read()
    assert whole.startswith(found.head)
    return list(records_of(io.BytesIO(whole), encoding_of(found.head), ","))


def problem_of(folder: Path, content: bytes | str, name: str = "bestand.dat") -> str:
    """Why the file cannot be opened."""
    return listed(folder, content, name).problem or ""


def test_api_rows_become_a_table_with_every_name_in_order(tmp_path: Path) -> None:
    text = """{"backlinks": [
        {"url_from": "https://a.example/", "is_dofollow": true, "domain_rating_source": 3.70, "lost": null},
        {"url_from": "https://b.example/", "is_dofollow": false, "traffic": 12345678901234567890, "share": 1.5e-3,
         "root": {"name": "b.example", "tags": ["x", "y"]}, "parts": [{"a": 1.50}, {"a": [2]}]}], "next": 2}"""
    first, second = ["url_from", "is_dofollow", "domain_rating_source"], ["https://b.example/", "false"]
    assert table_of(tmp_path, text) == [
        [*first, "lost", "traffic", "share", "root.name", "root.tags.0", "root.tags.1", "parts"],
        ["https://a.example/", "true", "3.70", "", "", "", "", "", "", ""],
        [*second, "", "", "12345678901234567890", "0.0015", "b.example", "x", "y", '[{"a":1.50},{"a":[2]}]'],
    ]


def test_outer_array_wins_and_wrappers_are_looked_through(tmp_path: Path) -> None:
    incidents = [{"id": "x", "updates": [{"when": 1}, {"when": 2}], "affected_products": [{"title": "Zoeken"}]}]
    assert table_of(tmp_path, json.dumps(incidents)) == [
        ["id", "updates", "affected_products"],
        ["x", '[{"when":1},{"when":2}]', '[{"title":"Zoeken"}]'],
    ]
    values = [{"domain": "kaasblog.nl", "value": 1.5}], [{"domain": "b.example", "value": 2}]
    answer = {"answer": [{"sichtbarkeitsindex": value} for value in values], "credits": [{"used": 1}]}
    assert table_of(tmp_path, json.dumps(answer)) == [
        ["domain", "value"],
        ["kaasblog.nl", "1.5"],
        ["b.example", "2"],
    ]


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ([[f"https://{SITE}/", "2026-01-02"], [f"https://{SITE}/b", "2026-01-03"]], ["page", "date"]),
        ([["oude kaas", "MOBILE", "nld"], ["kaas", "DESKTOP", "bel"]], ["query", "device", "country"]),
        ([["seo"]], ["query"]),
        ([["nld"], ["bel"]], ["country"]),
        ([["oude kaas", "jonge kaas"]], ["keys.0", "keys.1"]),
        ([["seo"], ["ppc"]], ["query"]),
        ([["nld"], ["zzz"]], ["country"]),
        ([["TRANSLATED_RESULT"]], ["search_appearance"]),
    ],
)
def test_search_analytics_keys_are_named_by_their_values(
    tmp_path: Path, keys: list[list[str]], names: list[str]
) -> None:
    rows = [{"keys": key, "clicks": 22, "impressions": 2377, "ctr": 0.009255, "position": 16.13} for key in keys]
    expected = [[*names, "clicks", "impressions", "ctr", "position"]]
    expected += [[*key, "22", "2377", "0.009255", "16.13"] for key in keys]
    assert table_of(tmp_path, json.dumps({"rows": rows})) == expected
    assert table_of(tmp_path, "\n".join(json.dumps(row) for row in rows) + "\n") == expected


def test_json_lines_reject_the_line_that_is_none(tmp_path: Path) -> None:
    found = table_of(tmp_path, '{"a": 1, "b": "x"}\n{"a": 2\n{"a": 3, "b": "é"}\n')
    assert found == [["a", "b"], ["1", "x"], ['"{\\"a\\": 2"', "no JSON object", "no JSON object"], ["3", "é"]]


def test_json_in_utf_16_is_read(tmp_path: Path) -> None:
    assert table_of(tmp_path, '[{"a": "é"}]'.encode("utf-16")) == [["a"], ["é"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"error": {"code": 403, "message": "no permission for this property"}}', "403 no permission"),
        ('[{"error": {"code": 429, "message": "quota"}}]', "429 quota"),
        ('{"error": "API units limit reached"}', "units limit"),
        ('{"status": 500, "errors": ["down"]}', "down"),
        ('{"rows": []}', "no rows in it"),
        ("[]", "no rows in it"),
        ('{"responseAggregationType": "byPage"}', "no rows in it"),
        ('{"a": [1, 2', "looks like JSON and is not"),
        ("[" * 200_000, "nested too deeply"),
        ("[1, 2, 3]", "without an array of objects"),
    ],
)
def test_json_without_rows_says_why(tmp_path: Path, text: str, said: str) -> None:
    assert said in problem_of(tmp_path, text)


def test_object_without_an_array_is_one_record(tmp_path: Path) -> None:
    assert table_of(tmp_path, '{"domain": "a.example", "rank": {"now": 3}}') == [
        ["domain", "rank.now"],
        ["a.example", "3"],
    ]


def test_xml_records_are_what_is_repeated(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <response><method>domain.sichtbarkeitsindex</method><answer>
      <sichtbarkeitsindex domain="kaasblog.nl" date="2026-01-02T00:00:00+02:00" value="1.5"/>
      <sichtbarkeitsindex domain="kaasblog.nl" value="1.75"><note>h\xe9</note></sichtbarkeitsindex>
    </answer><credits used="2"/></response>"""
    assert table_of(tmp_path, text.encode("latin-1")) == [
        ["domain", "date", "value", "note"],
        ["kaasblog.nl", "2026-01-02T00:00:00+02:00", "1.5", ""],
        ["kaasblog.nl", "", "1.75", "hé"],
    ]


def test_xml_with_one_record_and_names_with_dots(tmp_path: Path) -> None:
    link = '<link url.from="https://a.example/" text="x" url.to="/"/>'
    text = f'<response><answer>{link}</answer><credits used="2"/></response>'
    assert table_of(tmp_path, text) == [["url.from", "text", "url.to"], ["https://a.example/", "x", "/"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><d e="&b;"/></a>', "declares entities"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><d>&b;</d></a>', "declares entities"),
        ("<response><answer><a b='1'/>", "looks like XML and is not"),
        (
            "<response><error><error_code>5</error_code><error_message>no credits</error_message></error></response>",
            "5 no",
        ),
        ("<response/>", "no rows in it"),
        ("<a>" * 100 + "</a>" * 100, "nested deeper"),
        ("<!DOCTYPE html><html><body>Please log in</body></html>", "a web page (HTML)"),
    ],
)
def test_xml_that_is_no_table_says_why(tmp_path: Path, text: str, said: str) -> None:
    assert said in problem_of(tmp_path, text)


def test_parquet_of_a_bulk_export(tmp_path: Path) -> None:
    packed = io.BytesIO()
    rows = {
        "data_date": [datetime.date(2026, 1, 2), None],
        "query": ["oude, kaas", None],
        "is_anonymized_query": [False, True],
        "sum_top_position": [0.00001, 22.0],
        "impressions": [40, 1],
        "made_at": pa.array(["2026-01-03 04:05:00", None]).cast(pa.timestamp("ns")),
        "cost": [Decimal("1.50"), None],
        "extra": [{"a": [1, 2]}, None],
    }
    pq.write_table(pa.table(rows), packed)
    assert table_of(tmp_path, packed.getvalue()) == [
        list(rows),
        ["2026-01-02", "oude, kaas", "false", "0.00001", "40", "2026-01-03 04:05:00", "1.50", '{"a":[1,2]}'],
        ["", "", "true", "22.0", "1", "", "", ""],
    ]
    assert "cannot be read" in problem_of(tmp_path, packed.getvalue()[:-20])


def test_disavow_file(tmp_path: Path) -> None:
    text = """# Gekochte links
# januari 2026

domain: Spam.example
domain:203.0.113.7
https://slecht.example/pagina?a=1
kaal.example
# los
"# tussen aanhalingstekens, uit een werkblad"
aras.example/v/x
"""
    first = "Gekochte links januari 2026"
    last = "los tussen aanhalingstekens, uit een werkblad"
    assert table_of(tmp_path, text) == [
        ["disavow_kind", "disavow_entry", "disavow_note"],
        ["comment", "Gekochte links", ""],
        ["comment", "januari 2026", ""],
        ["domain", "Spam.example", first],
        ["domain", "203.0.113.7", first],
        ["url", "https://slecht.example/pagina?a=1", first],
        ["url", "kaal.example", first],
        ["comment", "los", ""],
        ["comment", "tussen aanhalingstekens, uit een werkblad", ""],
        ["url", "aras.example/v/x", last],
    ]


def test_a_few_odd_lines_leave_it_a_disavow_file(tmp_path: Path) -> None:
    lines = [f"domain:spam{number}.example" for number in range(98)]
    found = table_of(tmp_path, "\n".join([*lines, "spam (zie mail)", "geen idee"]))
    assert [row[0] for row in found[-2:]] == ["other", "other"]
    assert listed(tmp_path, "\n".join([*lines[:50], "spam (zie mail)", "geen idee"])).kind == "text"


@pytest.mark.parametrize(
    "text",
    [
        "Linking page\n" + "\n".join(f"https://a{number}.example/" for number in range(200)),
        "Linking page,Last crawled\nhttps://a.example/,2026-01-02\n",
        "https://a.example/,https://b.example/\nhttps://c.example/,https://d.example/\n",
        "# alleen\n# uitleg\n",
        "Domain\ndomain:a.example\n",
        "a.example\nb.example\n",
    ],
)
def test_what_is_no_disavow_file(tmp_path: Path, text: str) -> None:
    assert listed(tmp_path, text).kind == "text"


def test_addresses_and_comments_alone_are_a_disavow_file(tmp_path: Path) -> None:
    assert listed(tmp_path, "https://a.example/\r\nhttps://b.example/x,y\r\n").kind == "disavow"
    assert listed(tmp_path, "# caf\xe9\nhttps://a.example/\n".encode("cp1252")).kind == "disavow"


def test_hash_is_of_the_bytes_as_they_lie(tmp_path: Path) -> None:
    found = listed(tmp_path, '[{"a": 1}]')
    with open_raw(found.address, None) as stream:
        assert stream.read() == b'[{"a": 1}]'
    with open_content(found.address, None) as stream:
        assert stream.read() == b"a\n1\n"


def test_cells_of_a_sheet_are_text_errors_as_spelt(tmp_path: Path) -> None:
    from tests.transforms.ingest.made_containers import workbook_of

    cells = (
        '<row r="1"><c r="A1" t="str"><v>Keyword</v></c><c r="B1" t="str"><v>Position</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x.example")</f><v>=kaas</v></c>'
        '<c r="B2" t="e"><v>#N/A</v></c></row><row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3"><v>587</v></c></row>'
    )
    found = listed(tmp_path, workbook_of(cells), "x.xlsx")
    assert (found.path, found.container, found.problem) == ("x.xlsx/Blad1", "x.xlsx", None)
    with open_content(found.address, found.member) as stream:
        assert stream.read() == b"Keyword,Position\n=kaas,#N/A\ntrue,587\n"


def test_workbook_is_told_by_its_content(tmp_path: Path) -> None:
    assert listed(tmp_path, workbook((("a", "b"),)), "werkboek.csv").path == "werkboek.csv/Blad1"
    assert listed(tmp_path, workbook((("a", "b"),)), "werkboek.csv").head == b"a,b\n"


def test_file_that_is_written_to_has_changed(tmp_path: Path) -> None:
    found = listed(tmp_path, semrush())
    assert found.version
    assert not has_changed(found.address, found.version)
    with Path(found.address).open("ab") as growing:
        growing.write(b"x")
    assert has_changed(found.address, found.version)
    [again] = list_contents(str(tmp_path))
    os.utime(again.address, (1_769_000_000, 1_769_000_000))
    assert has_changed(again.address, again.version)
    Path(found.address).unlink()
    assert has_changed(found.address, found.version)


def test_stores_that_list_a_file_otherwise_than_they_describe_it_have_not_changed_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = datetime.datetime(2026, 11, 1, 5, 0, 0, 123_000, tzinfo=datetime.UTC)
    in_list = {"size": 3, "LastModified": at, "ETag": '"a"', "StorageClass": "STANDARD"}
    described = {"size": 3, "LastModified": at.replace(microsecond=0), "ETag": '"a"', "md5Hash": "x"}
    store = SimpleNamespace(invalidate_cache=lambda: None, info=lambda _: described)
    monkeypatch.setattr(addresses, "filesystem_of", lambda address: (store, address))
    version = addresses.version_of(in_list)
    assert not has_changed("s3://exports/a.csv", version)
    described["LastModified"] = at + datetime.timedelta(seconds=1)
    assert has_changed("s3://exports/a.csv", version)
    described |= {"LastModified": at, "ETag": '"b"'}
    assert has_changed("s3://exports/a.csv", version)


def test_folders_inside_a_zip_name_the_site(inbox: Inbox) -> None:
    from tests.transforms.ingest.made_containers import zipped

    content = b"Top queries,Clicks,Impressions,CTR,Position\nkaas,1,2,50%,3\n"
    inbox.put("alles.zip", zipped({f"{SITE}/Queries.csv": content, "andersite.nl/Queries.csv": content}))
    outcomes = inbox.read()
    assert {path: outcome.site_domain for path, outcome in outcomes.items()} == {
        f"alles.zip/{SITE}/Queries.csv": SITE,
        "alles.zip/andersite.nl/Queries.csv": "andersite.nl",
    }
    assert {outcome.status for outcome in outcomes.values()} == {"loaded"}
