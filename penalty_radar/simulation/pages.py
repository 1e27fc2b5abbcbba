"""Linking pages: one placed link with everything an export may say of it."""

from __future__ import annotations

import datetime
import zlib
from dataclasses import dataclass
from typing import get_args

import numpy as np

from penalty_radar.simulation.link_parameters import Lifetime, LinkKind
from penalty_radar.simulation.names import SourceNames, coin_place
from penalty_radar.simulation.parameters import Language, MoneyPage, Site, WorldParameters
from penalty_radar.simulation.wording import Wording, load_wording, pick, pick_weighted, slug

LANGUAGES = get_args(Language)
FOREIGN_LANGUAGES = ("zh", "ru", "ja", "en", "tr", "th", "uk", "ko")
PLATFORMS = ("wordpress", "wordpress", "", "", "cms", "ecommerce, wordpress")
PAGE_WORDS = {"de": "seite", "fr": "page"}
UNSIGNED_SHARE = 0.15
"""Share of page titles without the name of the site: unrelated pages seldom share a title."""
PAGE_FIRST_DAYS = 20
"""Days within which a domain's further pages follow its first."""


@dataclass(frozen=True, slots=True)
class SourceSite:
    """A referring domain: whose work its links are, and what it is worth in the world."""

    domain: str
    kind: str
    origin: str
    campaign: str | None
    language: str
    authority: float
    traffic: int
    platform: str
    place: str
    subnet: str = ""


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A link as it stands in the world, from ``placed_on`` until ``removed_on``.

    ``mechanism`` and ``group`` say how an arranged link came about and with which others; empty for natural growth.
    """

    source: SourceSite
    source_host: str
    source_url: str
    source_title: str
    left_context: str
    right_context: str
    anchor_kind: str
    anchor_text: str
    target_url: str
    author: str
    is_nofollow: bool
    is_ugc: bool
    is_sponsored: bool
    is_image: bool
    is_sitewide: bool
    external_links: int
    internal_links: int
    placed_on: datetime.date
    removed_on: datetime.date
    mechanism: str = ""
    group: str = ""


class PageMaker:
    """Makes referring domains and their pages for one monitored site."""

    def __init__(self, rng: np.random.Generator, site: Site, parameters: WorldParameters, names: SourceNames) -> None:
        self._rng = rng
        self._site = site
        self._parameters = parameters
        self._wording: Wording = load_wording(parameters.wording_part)
        self._names = names
        self._farm_number = 100_000 + zlib.crc32(site.domain.encode()) % 800_000

    def new_source(
        self, kind_name: str, campaign: str | None = None, *, band: tuple[float, float] | None = None, subnet: str = ""
    ) -> SourceSite:
        """A referring domain that has not linked before; ``band`` (mean, sd) replaces its kind's authority."""
        rng, kind = self._rng, self._parameters.kinds[kind_name]
        language = self._site.language
        if kind.foreign_share and rng.random() < kind.foreign_share:
            language = pick(rng, [other for other in LANGUAGES if other != language])
        words = self._wording.page_words(self._word_as(kind_name), language)
        themes = [slug(theme.format(topic=pick(rng, self._site.topics))) for theme in words.themes]
        suffixes = self._wording.suffixes["farm" if kind.is_cross_language else language]
        mean, sd = band or (kind.authority_mean, kind.authority_sd)
        authority = min(max(float(rng.normal(mean, sd)), 0.0), 92.0)
        traffic = 0
        if rng.random() >= kind.zero_traffic_share:
            traffic = int(rng.lognormal(np.log(kind.traffic_at_authority_50) + (authority - 50) * 0.08, 0.9))
        return SourceSite(
            domain=self._names.new_domain(rng, themes, suffixes, is_farm=kind.is_farm),
            kind=kind_name,
            origin=kind.origin,
            campaign=campaign,
            language=pick(rng, FOREIGN_LANGUAGES) if kind.is_cross_language else language,
            authority=authority,
            traffic=traffic,
            platform=pick(rng, PLATFORMS),
            place=coin_place(rng).capitalize(),
            subnet=subnet,
        )

    def first_links(
        self, source: SourceSite, placed_on: datetime.date, target: str = "mixed", money: MoneyPage | None = None
    ) -> list[PlacedLink]:
        """The links with which a new domain begins: one page, sometimes more, for blogrolls the whole site."""
        rng, kind = self._rng, self._parameters.kinds[source.kind]
        links = [self.link(source, placed_on, target, money)]
        if rng.random() < kind.sitewide_share:
            first = links[0]
            return [self._repeat_sitewide(first, page) for page in range(int(rng.integers(6, 15)))]
        for _ in range(int(rng.poisson(kind.extra_pages_mean))):
            delay = int(rng.integers(0, 3 if source.campaign else PAGE_FIRST_DAYS))
            links.append(self.link(source, placed_on + datetime.timedelta(days=delay), target, money))
        return links

    def link(
        self, source: SourceSite, placed_on: datetime.date, target: str = "mixed", money: MoneyPage | None = None
    ) -> PlacedLink:
        """One more link from a known domain; ``money`` is the commercial page that was ordered, if one was."""
        rng, kind = self._rng, self._parameters.kinds[source.kind]
        target_path, page_title, keyword = self._choose_target(kind, target, money)
        is_image = rng.random() < kind.image_share
        anchor_kind = pick_weighted(rng, kind.anchors)
        if is_image and rng.random() < 0.5:  # half of the linked images have no alternative text
            anchor_kind = "empty"
        language = self._site.language if kind.is_cross_language else source.language
        fields = self._fields(source, placed_on, page_title, keyword, language)
        words = self._wording.page_words(self._word_as(source.kind), language)
        heading = pick(rng, words.titles).format(**fields)
        title, page_slug = self._sign(heading, source, language)
        host = self._host(source, kind)
        path = pick(rng, words.paths).format(**fields | {"slug": page_slug})
        life = _draw_life(rng, self._parameters.lifetimes[kind.lifetime])
        return PlacedLink(
            source=source,
            source_host=host,
            source_url=f"https://{host}{path}",
            source_title=self._broken(title),
            left_context=pick(rng, words.left).format(**fields),
            right_context=pick(rng, words.right).format(**fields),
            anchor_kind=anchor_kind,
            anchor_text=self._anchor(anchor_kind, kind, fields, language),
            target_url=self._site.home_url + target_path,
            author=fields["name"] if self._is_signed(kind) else "",
            is_nofollow=rng.random() < kind.nofollow_share,
            is_ugc=rng.random() < kind.ugc_share,
            is_sponsored=rng.random() < kind.sponsored_share,
            is_image=is_image,
            is_sitewide=False,
            external_links=int(rng.integers(kind.external_links[0], kind.external_links[1] + 1)),
            internal_links=int(rng.integers(5, 180)),
            placed_on=placed_on,
            removed_on=placed_on + datetime.timedelta(days=life),
        )

    def _word_as(self, kind_name: str) -> str:
        """The kind whose wording a page has: now and then that of another kind which it looks like."""
        borrows = self._parameters.kinds[kind_name].borrows
        if borrows and self._rng.random() < sum(borrows.values()):
            return pick_weighted(self._rng, borrows)
        return kind_name

    def _is_signed(self, kind: LinkKind) -> bool:
        """Whether the page names its author; kinds that do not say how often are signed when they are guest posts."""
        if kind.author_share is None:
            return kind.origin == "guest_post"
        return bool(self._rng.random() < kind.author_share)

    def _sign(self, heading: str, source: SourceSite, language: str) -> tuple[str, str]:
        """Title and slug of a page. Most bear the site's name and a slug of their own; generated ones do not."""
        kind = self._parameters.kinds[source.kind]
        is_bare = kind.is_cross_language or kind.origin == "exchanged"
        if is_bare if kind.is_signed is None else not kind.is_signed:
            return heading, slug(heading)
        own = f"{heading} {pick(self._rng, self._wording.words[language])} {source.place}"
        if self._rng.random() < UNSIGNED_SHARE:
            return heading, slug(own)
        return f"{heading}{pick(self._rng, (' | ', ' - ', ' – '))}{source.place}", slug(own)

    def _repeat_sitewide(self, first: PlacedLink, page: int) -> PlacedLink:
        word = PAGE_WORDS.get(first.source.language, "pagina")
        url = first.source_url if page == 0 else f"https://{first.source_host}/{word}/{page + 1}/"
        values = {name: getattr(first, name) for name in PlacedLink.__slots__}
        return PlacedLink(**values | {"source_url": url, "is_sitewide": True})

    def _choose_target(self, kind: LinkKind, target: str, ordered: MoneyPage | None) -> tuple[str, str, str]:
        """Path (without its first slash), title of the page for topical anchors, and keyword for exact ones."""
        rng, site = self._rng, self._site
        place = pick_weighted(rng, kind.targets) if target == "mixed" else target
        money, info = pick(rng, site.money_pages), pick(rng, site.info_pages)
        money = ordered or money
        path = {"home": "/", "money": money.path, "info": info.path}[place]
        return path.removeprefix("/"), info.title, pick(rng, money.keywords)

    def _fields(
        self, source: SourceSite, placed_on: datetime.date, page: str, keyword: str, language: str
    ) -> dict[str, str]:
        rng, topic = self._rng, pick(self._rng, self._site.topics)
        number = self._farm_number if source.kind == "stats_farm" else int(rng.integers(100, 99_000))
        return {
            "brand": self._site.brand,
            "keyword": keyword,
            "topic": topic,
            "Topic": topic.capitalize(),
            "page": page,
            "part": " ".join(page.lower().split()[: int(rng.integers(2, 6))]),
            "word": pick(rng, self._wording.words[language]),
            "domain": self._site.domain,
            "name": pick(rng, self._wording.names[language]),
            "number": str(number),
            "year": str(placed_on.year),
            "month": f"{placed_on.month:02d}",
            "place": source.place,
            "slug": slug(f"{topic} {source.place} {number}"),
        }

    def _host(self, source: SourceSite, kind: LinkKind) -> str:
        if kind.is_farm:
            return f"{pick(self._rng, self._wording.farm.hosts)}.{source.domain}"
        if source.kind == "forum" and zlib.crc32(source.domain.encode()) % 4 == 0:
            return f"forum.{source.domain}"
        return f"www.{source.domain}" if zlib.crc32(source.domain.encode()) % 3 else source.domain

    def _anchor(self, anchor_kind: str, kind: LinkKind, fields: dict[str, str], language: str) -> str:
        rng, site = self._rng, self._site
        words = self._wording.anchors[language]
        if anchor_kind == "empty":
            return ""
        if anchor_kind == "brand":
            return pick(rng, (site.brand, site.brand, site.brand, site.brand.lower(), site.brand.split()[-1]))
        if anchor_kind == "url":
            return pick(rng, (site.domain, f"www.{site.domain}", site.home_url, f"https://{site.domain}"))
        if anchor_kind == "generic" and kind.is_farm:
            return pick(rng, self._wording.farm.generic).format(**fields)
        choices = {"generic": words.generic, "topic": words.topic, "exact": words.exact}[anchor_kind]
        return pick(rng, choices).format(**fields)

    def _broken(self, title: str) -> str:
        """Now and then a line break inside a title, as real exports have them."""
        if self._rng.random() < self._parameters.broken_title_share:
            return title.replace(" ", "\n", 1)
        return title


def _draw_life(rng: np.random.Generator, lifetime: Lifetime) -> int:
    """Days a link stands: Weibull, at least one, at most a hundred years."""
    return int(min(max(lifetime.scale_days * rng.weibull(lifetime.shape), 1), 36_500))
