"""A simulated portfolio: the same bytes every time, invented names only, and a truth that the files bear out."""

import csv
import datetime
import io
import json
import re
import statistics
import zipfile

import pytest
from publicsuffixlist import PublicSuffixList

from penalty_radar.simulation import WorldParameters, read_truth, simulate_portfolio
from penalty_radar.simulation.names import INVENTED_NAME
from transforms.errors import UsageError

SUFFIXES = PublicSuffixList()
LINK_COLUMNS = {
    # provider: (source address, first seen, delimiter by file name part)
    "ahrefs_backlinks": ("Referring page URL", "First seen"),
    "semrush_backlinks": ("Source url", "First seen"),
    "semrush_audit": ("Source URL", "First Seen"),
}


def read_rows(path):
    """Records of a delimited export as dictionaries, read without the project's readers."""
    content = path.read_bytes()
    is_wide = content.startswith(b"\xff\xfe")
    text = content.decode("utf-16") if is_wide else content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if is_wide else ","))


def find_link_file(folder, site, provider):
    pattern = {"ahrefs_backlinks": "www.*", "semrush_backlinks": "*-backlinks.csv", "semrush_audit": "backlink_audit*"}
    return next((folder / "exports" / site).glob(pattern[provider]))


def chart_rows(folder, site):
    """Daily rows (day, clicks, impressions) of a site's Search Console export, zip or Dutch folder."""
    site_folder = folder / "exports" / site
    archives = list(site_folder.glob("*.zip"))
    if archives:
        with zipfile.ZipFile(archives[0]) as zipped:
            text = zipped.read("Chart.csv").decode()
    else:
        text = next(site_folder.glob("*/Diagram.csv")).read_text()
    rows = list(csv.reader(io.StringIO(text)))[1:]
    return [(datetime.date.fromisoformat(row[0]), int(row[1]), int(row[2]), row[3], row[4]) for row in rows]


def registrable(url):
    return SUFFIXES.privatesuffix(url.split("/")[2])


def all_bytes(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_parameters_give_the_same_bytes(demo, tmp_path):
    simulate_portfolio(tmp_path, parameters=WorldParameters.demo())
    assert all_bytes(tmp_path) == all_bytes(demo[0])


def test_another_seed_gives_other_files_and_the_same_plan(demo, tmp_path):
    truth = simulate_portfolio(tmp_path, parameters=WorldParameters.demo().with_seed(7))
    ours, theirs = all_bytes(tmp_path), all_bytes(demo[0])
    shared = set(ours) & set(theirs)
    assert all(ours[name] != theirs[name] for name in shared if name.endswith(("backlinks.csv", ".zip")))
    assert [finding.name for finding in truth.findings] == [finding.name for finding in demo[1].findings]


def test_truth_is_read_back_as_written_and_lies_outside_the_exports(demo):
    folder, truth = demo
    assert read_truth(folder) == truth
    assert not list((folder / "exports").rglob("truth.json"))


def test_eight_sites_and_a_light_size(demo):
    folder, truth = demo
    assert len(truth.sites) == 8
    assert 10_000 <= truth.row_count <= 25_000
    written = {path for path in (folder / "exports").rglob("*") if path.is_file()}
    assert written == {folder / "exports" / file.path for site in truth.sites for file in site.files}


def test_planted_kinds_are_there(demo):
    truth = demo[1]
    assert sorted(finding.origin for finding in truth.of_kind("surge")) == [
        "bought", "bought", "exchanged", "guest_post", "spam",
    ]  # fmt: skip
    assert sorted(finding.cause for finding in truth.of_kind("drop")) == ["links", "links", "update"]
    assert sorted(finding.trap for finding in truth.of_kind("trap")) == ["earned", "other_index", "outage", "season"]


def test_every_address_is_invented(demo):
    folder, truth = demo
    seen = set()
    for path in sorted((folder / "exports").rglob("*.csv")):
        content = path.read_bytes()
        text = content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8-sig")
        seen |= {registrable(url) for url in re.findall(r"https?://[^\s\",/]+/", text)}
    seen |= {site.site_domain for site in truth.sites}
    assert len(seen) > 1_000
    assert [domain for domain in seen if domain is None or not INVENTED_NAME.search(domain)] == []


def test_site_domains_are_registrable_domains(demo):
    for site in demo[1].sites:
        assert SUFFIXES.privatesuffix(f"www.{site.site_domain}") == site.site_domain


def test_each_planted_surge_stands_in_the_files(demo):
    folder, truth = demo
    origins = {site.site_domain: site.domain_origins for site in truth.sites}
    for planted in truth.of_kind("surge"):
        for view in planted.views:
            source, first = LINK_COLUMNS[view.provider]
            firsts: dict[str, str] = {}
            for row in read_rows(find_link_file(folder, planted.site_domain, view.provider)):
                domain = registrable(row[source])
                firsts[domain] = min(row[first][:10], firsts.get(domain, "9999"))
            window = [str(view.starts_on), str(view.main_ends_on)]
            new = [domain for domain, day in firsts.items() if window[0] <= day <= window[1]]
            planted_new = [domain for domain in new if origins[planted.site_domain][domain] == planted.origin]
            days = (view.main_ends_on - view.starts_on).days + 1
            usual = len(firsts) / 730
            assert 15 <= view.domain_count <= 60
            assert len(planted_new) >= 0.85 * view.domain_count, planted.name
            assert len(new) >= 2 * usual * days, planted.name


def test_the_spam_wave_is_not_in_the_other_index(demo):
    folder, truth = demo
    trap = next(finding for finding in truth.of_kind("trap") if finding.trap == "other_index")
    rows = read_rows(find_link_file(folder, trap.site_domain, trap.providers[0]))
    assert not [row for row in rows if "/social/" in row["Referring page URL"]]


def median_clicks(rows, first, last):
    return statistics.median(clicks for day, clicks, *_ in rows if first <= day <= last)


def test_each_planted_drop_stands_in_the_clicks_and_lasts(demo):
    folder, truth = demo
    for planted in truth.of_kind("drop"):
        rows = chart_rows(folder, planted.site_domain)
        day = datetime.timedelta(days=1)
        before = median_clicks(rows, planted.starts_on - 28 * day, planted.starts_on - day)
        after = median_clicks(rows, planted.settled_on, planted.settled_on + 27 * day)
        assert 1 - after / before == pytest.approx(planted.size, abs=0.10), planted.name
        last = median_clicks(rows, rows[-1][0] - 27 * day, rows[-1][0])
        assert last < 0.85 * before, planted.name
        assert (rows[-1][0] - planted.settled_on).days >= 28


def test_the_outage_is_complete_and_over(demo):
    folder, truth = demo
    outage = next(finding for finding in truth.of_kind("trap") if finding.trap == "outage")
    for day, clicks, impressions, rate, position in chart_rows(folder, outage.site_domain):
        if outage.starts_on <= day <= outage.ends_on:
            assert (clicks, impressions, rate, position) == (0, 0, "", "")
        else:
            assert impressions > 0


def test_the_site_without_rankings_has_links_only(demo):
    site = demo[1].sites[-1]
    assert [file.path.rsplit("/", 1)[1].split("_")[0] for file in site.files] == [
        "www.letselschade-imagidaal.nl-backlinks-subdomains"
    ]


def test_partners_get_links_back_after_the_first_crawl(demo):
    folder, truth = demo
    swap = next(finding for finding in truth.of_kind("surge") if finding.origin == "exchanged")
    crawls = sorted((folder / "exports" / swap.site_domain).glob("all_outlinks_*.csv"))
    partners = {
        domain
        for site in truth.sites
        for domain, origin in site.domain_origins.items()
        if origin == "exchanged" and site.site_domain == swap.site_domain
    }
    linked = [{registrable(row["Destination"]) for row in read_rows(crawl)} & partners for crawl in crawls]
    assert len(linked[0]) == 0
    assert len(linked[1]) >= 0.7 * len(partners)


def test_plain_sites_plant_nothing_and_leave_the_others_as_they_were(demo, tmp_path):
    truth = simulate_portfolio(tmp_path, parameters=WorldParameters.demo().with_plain_sites(3))
    plain = [site.site_domain for site in truth.sites[8:]]
    assert len(plain) == len(set(plain)) == 3
    assert {finding.site_domain for finding in truth.findings if finding.kind != "trap"}.isdisjoint(plain)
    ours, theirs = all_bytes(tmp_path / "exports"), all_bytes(demo[0] / "exports")
    assert {name: ours[name] for name in theirs} == theirs


def test_only_plain_sites_can_be_asked_for():
    parameters = WorldParameters.demo().with_plain_sites(12, only_plain=True)
    assert len(parameters.sites) == 12
    assert all(not site.campaigns and site.search and not site.search.drops for site in parameters.sites)


def test_a_second_simulation_replaces_the_first(tmp_path):
    parameters = WorldParameters.demo().with_plain_sites(2, only_plain=True)
    simulate_portfolio(tmp_path, parameters=parameters)
    truth = simulate_portfolio(tmp_path, parameters=parameters.with_plain_sites(1, only_plain=True))
    assert len([path for path in (tmp_path / "exports").rglob("*") if path.is_file()]) == len(truth.sites[0].files)


def test_exports_of_others_are_never_touched(tmp_path):
    own = tmp_path / "exports" / "own.csv"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(UsageError, match="no simulation wrote"):
        simulate_portfolio(tmp_path, parameters=WorldParameters.demo())
    assert own.read_text() == "mine"


def test_truth_file_is_plain_json(demo):
    content = json.loads((demo[0] / "truth.json").read_text())
    assert content["last_export_on"] == "2026-11-15"
    assert {"name", "kind", "site_domain", "providers", "starts_on", "ends_on", "size", "origin", "cause"} <= set(
        content["findings"][0]
    )
