"""Two placebo tests for a surge-drop pair: other days of the same site, and other sites on the same day.

Both ask how often a match at least as good turns up where no effect can be. A match is graded by the level of the lag
window (:mod:`transforms.correlation.lag_windows`), the best over the site's surges of the same group.

*Time shift.* The drop is moved to every other day of the site's observed span that no update, outage or data break
covers; surges stay where they are. For a single drop that is the circular shift of the whole span, enumerated exactly:
p = (1 + days that match as well) / (1 + other days). It holds when the drop could have come on any unmasked day.
It fails when surges and drops share a calendar that is not in ``staging.search_events``.

*Site swap.* The site's surges are replaced by those of each other site with link data on those days, the calendar
staying in place: p = (1 + sites that match as well) / (1 + other sites). It holds under any shared calendar.

Both are finite-sample valid under their assumption; a person is shown the larger. Source: research, detection 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import UNKNOWN_DAY, day_numbers
from transforms.correlation.findings import Surge
from transforms.correlation.known_events import EventParams, KnownEvent, mark_days
from transforms.correlation.lag_windows import BY_PREFERENCE, PRIMARY


@dataclass(frozen=True, kw_only=True)
class PlaceboParams:
    """What a placebo test needs before it says anything."""

    least_days: int = 90
    """Unmasked days in the span. With fewer, one surge matches four days in ten and no p below .4 is possible."""
    least_other_sites: int = 5
    """Other sites with link data on the days looked back on; fewer give no p below .2."""


@dataclass(frozen=True)
class Span:
    """First and last day of something, as day numbers, both included."""

    first: int
    last: int


def read_spans(assessed_series: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[str, ...], Span]:
    """Tested span by ``keys``: the earliest tested day to the latest, over the tested series that share the keys."""
    tested = assessed_series[assessed_series["status"] == "tested"]
    firsts, lasts = day_numbers(tested["tested_from_on"]), day_numbers(tested["tested_until_on"])
    spans: dict[tuple[str, ...], Span] = {}
    names = tested[list(keys)].astype(str).itertuples(index=False, name=None)
    for key, first, last in zip(names, firsts, lasts, strict=True):
        if first == UNKNOWN_DAY or last == UNKNOWN_DAY:
            continue
        known = spans.get(key, Span(int(first), int(last)))
        spans[key] = Span(min(known.first, int(first)), max(known.last, int(last)))
    return spans


def read_link_spans(assessed_series: pd.DataFrame) -> dict[str, list[Span]]:
    """Tested spans of each site, one per provider, in order of day: what lies between two providers is not covered."""
    by_site: dict[str, list[Span]] = {}
    for (site, _), span in read_spans(assessed_series, ("site_domain", "provider")).items():
        by_site.setdefault(site, []).append(span)
    return {site: sorted(spans, key=lambda span: (span.first, span.last)) for site, spans in by_site.items()}


class Placebos:
    """Match levels of every site and group of surges on every day of an axis, and the two tests on them."""

    def __init__(
        self,
        surges: Sequence[Surge],
        link_spans: Mapping[str, Sequence[Span]],
        events: Sequence[KnownEvent],
        axis: Span,
        params: PlaceboParams,
        event_params: EventParams,
    ) -> None:
        self._params = params
        self._axis = axis
        self._rows = {site: row for row, site in enumerate(sorted(link_spans))}
        spans = [(self._rows[site], span.first, span.last) for site in sorted(link_spans) for span in link_spans[site]]
        self._spans = np.array(spans, dtype=np.int64).reshape(-1, 3)
        """Row of the site, first and last day of each tested link series, by row."""
        self._spans_from = np.searchsorted(self._spans[:, 0], np.arange(len(self._rows) + 1))
        self._days_left_of: dict[tuple[int, int, int], NDArray[np.bool_]] = {}
        self._match_counts: dict[tuple[int, int, int, str, int], int] = {}
        self._swap_counts: dict[tuple[str, int, int, int], tuple[NDArray[np.int64], int, int]] = {}
        self._covering_of: dict[tuple[int, int], NDArray[np.int64]] = {}
        """What pairs share is worked out once: a large portfolio has dozens of pairs a site."""
        self._day_count = axis.last - axis.first + 1
        self._masked, self._masked_of_site = mark_days(events, axis.first, self._day_count, event_params)
        self._levels = self._match_levels(surges)

    def _match_levels(self, surges: Sequence[Surge]) -> dict[str, NDArray[np.uint8]]:
        groups = sorted({surge.group for surge in surges})
        levels = {group: np.zeros((len(self._rows), self._day_count), dtype=np.uint8) for group in groups}
        for surge in surges:
            row = self._rows.get(surge.site_domain)
            if row is None:
                continue
            for window in BY_PREFERENCE:
                start = max(0, surge.starts + window.first_day - self._axis.first)
                stop = max(0, surge.starts + window.last_day - self._axis.first + 1)
                matched = levels[surge.group][row, start:stop]
                np.maximum(matched, np.uint8(window.level), out=matched)
        return levels

    def time_shift(self, site_domain: str, group: str, drop_day: int, level: int, drop_span: Span) -> float | None:
        """The p-value of the time shift; None when the drop's day is masked or outside, or too few days are left.

        ``drop_span`` is the tested span of the drop's own series. A day is left when, in one of the site's link series,
        some of its primary look-back (7 to 45 days before) is covered and all of it lies after the series begins.
        """
        shifted = self._days_to_shift(site_domain, drop_day, drop_span)
        if shifted is None:
            return None
        row, first, is_left = shifted
        last = first + len(is_left) - 1
        key = (row, first, last, group, level)
        if key not in self._match_counts:
            levels = self._levels[group][row, self._window(first, last)]
            self._match_counts[key] = int((is_left & (levels >= level)).sum())
        matches_itself = int(self._levels[group][row, drop_day - self._axis.first] >= level)
        return float((1 + self._match_counts[key] - matches_itself) / int(is_left.sum()))

    def shift_levels(self, site_domain: str, group: str, drop_day: int, drop_span: Span) -> tuple[int, ...] | None:
        """What :meth:`time_shift` compares with: other days by the level a drop on them would match with.

        Place 0 counts the days that match in no window, place n those whose best window has level n. None where the
        time shift says nothing. p = (1 + days of the level and better) / (1 + all these days).
        """
        shifted = self._days_to_shift(site_domain, drop_day, drop_span)
        if shifted is None or group not in self._levels:
            return None
        row, first, is_left = shifted
        is_other = is_left.copy()
        is_other[drop_day - first] = False
        levels = self._levels[group][row, self._window(first, first + len(is_left) - 1)][is_other]
        return tuple(int(count) for count in np.bincount(levels, minlength=PRIMARY.level + 1))

    def _days_to_shift(
        self, site_domain: str, drop_day: int, drop_span: Span
    ) -> tuple[int, int, NDArray[np.bool_]] | None:
        """Row of the site, first day, and which days from there on are left; None where there is nothing to shift."""
        row = self._rows.get(site_domain)
        if row is None:
            return None
        first, last = max(drop_span.first, self._axis.first), min(drop_span.last, self._axis.last)
        if not first <= drop_day <= last:
            return None
        is_left = self._days_left(site_domain, row, first, last)
        if not is_left[drop_day - first] or int(is_left.sum()) < self._params.least_days:
            return None
        return row, first, is_left

    def _days_left(self, site_domain: str, row: int, first: int, last: int) -> NDArray[np.bool_]:
        key = (row, first, last)
        if key not in self._days_left_of:
            masked = self._masked_of_site.get(site_domain, self._masked)[self._window(first, last)]
            self._days_left_of[key] = self._days_after_links(row, first, last) & ~masked
        return self._days_left_of[key]

    def _spans_of(self, row: int) -> NDArray[np.int64]:
        return self._spans[self._spans_from[row] : self._spans_from[row + 1]]

    def _window(self, first: int, last: int) -> slice:
        return slice(first - self._axis.first, last - self._axis.first + 1)

    def _days_after_links(self, row: int, first: int, last: int) -> NDArray[np.bool_]:
        days = np.arange(first, last + 1)
        is_after = np.zeros(len(days), dtype=bool)
        for _, opens, closes in self._spans_of(row):
            is_after |= (opens + PRIMARY.last_day <= days) & (days <= closes + PRIMARY.last_day)
        return is_after

    def site_swap(self, site_domain: str, group: str, drop_day: int, level: int) -> float | None:
        """The p-value of the site swap; None without enough other sites with a link series that covers the look-back.

        The look-back reaches as far as the site's own link data do.
        """
        row = self._rows.get(site_domain)
        if row is None:
            return None
        covered_until = min(int(self._spans_of(row)[:, 2].max()), drop_day - PRIMARY.first_day)
        key = (group, drop_day, level, covered_until)
        if key not in self._swap_counts:
            self._swap_counts[key] = self._count_swaps(*key)
        sites, others, matches = self._swap_counts[key]
        place = int(np.searchsorted(sites, row))
        if place < len(sites) and sites[place] == row:  # it is among them, and is no other site
            others -= 1
            matches -= int(self._levels[group][row, drop_day - self._axis.first] >= level)
        if others < self._params.least_other_sites:
            return None
        return float((1 + matches) / (1 + others))

    def _count_swaps(
        self, group: str, drop_day: int, level: int, covered_until: int
    ) -> tuple[NDArray[np.int64], int, int]:
        """Sites whose link series cover the look-back, how many they are, and how many match."""
        covering = self._covering(drop_day, covered_until)
        matches = self._levels[group][covering, drop_day - self._axis.first] >= level
        return covering, len(covering), int(matches.sum())

    def _covering(self, drop_day: int, covered_until: int) -> NDArray[np.int64]:
        """Rows of the sites with a link series from the start of the look-back to ``covered_until``, each once."""
        key = (drop_day, covered_until)
        if key not in self._covering_of:
            sites, firsts, lasts = self._spans.T
            covering = sites[(firsts <= drop_day - PRIMARY.last_day) & (lasts >= covered_until)]
            self._covering_of[key] = covering[np.diff(covering, prepend=-1) > 0]  # in order of rows
        return self._covering_of[key]
