"""A team's own rules: through the command line, stored with what they gave, and refused before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penalty_radar import walk
from penalty_radar.rules_in_force import describe_rules, read_rules
from tests.penalty_radar.test_cli import command
from tests.transforms.ingest.made_exports import SITE, semrush, semrush_row
from transforms.errors import UsageError
from transforms.settings import Settings
from transforms.signals.rule_set import bundled_rules
from transforms.warehouse import open_writer

OWN_RULE = """
[friend]
question.en = "Is it our friend's site?"
question.nl = "Is het de site van onze vriend?"
origin = "exchanged"
weight = 9.0
when = "source_domain = 'vriend.example'"
seen = "source_domain"
source = "The team knows."
says.en = "A friend's site: {seen}."
says.nl = "De site van een vriend: {seen}."
"""

FAULTY = [
    ("[friend", "valid TOML"),
    ("[money_anchor]\nweight = 'heavy'\n", "money_anchor"),
    (OWN_RULE.replace("source_domain = 'vriend.example'", "source_domian = 'x'"), "there is no source_domian"),
    (OWN_RULE.replace("source_domain = 'vriend.example'", "source_authority > 'strong'"), "[friend] when"),
    (OWN_RULE.replace("source_domain = 'vriend.example'", "CAST(title AS INTEGER) > 3"), "[friend] when"),
    (OWN_RULE.replace("source_domain = 'vriend.example'", "source_link_count"), "true or false"),
    (OWN_RULE.replace('seen = "source_domain"', 'seen = "source_link_count"'), "[friend] seen"),
]


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """One export with an ordinary link and one of the friend."""
    folder = tmp_path / "exports" / SITE
    folder.mkdir(parents=True)
    rows = [semrush_row(f"https://blog{number}.example/stuk") for number in range(4)]
    (folder / "links.csv").write_bytes(semrush(*rows, semrush_row("https://vriend.example/links-van-ons")))
    return tmp_path / "exports"


def run(capsys: pytest.CaptureFixture[str], exports: Path, rules: str | None) -> tuple[int, str, Path]:
    """Exit code and errors of one run with these rules, and its warehouse."""
    folder = exports.parent
    options = []
    if rules is not None:
        (folder / "rules.toml").write_text(rules, encoding="utf-8")
        options = ["--rules", str(folder / "rules.toml")]
    warehouse = folder / "w.duckdb"
    ended, _, errors = command(
        capsys,
        *("run", "--exports", str(exports), "--warehouse", str(warehouse), "--report", str(folder / "report")),
        *options,
    )
    return ended, " ".join(errors.split()), warehouse


def origins_of(warehouse: Path) -> dict[str, tuple[Any, ...]]:
    """By referring domain: origin, rules that apply and version of the rules."""
    with open_writer(warehouse) as connection:
        # A warehouse that is opened keeps the views that its last run made.
        rows = connection.execute(
            "SELECT source_domain, origin, list_transform(evidence, lambda item: item.rule), rule_set "
            "FROM signals.link_origins"
        ).fetchall()
    return {domain: tuple(rest) for domain, *rest in rows}


def test_a_rule_added_weighed_anew_or_switched_off_changes_the_result(
    capsys: pytest.CaptureFixture[str], exports: Path
) -> None:
    ended, errors, warehouse = run(capsys, exports, None)
    assert ended == 0, errors
    plain = origins_of(warehouse)
    assert {version for _, _, version in plain.values()} == {bundled_rules().version}
    ended, errors, _ = run(capsys, exports, OWN_RULE)
    assert ended == 0, errors
    added = origins_of(warehouse)
    assert added["vriend.example"][0] == "exchanged" != plain["vriend.example"][0]
    assert "friend" in added["vriend.example"][1]
    (version,) = {version for _, _, version in added.values()}
    assert version != bundled_rules().version
    name = plain["blog0.example"][1][0]
    changes = OWN_RULE.replace("9.0", "0.1") + f"[{name}]\nis_on = false\n"
    ended, errors, _ = run(capsys, exports, changes)
    assert ended == 0, errors
    weighed = origins_of(warehouse)
    assert weighed["vriend.example"][0] != "exchanged"
    assert "friend" in weighed["vriend.example"][1]
    assert name not in weighed["blog0.example"][1]
    assert {found for _, _, found in weighed.values()}.isdisjoint({version, bundled_rules().version})


@pytest.mark.parametrize(("rules", "words"), FAULTY)
def test_a_faulty_file_ends_with_two_before_anything_is_written(
    capsys: pytest.CaptureFixture[str], exports: Path, rules: str, words: str
) -> None:
    ended, errors, warehouse = run(capsys, exports, rules)
    assert ended == 2
    assert words in errors
    assert "rules.toml" in errors
    assert "Traceback" not in errors
    assert not warehouse.exists()


def test_tasks_refuse_a_faulty_file_as_the_command_does(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("[money_anchor]\nweight = 'heavy'\n", encoding="utf-8")
    settings = Settings(warehouse=tmp_path / "w.duckdb", rules=tmp_path / "rules.toml", sites=tmp_path / "sites.toml")
    for task in (
        lambda: walk.list_sites(settings, as_of="2026-06-30"),
        lambda: walk.run_stage(settings, "signals", as_of="2026-06-30"),
        lambda: walk.run_walk(settings),
    ):
        with pytest.raises(UsageError, match="money_anchor"):
            task()
    assert not settings.warehouse.exists()


def test_the_doctor_says_which_rules_are_in_force(tmp_path: Path) -> None:
    settings = Settings(rules=tmp_path / "rules.toml")
    assert read_rules(settings) is bundled_rules()
    assert f"bundled, version {bundled_rules().version}" in describe_rules(settings)
    settings.rules.write_text(
        OWN_RULE + "[money_anchor]\nis_on = false\n[weak_domain]\nweight = 1.25\n", encoding="utf-8"
    )
    told = describe_rules(settings)
    assert "added friend; off money_anchor; changed weak_domain" in told
    assert str(settings.rules) in told
