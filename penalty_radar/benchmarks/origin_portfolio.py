"""How well the origins of links are told, on a simulated portfolio that nothing was fitted on.

Part of ``penalty-radar benchmark origins``. A table is a function from a :class:`Measurement` to rows; a new one is
appended to :data:`TABLES`. Links that their page discloses (rel=sponsored) and that were really bought are not
counted among the rest: rules may not accuse them, so they have a row of their own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from penalty_radar.benchmarks.origin_ablation import families, tell_without
from penalty_radar.benchmarks.origin_scores import (
    CLASSES,
    abstention_share,
    calibration_error,
    confusion,
    domain_weights,
    macro_f1,
    score_classes,
)
from penalty_radar.benchmarks.origin_worlds import (
    TEST_WORLD,
    RunSignals,
    ToldWorld,
    read_told,
    run_signals,
    staged_world,
)
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.simulation import WorldParameters, load_world
from transforms.schemas.vocabulary import ORIGINS

F1_BAR, ERROR_BAR, ABSTENTION_BAR = 0.85, 0.05, 0.15
"""Macro F1 over six origins at least; expected calibration error and share of abstentions at most."""

LEAST_COUNT = 20
"""An origin with fewer true links in a part (a provider, say) is left out of that part's macro F1: its F1 is noise."""

UNSEEN = "simulated portfolio, unseen seed and parameters"
PER_ORIGIN = "simulated portfolio, by origin"
CONFUSION = "simulated portfolio, true origin by told origin (links)"
PARTS = "simulated portfolio, by provider and by what is known"
BY_KIND = "simulated portfolio, by kind of page"
ABLATION = "simulated portfolio, families of rules left out"


@dataclass(frozen=True)
class Measurement:
    """What was told of the test world with all rules, and of its links without each family of rules."""

    told: ToldWorld
    without: Mapping[str, pd.DataFrame]

    @functools.cached_property
    def links(self) -> pd.DataFrame:
        """Links that count: all but those that were bought and are disclosed as such."""
        return self.told.links[~_is_disclosed_purchase(self.told.links)]

    @functools.cached_property
    def domains(self) -> pd.DataFrame:
        """Referring domains that count, likewise."""
        return self.told.domains[~_is_disclosed_purchase(self.told.domains)]


Table = Callable[[Measurement], list[Row]]


def _is_disclosed_purchase(rows: pd.DataFrame) -> pd.Series:
    shown = rows["is_sponsored"] if "is_sponsored" in rows else rows["is_disclosed"]
    return shown.astype(bool) & rows["true_origin"].eq("bought")


def _is_hidden(rows: pd.DataFrame) -> pd.Series:
    """Whether nothing that the exports hold gives a link away, so that it looks like any mention.

    Unmarked articles that were bought one by one, and swaps in running text where the site's own links are not known.
    """
    is_quiet = rows["kind"].eq("quiet_article") & rows["mechanism"].eq("single purchase")
    return is_quiet | (rows["kind"].eq("content_swap") & ~rows["has_outgoing"])


def measure_world(
    parameters: WorldParameters,
    run: RunSignals = run_signals,
    left_out: Mapping[str, frozenset[str]] | None = None,
) -> Measurement:
    """Simulate, stage and mark the world once, then tell its origins with all rules and without each family.

    ``left_out`` are names of rules by family; by default those of :func:`origin_ablation.families`.
    """
    with staged_world(parameters) as connection:
        run(connection, parameters.last_export_on)
        told = read_told(connection)
        ablated = tell_without(
            connection, families() if left_out is None else left_out, as_of=parameters.last_export_on
        )
    known = told.links.drop(columns=["told_origin", "probability"])
    without = {family: known.merge(links, on="link_id", validate="one_to_one") for family, links in ablated.items()}
    return Measurement(told, without)


def table_unseen(measured: Measurement) -> list[Row]:
    """Macro F1, calibration and abstention of links and of referring domains, with the bars."""
    rows = [*_score(UNSEEN, "links", measured.links, is_barred=True)]
    rows += _score(UNSEEN, "referring domains", measured.domains, is_barred=True)
    shown = measured.links[~_is_hidden(measured.links)]
    rows += _score(UNSEEN, "links, without those that no export gives away", shown)
    disclosed = measured.told.links[_is_disclosed_purchase(measured.told.links)]
    case = "bought and disclosed (not counted above)"
    rows.append(make_row(UNSEEN, case, "count", len(disclosed)))
    if len(disclosed):
        rows.append(make_row(UNSEEN, case, "abstention share", abstention_share(disclosed)))
    return rows


def table_by_origin(measured: Measurement) -> list[Row]:
    """Precision, recall and F1 of each origin."""
    rows = []
    for label, part in (("links", measured.links), ("domains", measured.domains)):
        scores = score_classes(part)
        for origin in CLASSES:
            for metric in ("precision", "recall", "f1", "count"):
                value = float(scores[metric].loc[origin])
                rows.append(make_row(PER_ORIGIN, origin, f"{label}: {metric}", value))
    return rows


def table_confusion(measured: Measurement) -> list[Row]:
    """How many links of each true origin were told which."""
    counts = confusion(measured.links)
    return [
        make_row(CONFUSION, f"truly {true}", told, int(counts[told].loc[true])) for true in CLASSES for told in ORIGINS
    ]


def table_parts(measured: Measurement) -> list[Row]:
    """The same scores by provider, and where the site's own outgoing links are known or not."""
    links = measured.links
    parts = {provider: links["provider"].eq(provider) for provider in sorted(links["provider"].unique())}
    parts |= {"outgoing links known": links["has_outgoing"], "outgoing links unknown": ~links["has_outgoing"]}
    rows = []
    for case, is_part in parts.items():
        rows += _score(PARTS, case, links[is_part])
        exchanged = links[is_part & links["true_origin"].eq("exchanged")]
        recall = float(exchanged["told_origin"].eq("exchanged").mean()) if len(exchanged) else float("nan")
        rows.append(make_row(PARTS, case, "recall of exchanged", recall))
    return rows


def table_by_kind(measured: Measurement) -> list[Row]:
    """Which kinds of pages are told right, wrong, or not at all; the hard cases by name."""
    rows = []
    for (_, kind), part in measured.links.groupby(["true_origin", "kind"]):
        origin, told = str(part["true_origin"].iloc[0]), part["told_origin"]
        case = f"{kind} ({origin})"
        rows.append(make_row(BY_KIND, case, "told right", float(told.eq(origin).mean())))
        rows.append(make_row(BY_KIND, case, "told natural", float(told.eq("natural").mean())))
        rows.append(make_row(BY_KIND, case, "not told", abstention_share(part)))
        rows.append(make_row(BY_KIND, case, "count", len(part)))
    return rows


def table_ablation(measured: Measurement) -> list[Row]:
    """Macro F1, calibration and abstention with all rules and without each family, and what each family adds."""
    rows = _score(ABLATION, "all rules", measured.links)
    whole = macro_f1(measured.links, LEAST_COUNT)
    for family, links in measured.without.items():
        counted = links[~_is_disclosed_purchase(links)]
        case = f"without {family}"
        rows += _score(ABLATION, case, counted)
        rows.append(make_row(ABLATION, case, "macro F1 it adds", whole - macro_f1(counted, LEAST_COUNT)))
    return rows


TABLES: tuple[Table, ...] = (
    table_unseen,
    table_by_origin,
    table_confusion,
    table_parts,
    table_by_kind,
    table_ablation,
)
"""Every table of the simulated portfolio, in order of printing."""


def measure_rows() -> list[Row]:
    """All tables over the test world."""
    measured = measure_world(load_world(TEST_WORLD))
    return [row for table in TABLES for row in table(measured)]


def _score(table: str, case: str, part: pd.DataFrame, is_barred: bool = False) -> list[Row]:
    weights = domain_weights(part)
    values = (
        ("macro F1", macro_f1(part, LEAST_COUNT), F1_BAR, False),
        ("calibration error", calibration_error(part, weights), ERROR_BAR, True),
        ("abstention share", abstention_share(part), ABSTENTION_BAR, True),
    )
    rows = []
    for metric, value, bar, is_most in values:
        if is_barred:
            meets = value <= bar if is_most else value >= bar
            rows.append(make_row(table, case, metric, value, f"{'≤' if is_most else '≥'} {bar}", meets))
        else:
            rows.append(make_row(table, case, metric, value))
    rows.append(make_row(table, case, "count", len(part)))
    return rows
