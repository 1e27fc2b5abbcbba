"""Worlds of all origins: what is arranged looks as arranged things do, and honest links look alike often enough."""

import csv
import io
import re
import statistics
from collections import defaultdict
from typing import Any, get_args

import pytest

from penalty_radar.simulation import WorldParameters, simulate_portfolio
from penalty_radar.simulation.alliances import arrange_portfolio
from penalty_radar.simulation.link_truth import LINK_TRUTH_FILE, read_link_truth
from penalty_radar.simulation.names import INVENTED_NAME
from penalty_radar.simulation.parameters import WORLDS, Language, load_world
from penalty_radar.simulation.placements import place_links
from penalty_radar.simulation.wording import PageWords, load_wording

FIT, TEST = load_world(WORLDS / "origins_fit.toml"), load_world(WORLDS / "origins_test.toml")
LANGUAGES = get_args(Language)


def shrink(world, site_count=6, days=300):
    """The first sites of a world, over a shorter history."""
    return world.model_copy(update={"sites": world.sites[:site_count], "link_history_days": days})


SMALL = shrink(FIT, 12, 240)


@pytest.fixture(scope="module")
def arranged():
    """What is arranged among the first dozen sites of the world that is fitted on."""
    return arrange_portfolio(SMALL)


@pytest.fixture(scope="module")
def grown(arranged):
    """All links of each of those sites."""
    return [place_links(site, SMALL, arranged[site.domain]) for site in SMALL.sites]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A small world of all origins, written once: folder and parameters."""
    folder, world = tmp_path_factory.mktemp("origins"), shrink(TEST, 4, 150)
    simulate_portfolio(folder, parameters=world)
    return folder, world


def links_by_group(arranged, mechanism):
    """Site and links of each group that came about by one mechanism."""
    groups = defaultdict(list)
    for domain, made in arranged.items():
        for link in made.links:
            if link.mechanism == mechanism:
                groups[domain, link.group].append(link)
    return groups


def backs(arranged, domain):
    """By partner the days on which a site links to it."""
    days = defaultdict(list)
    for reverse in arranged[domain].reverse_links:
        days[reverse.partner.domain].append(reverse.placed_on)
    return days


def numbers(table):
    """Every number of a table, in order."""
    if isinstance(table, dict):
        return [number for value in table.values() for number in numbers(value)]
    if isinstance(table, list | tuple):
        return [number for value in table for number in numbers(value)]
    return [table] if isinstance(table, int | float) and not isinstance(table, bool) else []


def tables(world):
    """The tables of values of a world, by name."""
    named = {f"kinds.{name}": kind.model_dump() for name, kind in world.kinds.items()}
    named |= {f"lifetimes.{name}": life.model_dump() for name, life in world.lifetimes.items()}
    named |= {f"indexes.{name}": index.model_dump() for name, index in world.indexes.items()}
    named |= {
        f"arrangements.{name}": table for name, table in world.arrangements.model_dump().items() if name != "attacks"
    }
    named |= {f"attacks.{name}": attack.model_dump() for name, attack in world.arrangements.attacks.items()}
    return named | {"natural_shares": world.natural_shares, "arrivals": world.arrivals.model_dump()}


def test_the_two_worlds_share_no_table_of_values():
    fit, test = tables(FIT), tables(TEST)
    assert fit.keys() == test.keys()
    for name in fit:
        pairs = list(zip(numbers(fit[name]), numbers(test[name]), strict=False))
        informative = [pair for pair in pairs if pair != (0.0, 0.0)]
        differing = sum(mine != theirs for mine, theirs in informative)
        assert differing >= 0.5 * len(informative), name


def test_the_two_worlds_share_no_seed_trade_site_or_calendar():
    assert FIT.seed != TEST.seed
    assert FIT.portfolio is not None and TEST.portfolio is not None
    assert not set(FIT.portfolio.trades) & set(TEST.portfolio.trades)
    assert not {site.domain for site in FIT.sites} & {site.domain for site in TEST.sites}
    assert FIT.last_export_on != TEST.last_export_on


def test_each_world_has_wordings_that_the_other_never_sees():
    fit, test, everything = load_wording("fit"), load_wording("test"), load_wording("all")
    for kind, by_language in everything.kinds.items():
        for language, words in by_language.items():
            mine, theirs = fit.kinds[kind][language], test.kinds[kind][language]
            assert set(theirs.titles) - set(mine.titles), (kind, language)
            assert set(mine.titles) | set(theirs.titles) == set(words.titles), (kind, language)


@pytest.mark.parametrize("world", [FIT, TEST], ids=["fit", "test"])
def test_every_kind_speaks_every_language_and_shares_add_to_one(world):
    wording = load_wording(world.wording_part)
    assert sum(world.natural_shares.values()) == pytest.approx(1)
    for name, kind in world.kinds.items():
        assert sum(kind.anchors.values()) == pytest.approx(1), name
        assert sum(kind.targets.values()) == pytest.approx(1), name
        for language in LANGUAGES:
            words = wording.page_words(name, language)
            assert all(getattr(words, field) for field in PageWords.model_fields), (name, language)


@pytest.mark.parametrize("name", ["origins_fit", "origins_test"])
def test_every_value_of_what_is_arranged_is_explained(name):
    text = (WORLDS / f"{name}.toml").read_text(encoding="utf-8")
    arranged = text.split("# What is arranged.")[1].split("# Kinds of link;")[0]
    unexplained = [line for line in arranged.splitlines() if "=" in line and "#" not in line]
    assert unexplained == []


def test_an_order_is_one_page_one_week_and_a_narrow_band(arranged):
    orders = links_by_group(arranged, "purchase batch")
    assert len(orders) >= 8
    for links in orders.values():
        days = [link.placed_on for link in links]
        assert (max(days) - min(days)).days <= 10
        assert len({link.target_url for link in links}) == 1
    spreads = [statistics.pstdev(link.source.authority for link in links) for links in orders.values()]
    everywhere = statistics.pstdev(link.source.authority for links in orders.values() for link in links)
    assert statistics.median(spreads) < everywhere


def test_rented_links_go_together_when_the_months_are_over(arranged):
    assert FIT.arrangements is not None
    rentals = links_by_group(arranged, "rental")
    assert len(rentals) >= 5
    for links in rentals.values():
        ends = [link.removed_on for link in links]
        assert (max(ends) - min(ends)).days <= 2
        stood = (min(ends) - max(link.placed_on for link in links)).days / 30.44
        assert any(abs(stood - months) <= 0.6 for months in FIT.arrangements.rentals.months)


def test_who_swaps_links_back_within_days(arranged):
    assert FIT.arrangements is not None
    swaps = links_by_group(arranged, "swap")
    for (domain, _), links in swaps.items():
        first = min(links, key=lambda link: link.placed_on)
        gaps = [abs((day - first.placed_on).days) for day in backs(arranged, domain)[first.source.domain]]
        assert min(gaps) <= FIT.arrangements.swaps.back_days


def test_in_a_ring_nobody_gets_a_link_from_whom_he_links_to(arranged):
    rings = links_by_group(arranged, "ring")
    assert len({group for _, group in rings}) >= 20
    for (domain, _), links in rings.items():
        made = arranged[domain]
        days = [link.placed_on for link in links]
        for link in links:
            close = [
                reverse
                for reverse in made.reverse_links
                if reverse.partner.campaign == link.group and reverse.partner.domain == link.source.domain
            ]
            assert close == [], days


def test_rings_and_agreements_show_in_the_outgoing_links_of_monitored_sites(arranged):
    for mechanism in ("ring", "agreement"):
        for (domain, _), links in links_by_group(arranged, mechanism).items():
            for link in links:
                if link.source.domain in arranged:
                    assert domain in backs(arranged, link.source.domain)


def test_a_network_hits_several_sites_within_days(arranged):
    assert FIT.arrangements is not None
    networks: dict[str, list[Any]] = defaultdict(list)
    for (domain, group), links in links_by_group(arranged, "network").items():
        networks[group] += [(domain, link) for link in links]
    assert len(networks) == FIT.arrangements.networks.count
    for hits in networks.values():
        targets = defaultdict(set)
        for domain, link in hits:
            targets[domain].add(link.source.domain)
        days = [link.placed_on for _, link in hits]
        assert len(targets) >= 3
        assert (max(days) - min(days)).days <= 15
        everyone = set.union(*targets.values())
        assert all(len(sources) >= 0.6 * len(everyone) for sources in targets.values())
        assert len({link.source.subnet for _, link in hits}) <= 4


def test_honest_sites_get_links_back_as_often_as_the_study_says_and_on_unrelated_days(grown):
    shares, gaps = [], []
    for world in grown:
        first: dict[str, Any] = {}
        for link in world.links:
            if link.source.origin == "natural" and not link.mechanism:
                first.setdefault(link.source.domain, link.placed_on)
        honest = [back for back in world.reverse_links if back.partner.domain in first]
        shares.append(len(honest) / len(first))
        gaps += [abs((back.placed_on - first[back.partner.domain]).days) for back in honest]
    assert statistics.mean(shares) == pytest.approx(0.11, abs=0.04)
    assert statistics.median(shares) == pytest.approx(0.0645, abs=0.03)
    assert sum(gap <= 9 for gap in gaps) < 0.2 * len(gaps)  # 19 days of 240, twice where the history ends: chance


def test_classes_overlap_as_in_the_field(grown):
    links = [link for world in grown for link in world.links]
    honest = [link for link in links if link.source.origin == "natural"]
    bought = [link for link in links if link.source.origin == "bought"]
    assert 0.02 <= sum(link.anchor_kind == "exact" for link in honest) / len(honest) <= 0.10
    assert 0.1 <= sum(link.anchor_kind == "brand" for link in bought) / len(bought) <= 0.4
    assert 0.05 <= sum(link.source.authority < 1 for link in honest) / len(honest) <= 0.30
    assert any(link.is_sponsored for link in honest)


def test_the_same_world_gives_the_same_bytes(written, tmp_path):
    folder, world = written
    simulate_portfolio(tmp_path, parameters=world)

    def read(root):
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    assert read(tmp_path) == read(folder)


def test_every_address_is_invented_and_every_truth_is_listed(written):
    folder, world = written
    addresses = set()
    for path in (folder / "exports").rglob("*.csv"):
        content = path.read_bytes()
        text = content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8-sig")
        addresses |= set(re.findall(r"https?://[^\s\",]+", text))
        rows = list(csv.reader(io.StringIO(text), delimiter="\t" if content.startswith(b"\xff\xfe") else ","))
        assert len({len(row) for row in rows}) == 1, path
    assert [address for address in addresses if not INVENTED_NAME.search(address.split("/")[2])] == []
    truth = read_link_truth(folder)
    hosts = {address.split("/")[2] for address in addresses}  # of a site-wide link Ahrefs lists one page
    assert {address.split("/")[2] for address in truth["source_url"]} <= hosts
    assert set(truth["site_domain"]) == {site.domain for site in world.sites}
    assert not truth.duplicated(["site_domain", "source_url", "target_url"]).any()


def test_the_truth_keeps_the_origin_of_what_is_disclosed(written):
    truth = read_link_truth(written[0])
    assert set(truth["origin"]) == {"natural", "bought", "exchanged", "guest_post", "link_programme", "spam"}
    disclosed = truth[truth["is_disclosed"]]
    assert {"bought", "natural"} >= set(disclosed["origin"])
    assert len(disclosed)


def test_a_world_without_arrangements_has_no_truth_of_links(tmp_path):
    demo = WorldParameters.demo()
    world = demo.model_copy(update={"sites": demo.sites[:1], "link_history_days": 90})
    simulate_portfolio(tmp_path, parameters=world)
    assert not (tmp_path / LINK_TRUTH_FILE).exists()
    assert arrange_portfolio(world) == {}
