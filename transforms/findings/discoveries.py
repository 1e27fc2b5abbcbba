"""Which findings are told, and in which night: false discovery control over series and time.

Nights are taken together in periods of 28 days on a fixed calendar, the days one calibrated p-value stands for. Within
a period the smallest p-value of each finding so far goes into a step-up test (Benjamini & Hochberg 1995, JRSS B
57:289); since it can only fall from night to night, what was told in the period stays told. Between periods the levels
follow LOND (Javanmard & Montanari 2018, Ann. Stat. 46:526): they grow in proportion to the sites with a finding in the
year so far, and what is older is forgotten (as in Ramdas et al. 2017, NeurIPS). docs/methods-detectors.md says what
that guarantees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.findings.calibration import MONDAY, PERIOD_DAYS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = -1
"""In place of a column: the finding was not told on any day."""


@dataclass(frozen=True, kw_only=True)
class AlarmRule:
    """How many false findings are allowed."""

    rate: float = 0.05
    """False discovery rate of any year of nights: at most one finding in 20 is expected to be none, the customary bound
    for a list that people work through one by one. With nothing to find, the chance of any finding in a year."""

    year_periods: int = 13
    """Periods of 28 days that share the rate, and over which sites with a finding count. A year: what people review
    together, and the usual unit of a false alarm rate. A rate for all time would let the levels sink for ever."""


@dataclass(frozen=True)
class RunTests:
    """How much was tested, per family of series; each figure divided by the family's share of the budget.

    ``so_far``  families × days: series tested in the day's period up to that day
    ``of_run``  families: periods of all tested series of the run
    """

    so_far: Floats
    of_run: Floats


@dataclass(frozen=True)
class Alarms:
    """Every alarm, and the findings they belong to.

    ``finding``, ``column``, ``p``  per alarm: its finding (0 … n-1), its day and its calibrated p-value
    ``family``, ``site``            per finding: row of :class:`RunTests`, and a number for its site
    ``told``                        per finding: column of the day an earlier night told it, or :data:`NEVER`
    """

    finding: Ints
    column: Ints
    p: Floats
    family: Ints
    site: Ints
    told: Ints


def count_tests(
    is_tested: NDArray[np.bool_], days: NDArray[np.datetime64], family: Ints, budgets: tuple[float, ...] = (1.0,)
) -> RunTests:
    """Tests of a run: ``is_tested`` is series × days; ``family`` says which of ``budgets`` each series shares.

    Budgets of families without any series go to the others in proportion.
    """
    present = np.unique(family)
    share = _share_budgets(present, budgets)
    so_far, of_run = np.zeros((len(share), len(days))), np.zeros(len(share))
    periods = _periods(days)
    for member in present:
        rows = is_tested[family == member]
        of_run[member] = rows.sum() / PERIOD_DAYS / share[member]
        for period in np.unique(periods):
            chosen = np.flatnonzero(periods == period)
            block = slice(chosen[0], chosen[-1] + 1)
            so_far[member, block] = np.logical_or.accumulate(rows[:, block], axis=1).sum(axis=0) / share[member]
    return RunTests(so_far, of_run)


def count_spans(
    begin: Ints, stop: Ints, days: NDArray[np.datetime64], family: Ints, budgets: tuple[float, ...] = (1.0,)
) -> RunTests:
    """The same where each series was tested without a gap, from column ``begin`` to before ``stop``."""
    present = np.unique(family[stop > begin])
    share = _share_budgets(present, budgets)
    so_far, of_run = np.zeros((len(share), len(days))), np.zeros(len(share))
    periods = _periods(days)
    opens = np.searchsorted(periods, periods)
    for member in present:
        rows = (family == member) & (stop > begin)
        of_run[member] = (stop - begin)[rows].sum() / PERIOD_DAYS / share[member]
        begun = np.bincount(begin[rows], minlength=len(days))[: len(days)].cumsum()
        ended = np.r_[0, np.bincount(stop[rows], minlength=len(days) + 1)[: len(days) + 1].cumsum()]
        # tested in the period so far: begun by that day, and not ended when the period opened
        so_far[member] = (begun - ended[opens + 1]) / share[member]
    return RunTests(so_far, of_run)


def q_values(expected: Floats) -> Floats:
    """Benjamini–Hochberg q-values of a list worked out at once, as a backfill's is.

    ``expected[i]`` is the number of false findings as strong as finding i that a whole run without any true one is
    expected to have: its p-value × the tests of the run. Tests that showed nothing need not be listed.
    """
    order = np.argsort(expected, kind="stable")
    raw = expected[order] / np.arange(1, len(expected) + 1)
    q = np.empty(len(expected))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def first_told(alarms: Alarms, tests: RunTests, days: NDArray[np.datetime64], rule: AlarmRule) -> Ints:
    """Column of the night in which each finding is first told, :data:`NEVER` for those that are not.

    The past is replayed night by night; nothing later is looked at. What an earlier night told stays told. A finding
    that is not told in one period can be told in the next for the alarms it has there.
    """
    told, periods = alarms.told.copy(), _periods(days)
    period_of_alarm = periods[alarms.column]
    for period in np.unique(period_of_alarm):
        age = period - periods[told]
        year_sites = np.unique(alarms.site[(told != NEVER) & (age > 0) & (age < rule.year_periods)])
        open_now = (told == NEVER) | (age <= 0)
        smallest = np.ones(len(told))
        in_period = np.flatnonzero((period_of_alarm == period) & open_now[alarms.finding])
        for today in np.unique(alarms.column[in_period]):
            rows = in_period[alarms.column[in_period] == today]
            np.minimum.at(smallest, alarms.finding[rows], alarms.p[rows])
            is_told = open_now & (told != NEVER) & (told <= today)
            known = np.flatnonzero(is_told | (smallest < 1.0))
            expected = np.where(is_told[known], 0.0, smallest[known] * tests.so_far[alarms.family[known], today])
            passed = known[_passes(expected, alarms.site[known], year_sites, rule)]
            told[passed[~is_told[passed]]] = today
    return told


def columns_of(known: NDArray[np.datetime64], days: NDArray[np.datetime64]) -> Ints:
    """Column of each known day, :data:`NEVER` for NaT; a day before the first column counts as that one."""
    columns = (known.astype("datetime64[D]") - days[0].astype("datetime64[D]")).astype(np.int64)
    return np.where(np.isnat(known), NEVER, columns.clip(0, len(days) - 1))


def _share_budgets(present: Ints, budgets: tuple[float, ...]) -> Floats:
    """The budget among the families that are present, in proportion."""
    share = np.array(budgets)
    return share / share[present].sum() if len(present) else share


def _periods(days: NDArray[np.datetime64]) -> Ints:
    """Number of the period each day lies in."""
    return np.asarray((days.astype("datetime64[D]") - MONDAY).astype(np.int64) // PERIOD_DAYS)


def _passes(expected: Floats, site: Ints, year_sites: Ints, rule: AlarmRule) -> NDArray[np.bool_]:
    """Which findings of a period pass: the most for which the expected false ones stay within the allowed share.

    What allows more is sites with a finding (``year_sites`` have one of earlier periods), not findings: a site under
    attack does not buy others their alarms.
    """
    order = np.lexsort((site, expected))
    is_new = np.zeros(len(order), dtype=np.bool_)
    is_new[np.unique(site[order], return_index=True)[1]] = True
    is_new &= ~np.isin(site[order], year_sites)
    allowed = rule.rate / rule.year_periods * (len(year_sites) + is_new.cumsum())
    within = np.flatnonzero(expected[order] <= allowed)
    passed = np.zeros(len(order), dtype=np.bool_)
    if len(within):
        passed[order[: within[-1] + 1]] = True
    return passed
