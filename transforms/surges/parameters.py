"""Thresholds of the reading of a surge, bound by name into the SQL of this stage; the detector has its own ``Params``.

None has been published: they are set where planted earned waves and planted campaigns part best
(``penalty-radar benchmark readings``), and each is a plain share that people can check against the rows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What makes a surge shared, concentrated, synchronous or earned; every field says its unit and reason."""

    declared_share: float = 0.5
    """Share of the domains that stand in the team's list of placements, from which a surge is the team's own campaign:
    most of it. What comes beside a campaign of that size would not have made the surge."""

    most_parts: int = 5
    """Values kept of each part of a surge (sources, anchors, pages …): what a person reads at a glance."""

    least_domains: int = 5
    """New domains from which a surge has a shape at all; of fewer, one more or less turns every share."""

    least_sharing_domains: int = 5
    """Referring domains of the site that share a keyword, page address or title before it counts as repeated: the
    published rule that the origins use too."""

    network_share: float = 0.4
    """Share of the domains on one platform, or with one page address or title, from which a surge is concentrated. The
    largest free host of blogs carries a tenth of natural links; four times that is no coincidence."""

    keyword_share: float = 0.25
    """Share of the domains whose link text is a commercial or repeated keyword, from which a surge is concentrated.
    Natural profiles have 3 % or less (published benchmarks), bought packages most of it."""

    page_anchor_share: float = 0.6
    """Share of the domains with one and the same link text that is no name or address, from which it is concentrated:
    a small wave quotes the title of its page by half at times, link sellers sign seven in ten of their pages."""

    day_share: float = 0.7
    """Share of the domains on one day, from which a surge is synchronous. Crawlers find four in five of the links of
    one day within two days (measured), so that only links made, or listed, together come up like this."""

    shared_share: float = 0.3
    """Share of the domains that came to other monitored sites in the same days, from which the surge is theirs in
    common. Two unrelated sites of one trade have 5 to 15 % of their referring domains in common over years."""

    shared_domains: int = 3
    """And as many such domains at least: one or two are chance."""

    earned_domains: int = 8
    """New domains from which growth can be called earned: "many sources"."""

    earned_network_share: float = 0.25
    """Largest share that one platform, address or title may have in earned growth: a story that a press agency spreads
    stands under one title in several papers, not in a quarter of them."""

    earned_variety: float = 0.6
    """Least independent sources in earned growth, as share of the domains: most stand for themselves."""

    earned_keyword_share: float = 0.15
    """Largest share of commercial or repeated keywords in earned growth: natural 3 %, with room for a title that many
    quote, which counts as repeated. Guest posts have twice that (simulated)."""

    earned_page_share: float = 0.5
    """Least share of the domains that link to a page other than the home page and pages that sell: what people talk
    about is a page that tells them something."""

    earned_targets: float = 6.0
    """Most effective target pages of earned growth: attention is for one page or a handful."""

    earned_day_share: float = 0.6
    """Largest share of the domains on one day in earned growth: attention takes days to spread."""

    earned_later_share: float = 0.45
    """Largest share of the domains in the later half of the days of earned growth: attention fades, an order is
    delivered evenly. Nothing is asked while fewer than :attr:`decay_days` follow the peak: it is too early to tell, or
    it was over at once."""

    decay_days: int = 4
    """Days after the peak from which its fall is measured: two against two."""

    earned_arranged_share: float = 0.25
    """Largest share of arranged origins among the new domains of the site in the same days (spam left out): a campaign
    brings some links that look natural along with it."""
