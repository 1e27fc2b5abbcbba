"""A site as the search engine sees it: its pages, its queries and how they share the clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.keywords import BRAND_TAILS, KEYWORD_TAILS
from penalty_radar.simulation.parameters import Site
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.wording import slug

Floats = NDArray[np.float64]
Topic = Literal["brand", "money", "info"]

MARKETS = {"nl": ("nld", "bel"), "en": ("gbr", "irl"), "de": ("deu", "aut"), "fr": ("fra", "bel"), "es": ("esp", "mex")}
"""First and second market of a language, as the API spells countries."""

MARKETS_OF = {"nl": ("nl", "be"), "en": ("gb", "ie"), "de": ("de", "at"), "fr": ("fr", "be"), "es": ("es", "mx")}
"""The same as sites.toml spells them."""

TAILS_ASKED = 2
"""Of each commercial keyword the bare form and the first longer one are among the queries that are shown."""


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest part of a site's search traffic: one query on one page, or all hidden queries of a page."""

    path: str
    topic: Topic
    query: str | None
    keyword: str | None


@dataclass(frozen=True)
class SearchSite:
    """One site and what its search traffic is made of; the arrays have one entry per atom.

    ``clicks`` are mean clicks a day, ``click_rates`` clicks per impression, ``positions`` mean positions.
    """

    site: Site
    atoms: tuple[Atom, ...]
    clicks: Floats
    click_rates: Floats
    positions: Floats
    noise_sd: float
    autocorrelation: float
    drift_sd: float
    growth_per_year: float
    weekdays: Floats
    second_market_share: float
    mobile_share: float
    has_search: bool
    has_tracker: bool
    has_outlinks: bool

    @property
    def domain(self) -> str:
        """The site's registrable domain."""
        return self.site.domain

    @property
    def paths(self) -> tuple[str, ...]:
        """Its pages, each once."""
        return tuple(dict.fromkeys(atom.path for atom in self.atoms))

    def mask(self, *, paths: frozenset[str] | None = None, topics: frozenset[str] | None = None) -> NDArray[np.bool_]:
        """Atoms on the given pages and of the given topics; None: of all."""
        return np.array(
            [(paths is None or atom.path in paths) and (topics is None or atom.topic in topics) for atom in self.atoms]
        )


def draw_search_site(site: Site, world: SearchWorld) -> SearchSite:
    """Draw what differs between sites; another seed draws it anew."""
    rng = open_stream(world.seed, site.domain, "search site")
    demand = world.demand
    atoms = _lay_out(site)
    weights = _weigh(rng, atoms, rng.uniform(*demand.brand_share), rng.uniform(*demand.hidden_share))
    topics = np.array([atom.topic for atom in atoms])
    rates = rng.uniform(*demand.click_rate) * rng.lognormal(0, 0.3, len(atoms)) * np.where(topics == "brand", 8.0, 1.0)
    positions = rng.uniform(*demand.position) * rng.lognormal(0, 0.35, len(atoms))
    is_consumer = rng.random() < demand.consumer_share
    weekdays = np.asarray(demand.consumer_weekdays if is_consumer else demand.business_weekdays)
    return SearchSite(
        site=site,
        atoms=atoms,
        clicks=np.exp(rng.uniform(*np.log(demand.daily_clicks))) * weights,
        click_rates=np.minimum(rates, 0.45),
        positions=np.where(topics == "brand", rng.uniform(1.0, 1.8, len(atoms)), np.maximum(positions, 1.3)),
        noise_sd=rng.uniform(*demand.noise_sd),
        autocorrelation=rng.uniform(*demand.autocorrelation),
        drift_sd=rng.uniform(*demand.drift_sd),
        growth_per_year=rng.uniform(*demand.growth_per_year),
        weekdays=weekdays ** rng.uniform(*demand.weekday_stretch),
        second_market_share=rng.uniform(*demand.second_market_share),
        mobile_share=rng.uniform(*demand.mobile_share),
        has_search=bool(rng.random() >= world.sites.links_only_share),
        has_tracker=bool(rng.random() < world.sites.tracker_share),
        has_outlinks=bool(rng.random() < world.sites.outlinks_share),
    )


def directory_of(path: str) -> str:
    """The directory that a page lies in: its first folder, ``/`` for the home page."""
    return f"/{path.split('/')[1]}/" if path != "/" else path


def _lay_out(site: Site) -> tuple[Atom, ...]:
    """Home page, commercial pages with a page below them for each keyword, and pages that inform."""
    brand = site.brand.lower()
    atoms = [Atom("/", "brand", f"{brand} {tail}".strip(), None) for tail in BRAND_TAILS[site.language][:3]]
    atoms.append(Atom("/", "info", site.topics[0], None))
    tails = KEYWORD_TAILS[site.language][1:TAILS_ASKED]
    for page in site.money_pages:
        atoms += [Atom(page.path, "money", keyword, keyword) for keyword in page.keywords]
        atoms.append(Atom(page.path, "money", None, None))
        for keyword in page.keywords:
            below = f"{page.path}{slug(keyword)}/"
            atoms += [Atom(below, "money", f"{keyword} {tail}", keyword) for tail in tails]
            atoms.append(Atom(below, "money", None, None))
    for info in site.info_pages:
        words = info.title.lower().replace(":", "").split()
        atoms += [Atom(info.path, "info", " ".join(words[:4]), None), Atom(info.path, "info", None, None)]
    return tuple(atoms)


def _weigh(rng: np.random.Generator, atoms: tuple[Atom, ...], brand_share: float, hidden_share: float) -> Floats:
    """Shares of the site's clicks, adding up to 1; hidden queries have the given share of all but the brand's."""
    weights = rng.lognormal(0, 0.7, len(atoms))
    is_brand = np.array([atom.topic == "brand" for atom in atoms])
    is_hidden = np.array([atom.query is None for atom in atoms])
    is_linked = np.array([atom.topic == "money" and atom.path.count("/") == 2 for atom in atoms])
    weights[is_linked] *= 1.8  # pages for which links are ordered are those that earn the money
    for members, share in (
        (is_brand, brand_share),
        (is_hidden, (1 - brand_share) * hidden_share),
        (~is_brand & ~is_hidden, (1 - brand_share) * (1 - hidden_share)),
    ):
        weights[members] *= share / weights[members].sum()
    return weights
