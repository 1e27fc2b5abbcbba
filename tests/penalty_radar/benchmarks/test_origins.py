"""The benchmark of origins: scores that can be worked out by hand, and a small world measured from end to end."""

import contextlib

import pandas as pd
import pytest

from penalty_radar.benchmarks import batches, exchanges, lockstep, origin_portfolio, origin_worlds, origins
from penalty_radar.benchmarks.origin_ablation import families
from penalty_radar.benchmarks.origin_scores import (
    abstention_share,
    calibration_error,
    confusion,
    domain_weights,
    macro_f1,
    score_classes,
)
from penalty_radar.benchmarks.origin_worlds import FIT_WORLD, TEST_WORLD, collect_links, read_links, staged_world
from penalty_radar.benchmarks.rows import FIELDS, make_row
from penalty_radar.simulation.parameters import load_world
from transforms.errors import UsageError
from transforms.signals.rule_set import bundled_rules


def told(text):
    """Rows of ``domain true told probability``."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["source_domain", "true_origin", "told_origin", "probability"])
    return frame.assign(site="a.example", provider="p", probability=frame["probability"].astype(float))


LINKS = told("""
    one.example   natural    natural    0.9
    two.example   natural    unknown    0.4
    three.example bought     bought     0.8
    three.example bought     bought     0.8
    four.example  exchanged  natural    0.6
""")


def small(path):
    """Three sites of a world over some months."""
    world = load_world(path)
    return world.model_copy(update={"sites": world.sites[:3], "link_history_days": 120})


@pytest.fixture(scope="module")
def measured():
    """A small world told by all rules, without any, and without none of them."""
    every = frozenset(rule.name for rule in bundled_rules().rules)
    return origin_portfolio.measure_world(small(TEST_WORLD), left_out={"none": frozenset(), "all": every})


def test_an_abstention_is_a_miss_and_no_false_alarm():
    scores = score_classes(LINKS)
    assert list(scores.loc["natural"]) == [pytest.approx(0.5), 0.5, 0.5, 2]
    assert list(scores.loc["bought"]) == [1, 1, 1, 2]
    assert scores.loc["exchanged", "f1"] == 0
    assert macro_f1(LINKS) == pytest.approx((0.5 + 1 + 0) / 3)
    assert macro_f1(LINKS, least_count=2) == pytest.approx((0.5 + 1) / 2)
    assert abstention_share(LINKS) == pytest.approx(0.2)


def test_a_domain_counts_once_however_many_links_it_has():
    assert domain_weights(LINKS).tolist() == [1, 1, 0.5, 0.5, 1]
    assert abstention_share(LINKS, domain_weights(LINKS)) == pytest.approx(0.25)


def test_stated_probabilities_that_come_true_have_no_error():
    rows = told("\n".join(f"d{n}.example natural {'natural' if n % 10 else 'spam'} 0.9" for n in range(200)))
    assert calibration_error(rows, domain_weights(rows)) == pytest.approx(0)
    too_sure = rows.assign(probability=1.0)
    assert calibration_error(too_sure, domain_weights(rows)) == pytest.approx(0.1)


def test_the_calibration_error_does_not_depend_on_the_order_of_rows():
    rows = told(
        "\n".join(f"d{n}.example natural {'natural' if n % 3 else 'spam'} {0.5 + n % 7 / 20}" for n in range(99))
    )
    mixed = rows.sample(frac=1, random_state=1)
    assert calibration_error(rows, domain_weights(rows)) == pytest.approx(
        calibration_error(mixed, domain_weights(mixed))
    )


def test_nothing_told_has_no_calibration_error():
    rows = LINKS.assign(told_origin="unknown")
    assert pd.isna(calibration_error(rows, domain_weights(rows)))


def test_confusion_counts_every_row_once():
    counts = confusion(LINKS)
    assert counts.to_numpy().sum() == len(LINKS)
    assert counts.loc["exchanged", "natural"] == 1


def test_every_listed_link_has_its_truth(monkeypatch):
    world = small(FIT_WORLD)
    with staged_world(world) as connection:
        listed = connection.execute("SELECT count(*) FROM staging.links").fetchall()[0][0]
        links = read_links(connection)
        monkeypatch.setattr(origin_worlds, "staged_world", lambda parameters: contextlib.nullcontext(connection))
        collected = collect_links(world)
    assert len(links) == listed > 300
    assert links["link_id"].is_unique
    assert links["has_outgoing"].nunique() == 2
    assert set(links["provider"]) >= {"ahrefs_backlinks", "semrush_backlinks", "semrush_audit"}
    pd.testing.assert_frame_equal(links, collected)


def test_a_small_world_is_measured_in_every_table(measured):
    rows = [row for table in origin_portfolio.TABLES for row in table(measured)]
    assert all(tuple(row) == FIELDS for row in rows)
    assert {row["table"] for row in rows} == {
        origin_portfolio.UNSEEN,
        origin_portfolio.PER_ORIGIN,
        origin_portfolio.CONFUSION,
        origin_portfolio.PARTS,
        origin_portfolio.BY_KIND,
        origin_portfolio.ABLATION,
    }
    keys = [(row["table"], row["case"], row["metric"]) for row in rows]
    assert len(keys) == len(set(keys))
    barred = [row for row in rows if row["bar"]]
    assert [(row["case"], row["metric"]) for row in barred] == [
        (case, metric)
        for case in ("links", "referring domains")
        for metric in ("macro F1", "calibration error", "abstention share")
    ]


def test_what_is_told_without_no_rule_is_what_signals_tell(measured):
    told = measured.told.links.set_index("link_id")[["told_origin", "probability"]]
    ablated = measured.without["none"].set_index("link_id")[["told_origin", "probability"]]
    pd.testing.assert_frame_equal(ablated.loc[told.index], told, check_dtype=False)


def test_without_any_rule_nothing_is_told(measured):
    rows = {(row["case"], row["metric"]): row["value"] for row in origin_portfolio.table_ablation(measured)}
    assert rows["without all", "abstention share"] == 1
    assert rows["without none", "macro F1 it adds"] == 0
    assert rows["without all", "macro F1 it adds"] == rows["all rules", "macro F1"] > 0


def test_every_rule_is_left_out_with_its_origin_and_each_family_has_some():
    named = families()
    assert all(named.values())
    of_origins = [rule for family, rules in named.items() if family.startswith("rules for") for rule in rules]
    assert sorted(of_origins) == sorted(rule.name for rule in bundled_rules().rules)
    assert "paid_words" in named["words in texts"]
    assert "weak_domain" in named["authority and visits"]
    assert named["batches"] == {"purchase_batch", "rented_batch"}


def test_purchases_that_are_disclosed_are_not_counted(measured):
    everything, disclosed = measured.told.links, measured.told.links["is_sponsored"].astype(bool)
    purchases = everything[disclosed & everything["true_origin"].eq("bought")]
    assert len(purchases)
    assert not set(measured.links["link_id"]) & set(purchases["link_id"])
    assert len(measured.links) + len(purchases) == len(everything)


def test_a_domain_has_the_origin_of_its_first_day():
    links = told("""
        one.example bought  natural 0.5
        one.example natural natural 0.5
        one.example natural natural 0.5
    """).assign(
        first_seen_on=pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-01"]),
        link_id=["1", "2", "3"],
        is_disclosed=False,
    )
    assert origin_worlds.true_domains(links)["true_origin"].tolist() == ["bought"]


def test_tables_of_every_part_stand_together_under_their_part(monkeypatch):
    row = make_row("mutual", "a case", "recall", 1.0)
    monkeypatch.setattr(origin_portfolio, "measure_rows", lambda: [row])
    for module in (exchanges, batches):
        monkeypatch.setattr(module, "measure_rows", lambda: [row])
    monkeypatch.setattr(lockstep, "measure_rows", lambda data: [row])
    assert [found["table"] for found in origins.measure_rows()][:4] == [
        "mutual", "exchanges: mutual", "batches: mutual", "lockstep: mutual",
    ]  # fmt: skip


def test_data_that_is_no_folder_is_refused_before_anything_is_measured(tmp_path):
    with pytest.raises(UsageError, match="a folder of benchmark sets"):
        origins.measure_rows(tmp_path / "nowhere")
