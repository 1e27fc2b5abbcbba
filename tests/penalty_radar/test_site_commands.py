"""`penalty-radar site`: what people type, what is proposed, and what becomes of sites.toml."""

from __future__ import annotations

import datetime

import pytest

from penalty_radar import cli
from penalty_radar.site_entries import add_entry, drop_entry
from tests.transforms.text_tables import fill, make, observe_links
from transforms.errors import UsageError
from transforms.ingest.feeds.ledger import LEDGER_NAME, FeedLedger
from transforms.site_list import load_site_list
from transforms.warehouse import open_writer, publish_snapshot

SITE = "voorbeeldwinkel.nl"

FILE = f"""# Our sites; mind the order.
[[site]]
domain = "eerste.nl"   # the first

# Client since 2024.
[[site]]
domain = "www.{SITE}"
[site.feeds.search_console]
cadence = "daily"

# The last one.
[[site]]
domain = "laatste.nl"
"""

BACKLINKS = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,Text,"
    "Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link\n"
    f"9,A page,https://page.example/,https://{SITE}/fietsen/,x,1,1,"
    "false,false,false,true,false,false,false,false,2026-02-24,2026-11-15,false,false\n"
)


@pytest.fixture
def site(capsys, tmp_path, monkeypatch):
    """Runs `site ...` on a sites.toml and a warehouse of the test's own: exit code, output, errors."""
    monkeypatch.setenv("PENALTY_RADAR_STATE", str(tmp_path / "state"))

    def command(name, *arguments, text=None):
        path = tmp_path / "sites.toml"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        options = ["--sites", str(path)]
        if name != "list":
            options += ["--warehouse", str(tmp_path / "w.duckdb")]
        if name == "remove":
            options += ["--report", str(tmp_path / "report")]
        with pytest.raises(SystemExit) as ended:
            cli.main(["site", name, *arguments, *options])
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    return command


@pytest.fixture
def exports(tmp_path):
    """Three weekly backlink exports of the site, and a Search Console property of another domain in its folder."""
    folder = tmp_path / "exports" / SITE
    folder.mkdir(parents=True)
    for day in ("20261101", "20261108", "20261115"):
        (folder / f"{SITE}-backlinks_{day}.csv").write_text(BACKLINKS + "\n" * int(day[-1]), encoding="utf-8")
    (folder / "https___www.voorbeeldwinkel.be_-Performance-on-Search-2026-11-15.csv").write_text(
        "Top queries,Clicks,Impressions,CTR,Position\nfiets,1,10,10%,3\n", encoding="utf-8"
    )
    return str(tmp_path / "exports")


def test_a_proposal_says_where_every_line_comes_from_and_writes_nothing(site, exports, tmp_path):
    code, output, errors = site("add", f"www.{SITE}", "--exports", exports)
    assert code == 0
    assert "Nothing is written" in errors
    assert not (tmp_path / "sites.toml").exists()
    lines = output.splitlines()
    assert lines[:2] == ["[[site]]", f'domain = "{SITE}"']
    assert 'language = "nl"  # a guess, from the country nl' in lines
    assert 'markets = ["nl"]  # a guess, from the ending .nl' in lines
    assert any(line.startswith('owned_domains = ["voorbeeldwinkel.be"]  # Search Console') for line in lines)
    assert 'cadence = "weekly"  # from the days between 3 exports' in lines
    assert all("  # " in line for line in lines[2:] if "=" in line)


def test_the_warehouse_knows_more(site, exports, tmp_path):
    links = {"site_domain": SITE, "provider": "semrush_backlinks", "file_id": "f1", "observed_on": "2026-06-01"}
    with open_writer(tmp_path / "w.duckdb") as connection:
        observe_links(
            connection,
            f"""
            link_id | source_domain | anchor_text      | target_url
            1       | a.example     | Voorbeeld Winkel | https://{SITE}/fietsen/
            2       | b.example     | Voorbeeld Winkel | https://{SITE}/
            3       | c.example     | cheap bikes      | https://{SITE}/
            4       | d.example     | a"b              | https://{SITE}/tassen/
            5       | e.example     | x                | https://{SITE}/tassen/
            6       | f.example     | x                | https://{SITE}/a b/
            """,
            **links,
        )
        make(connection, "staging.known_exports", "staging.link_states")
        fill(connection, "staging.rankings", "country\nbe\nbe\nnl", site_domain=SITE)
    publish_snapshot(tmp_path / "w.duckdb")
    _, output, _ = site("add", SITE, "--exports", exports)
    assert 'brand_words = ["voorbeeldwinkel", "voorbeeld winkel"]' in output
    assert f'money_pages = ["https://{SITE}/tassen/", "https://{SITE}/fietsen/"]  # most referring domains' in output
    assert 'markets = ["be", "nl"]' in output


def test_what_is_written_is_read_back_and_the_rest_of_the_file_stays(site, exports, tmp_path):
    before = '# Mine.\n[[site]]\ndomain = "eerste.nl"  # a note\n'
    code, output, _ = site("add", SITE, "--exports", exports, "--write", text=before)
    assert code == 0
    path = tmp_path / "sites.toml"
    assert path.read_text(encoding="utf-8") == f"{before}\n{output}"
    found = load_site_list(path)
    assert (found.problems, [entry.domain for entry in found.sites]) == ((), ["eerste.nl", SITE])
    code, _, errors = site("add", SITE, "--exports", exports, "--write")
    assert code == 2
    assert f"{SITE} is there" in errors


def test_the_first_entry_says_that_the_others_are_no_longer_assessed(site, exports):
    _, _, errors = site("add", SITE, "--exports", exports, "--write")
    assert "only sites that it lists are assessed" in errors


def test_a_site_without_exports_gets_what_its_name_tells(site, tmp_path):
    code, output, errors = site("add", "nieuw.com", "--exports", str(tmp_path / "none"))
    assert code == 0
    assert (
        output
        == '[[site]]\ndomain = "nieuw.com"\nbrand_words = ["nieuw"]  # the domain name, and anchors that read so\n'
    )
    assert "speaks of nieuw.com" in errors


def test_an_entry_leaves_with_its_comment_and_nothing_else_changes(site, tmp_path):
    code, output, _ = site("remove", SITE, text=FILE)
    assert code == 0
    assert "its rows stay" in output
    gone = f'# Client since 2024.\n[[site]]\ndomain = "www.{SITE}"\n[site.feeds.search_console]\ncadence = "daily"\n\n'
    assert gone in FILE
    assert (tmp_path / "sites.toml").read_text(encoding="utf-8") == FILE.replace(gone, "")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_two_entries_of_a_site_both_leave_and_line_ends_stay(line_end, tmp_path):
    text = FILE.replace("laatste.nl", SITE).replace("\n", line_end)
    assert drop_entry(tmp_path, text, SITE) == text[: text.index("# Client since")]
    first = drop_entry(tmp_path, text, "eerste.nl")
    assert first == "# Our sites; mind the order." + line_end + text[text.index("# Client since") :]
    assert drop_entry(tmp_path, text, "elders.nl") == text
    assert add_entry("", "[[site]]\n") == "[[site]]\n"


@pytest.mark.parametrize(
    "text",
    [f'site = [{{domain = "{SITE}"}}]\n', f'[[site]]\ndomain = "{SITE}"\nowner = """\n[[site]]\n"""\n'],
)
def test_what_is_written_otherwise_is_left_to_a_person(text, tmp_path):
    with pytest.raises(UsageError, match="by hand"):
        drop_entry(tmp_path, text, SITE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("remove", "elders.nl"), "does not list elders.nl"),
        (("remove", "https://x.nl/"), "a domain such as"),
        (("remove", SITE, "--exports", "."), "together with --purge"),
        (("add", "co.uk"), "a domain such as"),
    ],
)
def test_wrong_usage_ends_with_two(site, arguments, words):
    code, _, errors = site(*arguments, text=FILE)
    assert code == 2
    assert words in errors


def test_a_purge_asks_first_and_says_what_it_did(site, tmp_path, monkeypatch):
    warehouse = tmp_path / "w.duckdb"
    with open_writer(warehouse) as connection:
        fill(connection, "ingest.export_files", f"file_id | site_domain\nf1 | {SITE}\nf2 | {SITE}\nf3 | eerste.nl")
        fill(connection, "ingest.rejected_rows", "file_id\nf1")
    ledger = tmp_path / "state" / LEDGER_NAME
    for name in (SITE, "eerste.nl"):
        FeedLedger(ledger, datetime.datetime(2026, 11, 23)).note("search_console", name, "done", kind="days")  # noqa: DTZ001
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO("n\n"))
    code, output, _ = site("remove", SITE, "--purge", text=FILE)
    assert code == 1
    assert f"3 rows of {SITE}" in output
    assert (tmp_path / "sites.toml").read_text(encoding="utf-8") == FILE
    code, output, _ = site("remove", SITE, "--purge", "--yes")
    assert code == 0
    assert "deleted 3 rows" in output
    assert "Exports are not touched" in output
    assert "deleted 1 entries of what the feeds asked" in output
    assert SITE not in ledger.read_text(encoding="utf-8")
    assert "eerste.nl" in ledger.read_text(encoding="utf-8")
    assert SITE not in (tmp_path / "sites.toml").read_text(encoding="utf-8")
    assert SITE.encode() not in warehouse.read_bytes()
    code, output, _ = site("remove", SITE, "--purge", "--yes")
    assert code == 0
    assert f"0 rows of {SITE}" in output


def test_the_list_is_shown_and_a_bad_entry_ends_with_two(site):
    code, output, errors = site("list", text=FILE)
    assert (code, errors) == (0, "")
    assert "search_console: daily, late after 4 days" in output
    code, output, errors = site("list", text=FILE + 'language = "Dutch"\n')
    assert code == 2
    assert "eerste.nl" in output
    assert "a language such as" in errors


def test_without_a_list_the_command_says_so(site):
    code, output, _ = site("list")
    assert code == 0
    assert "no such file" in output
