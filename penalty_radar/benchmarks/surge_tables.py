"""What the surge benchmark measured, as rows: tables, columns, bars, and the published figures beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from penalty_radar.benchmarks.rows import WHY, Row, make_row
from penalty_radar.benchmarks.surge_methods.cases import OURS, Entry
from penalty_radar.benchmarks.surge_sets import curves, daily_signals, recipe, survstat
from penalty_radar.benchmarks.surge_sets.count_set import read_table

SURVSTAT = "survstat14: real weekly disease counts"
RECIPE = "28 scenarios: simulated weekly counts"
SIZES = "28 scenarios: POD by outbreak size, standard deviations, at FPR ≤ 0.0091"
SCENARIOS = "28 scenarios: realised over nominal false alarms at 0.01"
PORT = "28 scenarios: our Farrington beside the published figures (nominal .005)"
PORT_ALARMS = "survstat14: alarms of our Farrington 1996 beside the published ones (two-sided .05)"
DAILY = "daily_signals 1–8: simulated daily counts"
STARS = "starscout: months of bought stars, by totals"
POWER = "background_counts: surges put into real daily counts, at one false alarm a series-year"
SURVIVORS = "survivors: exports without lost links and without a surge"
SPEED = "speed: one core"
LEFT_OUT = "left out"
ORDER = (SURVSTAT, RECIPE, SIZES, SCENARIOS, PORT, PORT_ALARMS, DAILY, STARS, POWER, SURVIVORS, SPEED, LEFT_OUT)
CASE_TABLES = (SURVSTAT, RECIPE, DAILY, STARS, POWER)
"""Tables for which every case is a task."""

AT_OWN = ", weeks 105–209 without the copy"

BARS: Mapping[tuple[str, str], float] = {
    (SURVSTAT, "sens at spec ≥ 0.926"): 0.54,
    (SURVSTAT, "sens at spec ≥ 0.955"): 0.43,
    (RECIPE, "POD at FPR ≤ 0.0091"): 0.50,
    (DAILY, "sens at spec ≥ 0.97"): 0.50,
    (DAILY, "POD at spec ≥ 0.97"): 0.92,
    (STARS, "average precision"): 0.16,
    (POWER, "+10 a day, 3 d"): 0.95,
    (POWER, "+3 a day, 14 d"): 0.80,
}
"""Least values asked of ours."""

SCENARIO_BAR = (0.5, 1.5)
LEAST_SCENARIO_MEAN = 1.0
"""Mean count from which a scenario's ratio has a bar: below, a discrete p-value seldom comes near its nominal."""

MOST_SURVIVOR_RATIO = 1.2
LEAST_SPEED = 1e6
LEAST_SPEED_RATIO = 100.0

MOST_MEMORY = 15.0
"""MB a thousand series may add: one dense array of them over five years. Shards take the same however many there are;
what grows is the list of days with new domains (16 bytes each, twice that while it is made) and the findings."""

PORT_ALPHA = 0.005
"""Nominal rate of the published figures of the 28 scenarios."""

PORT_CASE, PORT_ALARMS_ALPHA = "Farrington 1996", 0.025
"""The published alarms on survstat14 are those of a two-sided interval of .05, of which the upper half alarms."""

NOUFAILY_POD = (0.05, 0.13, 0.19, 0.33, 0.54, 0.68, 0.73, 0.82, 0.87, 0.91)


def survstat_rows(case: Entry, whole: Mapping[str, float], own: Mapping[str, float]) -> list[Row]:
    """Rows of a case with the prepended weeks, and of the weeks 105–209 without them."""
    rows = _entry_rows(SURVSTAT, case, whole)
    return rows + _entry_rows(SURVSTAT, case, {f"{metric}{AT_OWN}": value for metric, value in own.items()})


def survstat_port_rows(entry: Entry, true: int, false: int) -> list[Row]:
    """Alarms of our port of Farrington 1996 at the published rate."""
    return _entry_rows(PORT_ALARMS, entry, {"TP": float(true), "FP": float(false)})


def daily_rows(case: Entry, found: Mapping[str, float]) -> list[Row]:
    """Means over the eight signals."""
    return _entry_rows(DAILY, case, found)


def star_rows(case: Entry, found: Mapping[str, float]) -> list[Row]:
    """Average precision."""
    return _entry_rows(STARS, case, found)


def power_rows(case: Entry, found: Mapping[str, float]) -> list[Row]:
    """Power by kind of injection."""
    return _entry_rows(POWER, case, found)


def recipe_rows(case: Entry, scores: recipe.RecipeScores) -> list[Row]:
    """POD at the published rate with its sizes, both rates at the nominal one, and the check of a published method."""
    found = recipe.summarise(scores, case.customary)
    sizes = {f"k = {size}": found.pop(f"POD k={size}") for size in recipe.SIZES if f"POD k={size}" in found}
    rows = [*_entry_rows(RECIPE, case, found), *_entry_rows(SIZES, case, sizes)]
    if case.name.startswith("Farrington"):
        threshold = curves.nominal_threshold(PORT_ALPHA)
        is_found = recipe.find_outbreaks(scores, threshold)
        rates = {"FPR": curves.alarm_share(scores.clean, threshold), "POD": float(is_found.mean())}
        by_size = {f"k = {size}": float(is_found[scores.size == size].mean()) for size in np.unique(scores.size)}
        rows += _entry_rows(PORT, case, {**rates, **by_size})
    return rows


def scenario_rows(case: Entry, scores: recipe.RecipeScores) -> list[Row]:
    """Realised over nominal by scenario, a column per case that has p-values."""
    if case.customary is not None:
        return []
    rows = []
    for scenario, mean, ratio in recipe.scenario_ratios(scores):
        name = f"scenario {scenario + 1:02d}, mean count {mean:.2f}"
        has_bar = case.name == OURS.name and mean >= LEAST_SCENARIO_MEAN
        low, high = SCENARIO_BAR
        bar, meets = (f"{low}–{high}", low <= ratio <= high) if has_bar else ("", None)
        rows.append(make_row(SCENARIOS, name, case.name, ratio, bar, meets, case.reference))
    return rows


def survivor_rows(life: float, known: float, unknown: float, by_day: float, by_week: float) -> list[Row]:
    """Realised over nominal false alarms for links that live ``life`` days."""
    case = f"links live {life:.0f} days"
    bar = f"≤ {MOST_SURVIVOR_RATIO}"
    rows = [
        make_row(SURVIVORS, case, f"ours, loss horizon {name}", value, bar, value <= MOST_SURVIVOR_RATIO)
        for name, value in (("known", known), ("not known", unknown))
    ]
    return [
        *rows,
        make_row(SURVIVORS, case, "nothing corrected: plain NB of days", by_day),
        make_row(SURVIVORS, case, "nothing corrected: plain NB of weeks", by_week),
    ]


def speed_rows(scanned: float, regressed: float) -> list[Row]:
    """Series-days a second of both and their ratio; NaN where statsmodels is not installed."""
    metric, ratio = "series-days a second", scanned / regressed
    slow = "a statsmodels GLM a series and day (some fits timed, the rest reckoned)"
    return [
        make_row(SPEED, "link_surges.build", metric, scanned, f"≥ {LEAST_SPEED:,.0f}", scanned >= LEAST_SPEED),
        make_row(SPEED, slow, metric, regressed),
        make_row(SPEED, "link_surges.build", "times a GLM", ratio, f"≥ {LEAST_SPEED_RATIO:.0f}", _meets(ratio)),
    ]


def memory_rows(sizes: Sequence[int], peaks: Sequence[float]) -> list[Row]:
    """What the scan adds to the memory that its tables take: peaks in MB by number of series, and their slope."""
    case = "link_surges.build, memory beside its tables"
    rows = [
        make_row(SPEED, case, f"peak MB, {series:,} series", peak) for series, peak in zip(sizes, peaks, strict=True)
    ]
    slope = 1000.0 * (peaks[-1] - peaks[0]) / max(1, sizes[-1] - sizes[0])
    bar, meets = f"≤ {MOST_MEMORY:.0f}", slope <= MOST_MEMORY
    return [*rows, make_row(SPEED, case, "MB a further thousand series", slope, bar, meets)]


def published_rows(data: Path) -> list[Row]:
    """Published figures; those that lie beside the sets are read from there."""
    rows = _published_recipe()
    try:
        table = read_table(data / survstat.FOLDER / survstat.PUBLISHED, ("sens", "spec"))
        for values in table.to_dict("records"):
            entry = Entry(name=f"published {values[table.columns[0]]}", reference=survstat.PUBLISHED)
            found = {"sens at nominal": float(values["sens"]), "spec at nominal": float(values["spec"])}
            rows += _entry_rows(SURVSTAT, entry, found)
            if entry.name.startswith("published farrington"):
                rows += survstat_port_rows(entry, values["TP"], values["FP"])
        table = read_table(data / daily_signals.FOLDER / "published_lstm.csv").iloc[: len(daily_signals.SIGNALS)]
        names = {"sens": "Sensitivity_All", "spec": "Specificity_All", "POD": "POD_All", "timeliness": "Timeliness_All"}
        found = {f"{name} at nominal": float(table[column].mean()) for name, column in names.items()}
        rows += _entry_rows(DAILY, Entry(name="published LSTM, supervised", reference="published_lstm.csv"), found)
    except FileNotFoundError:
        pass  # the sets' own rows say that they are not there
    return rows


def left_out(subject: str, reason: str) -> Row:
    """The row of a set or a method that was not measured, with the reason as its reference."""
    return make_row(LEFT_OUT, subject, WHY, np.nan, reference=reason)


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Rows by table as the page has them, each once; published figures after measured ones."""
    unique = {(row["table"], row["case"], row["metric"]): row for row in rows}
    return sorted(unique.values(), key=lambda row: ORDER.index(row["table"]))


def _published_recipe() -> list[Row]:
    rows = []
    for name, fpr, pod, sizes in (
        ("published Noufaily 2013", recipe.PUBLISHED_FPR, 0.524, NOUFAILY_POD),
        ("published Farrington 1996", 0.0306, 0.630, ()),
    ):
        entry = Entry(name=name, reference="the set's README")
        by_size = {f"k = {size}": pod_of for size, pod_of in zip(recipe.SIZES, sizes, strict=False)}
        rows += _entry_rows(PORT, entry, {"FPR": fpr, "POD": pod, **by_size})
    return rows


def _entry_rows(table: str, case: Entry, found: Mapping[str, float]) -> list[Row]:
    rows = []
    for metric, value in found.items():
        least = BARS.get((table, metric)) if case.name == OURS.name else None
        bar, meets = ("", None) if least is None else (f"≥ {least}", bool(value >= least))
        rows.append(make_row(table, case.name, metric, value, bar, meets, case.reference))
    return rows


def _meets(ratio: float) -> bool | None:
    return None if np.isnan(ratio) else ratio >= LEAST_SPEED_RATIO
