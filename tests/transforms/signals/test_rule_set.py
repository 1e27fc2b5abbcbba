"""The rules as data: what comes with the project, what a team may change, and what each faulty file is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.signals.sign_rules import SAYS
from tests.transforms.text_tables import apply_rules, open_memory, query_of
from transforms.errors import UsageError
from transforms.schemas.vocabulary import ORIGINS
from transforms.signals.rule_expressions import TEXTS
from transforms.signals.rule_set import MOST_RULES, Rule, RuleSet, bundled_rules, load_rules

PLACEHOLDER = re.compile(r"\{[^}]*\}")
BOUGHT = 'origin = "bought"\nweight = 1\nsource = "us"\nquestion.en = "q"\nquestion.nl = "v"\n'
SAID = 'says.en = "Seen {seen}."\nsays.nl = "Gezien {seen}."\n'
WHOLE = BOUGHT + SAID


def changed_by(tmp_path: Path, text: str) -> RuleSet:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path)


def named(rules: RuleSet) -> dict[str, Rule]:
    return {rule.name: rule for rule in rules.rules}


@pytest.mark.parametrize("rule", bundled_rules().rules, ids=lambda rule: rule.name)
def test_every_bundled_rule_is_whole(warehouse: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    for sentence in (rule.says, rule.question):
        assert PLACEHOLDER.findall(sentence.en) == PLACEHOLDER.findall(sentence.nl)
        assert sentence.en != sentence.nl
    assert PLACEHOLDER.findall(rule.says.en) == ["{seen}"]
    assert PLACEHOLDER.findall(rule.question.en) == []
    assert rule.needs
    assert len(rule.source) > 3
    assert apply_rules(warehouse, {}, RuleSet((rule,))) == {}, "it applies to a link of which nothing is known"


def test_bundled_rules_speak_for_every_origin_and_have_a_bit_each() -> None:
    rules = bundled_rules()
    assert {rule.origin for rule in rules.rules} == set(ORIGINS) - {"unknown"}
    bits = {(rule.is_text, bit) for rule, bit in rules.numbered}
    assert len(bits) == len(rules.rules) > 40
    assert all(0 < bit < 2**MOST_RULES for _, bit in bits)


def test_without_a_file_the_bundled_rules_hold(tmp_path: Path) -> None:
    assert load_rules(tmp_path / "none.toml") is bundled_rules()
    assert changed_by(tmp_path, "").version == bundled_rules().version


def test_a_team_switches_off_weighs_anew_and_adds(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    rules = changed_by(
        tmp_path,
        f"""
        [money_anchor]
        is_on = false
        [weak_domain]
        weight = -0.25
        [own_list]
        {WHOLE}
        when = "source_domain IN ('shop.example', 'winkel.example') AND coalesce(is_nofollow, FALSE) = FALSE"
        seen = "source_domain"
        clause = "L1"
        [own_words]
        {WHOLE}
        within = "title"
        words.nl = ['kaas[ -]?actie', 'stunt']
        unless = "contains(anchor, 'gratis')"
        """,
    )
    assert "money_anchor" not in named(rules)
    assert named(rules)["weak_domain"].weight == -0.25
    assert {name for name in named(rules) if name not in named(bundled_rules())} == {"own_list", "own_words"}
    assert apply_rules(warehouse, {"source_domain": "shop.example"}, rules) == {"own_list": "shop.example"}
    assert apply_rules(warehouse, {"title": "grote kaas-actie!"}, rules) == {"own_words": "kaas-actie"}
    assert apply_rules(warehouse, {"title": "grote kaas-actie!", "anchor": "gratis"}, rules) == {}


WEAK = next(rule.weight for rule in bundled_rules().rules if rule.name == "weak_domain")


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ('[weak_domain]\nsource = "Another source."', True),
        ('[weak_domain]\nsays.en = "Weak: {seen}."\nsays.nl = "Zwak: {seen}."', True),
        (f"[weak_domain]\nweight = {WEAK}", True),
        (f"[weak_domain]\nweight = {WEAK + 0.01}", False),
        ('[weak_domain]\norigin = "natural"', False),
        ('[weak_domain]\nwhen = "source_authority <= 4"', False),
        ('[weak_domain]\nseen = "source_domain"', False),
        ('[weak_domain]\nclause = "L3"', False),
        ("[weak_domain]\nis_on = false", False),
        ("[author_page]\nwords.any = ['/(author|auteur)/']", False),
    ],
)
def test_the_version_changes_exactly_when_answers_may(tmp_path: Path, text: str, is_same: bool) -> None:
    assert (changed_by(tmp_path, text).version == bundled_rules().version) == is_same


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("[weak_domain\n", "rules.toml", "valid TOML"),
        ("weight = 3", "weight", "a table of a rule"),
        (
            '[weak_domain]\nwhen = "authority <= 4"',
            "[weak_domain]",
            "when: columns of signals.link_facts; there is no authority",
        ),
        ('[weak_domain]\nwhen = "1 IN (SELECT 1)"', "[weak_domain]", "when: no subquery"),
        ('[weak_domain]\nwhen = "EXISTS (SELECT 1 FROM staging.links)"', "[weak_domain]", "in a rule"),
        ("[weak_domain]\nseen = \"read_csv('/etc/passwd')\"", "[weak_domain]", "seen: no"),
        ('[poison_words]\nunless = "now() > 1"', "[poison_words]", "unless: no"),
        ('[weak_domain]\nwhen = "random() < 0.5"', "[weak_domain]", "in a rule"),
        ("[weak_domain]\nwhen = \"getenv('HOME') <> ''\"", "[weak_domain]", "in a rule"),
        ('[weak_domain]\nwhen = "sum(source_authority) > 4"', "[weak_domain]", "in a rule"),
        ('[weak_domain]\nwhen = "TRUE; DROP TABLE staging.links"', "[weak_domain]", "one sql expression"),
        ('[weak_domain]\nwhen = "TRUE, FALSE"', "[weak_domain]", "one sql expression"),
        ('[weak_domain]\nwhen = "TRUE FROM staging.links"', "[weak_domain]", "one sql expression"),
        ('[weak_domain]\nwhen = "source_authority <="', "[weak_domain]", "sql expression"),
        ('[weak_domain]\nwhen = ""', "[weak_domain]", "either words"),
        ("[weak_domain]\nwords.en = ['weak']", "[weak_domain]", "either words"),
        (f'[own]\n{WHOLE}when = "TRUE"', "[own]", "seen"),
        (f"[own]\n{WHOLE}", "[own]", "either words"),
        (f"[own]\n{WHOLE}words.en = ['x']", "[own]", "within is one of"),
        (f"[own]\n{WHOLE}within = \"title\"\nwords.en = ['(']", "[own]", "regular expression"),
        (f"[own]\n{WHOLE}within = \"title\"\nwords.en = ['a(?!b)']", "[own]", "looking around"),
        (f"[own]\n{WHOLE}within = \"title\"\nwords.en = ['(a)\\1']", "[own]", "looking around"),
        (f"[own]\n{WHOLE}within = \"title\"\nwords.en = ['']", "[own]", "empty patterns"),
        (f'[own]\n{BOUGHT}when = "TRUE"\nseen = "anchor"', "[own] says", "field required"),
        (f'[own]\n{BOUGHT}says.en = "x"\nwhen = "TRUE"\nseen = "anchor"', "[own] says.nl", "field required"),
        ("[weak_domain]\nwieght = 3", "[weak_domain] wieght", "extra inputs"),
        ('[weak_domain]\nweight = "heavy"', "[weak_domain] weight", "number"),
        ('[weak_domain]\nsays.en = "Weak."\nsays.nl = "Zwak: {seen}."', "[weak_domain]", "in both languages"),
        ("[weak_domain]\nweight = 21", "[weak_domain] weight", "less than or equal to 20"),
        ("[weak_domain]\nweight = nan", "[weak_domain] weight", "20"),
        ('[weak_domain]\norigin = "toxic"', "[weak_domain] origin", "natural"),
        ('[weak_domain]\nclause = "L12"', "[weak_domain] clause", "pattern"),
        ('["Own Rule"]\nweight = 1', "[Own Rule]", "pattern"),
    ],
)
def test_a_faulty_file_is_told_where_what_and_what_to_do(tmp_path: Path, text: str, place: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        changed_by(tmp_path, text)
    told = str(refused.value)
    assert str(tmp_path / "rules.toml") in told
    assert place in told
    assert said.lower() in told.lower()
    assert "docs/methods-origins.md" in told or "Mend the file." in told


def test_more_rules_than_there_are_bits_are_refused(tmp_path: Path) -> None:
    more = "\n".join(f'[own{n}]\n{WHOLE}when = "is_nofollow"\nseen = "anchor"' for n in range(MOST_RULES))
    with pytest.raises(UsageError, match=f"at most {MOST_RULES}"):
        changed_by(tmp_path, more)


# ---- the gate: one pattern of all words is looked for first ----

EDGES = (
    "(^|[^a-z])links([^a-z]|$)", "(^|[/ ])links", "links([/.-]|$)", "(?:^|[^a-z ])kaas", "kaas(?:[^a-z ]|$)", "^links",
    "kaas$", "^/?kaas$", "[?]kaas", "\\?kaas", "/x[^ ]*kaas", "\\Blinks", "\\bkaas\\b", "kaas links", "links $",
    "#kaas", "^$", "[^/]$",
)  # fmt: skip
"""Patterns that a longer text could hide from a rule, or that a rule could find in a longer text alone."""
PARTS = (
    "kaas",
    "links",
    " ",
    "/",
    "?",
    "#",
    "x",
    ".",
    "-",
    "casino",
    "online",
    "slots",
    ".html",
    "tg @",
    "[adv]",
    "a=1",
)
TEXT = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
LINKS = st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT), min_size=20, max_size=40)


def edge_rules() -> RuleSet:
    """Each of these patterns in each text, as many as fit."""
    rules = [
        Rule(
            name=f"{within}_{number}", origin="spam", weight=1, question=SAYS, says=SAYS, source="a test",
            within=within, words={"any": (pattern,)},
        )
        for number, pattern in enumerate(EDGES)
        for within in TEXTS
    ]  # fmt: skip
    return RuleSet(tuple(rules))


def parts_of(rules: RuleSet) -> Iterator[RuleSet]:
    for start in range(0, len(rules.rules), MOST_RULES):
        yield RuleSet(rules.rules[start : start + MOST_RULES])


@settings(max_examples=4, deadline=None)
@given(links=LINKS)
def test_a_rule_finds_the_same_with_the_gate_and_without(links: list[tuple[str, ...]]) -> None:
    with open_memory() as warehouse:
        for number, (address, title, anchor, left, right) in enumerate(links):
            warehouse.execute(
                "INSERT INTO staging.links BY NAME SELECT 'kaas.example' AS site_domain, 'p' AS provider, "
                "'bron.example' AS source_domain, ? AS link_number, 1 AS text_hash, 'https://bron.example' || ? AS "
                "source_url, ? AS source_title, ? AS anchor_text, ? AS left_context, ? AS right_context, "
                "'https://kaas.example/' AS target_url",
                [number, address, title or None, anchor or None, left or None, right or None],
            )
        warehouse.execute(f"CREATE TABLE texts AS {query_of('signals.link_texts')}")
        text_rules = RuleSet(tuple(rule for rule in bundled_rules().rules if rule.is_text))
        for rules in (text_rules, *parts_of(edge_rules())):
            gated = warehouse.execute(
                f"SELECT link_number, text_bits FROM ({query_of('signals.text_marks', rules)}) ORDER BY 1",
                {"rule_set": rules.version},
            ).fetchall()
            bits = " + ".join(f"CASE WHEN {rule.condition} THEN {bit} ELSE 0 END" for rule, bit in rules.numbered)
            assert gated == warehouse.execute(f"SELECT link_number, {bits} FROM texts ORDER BY 1").fetchall()


@pytest.mark.parametrize(
    ("within", "pattern", "is_gated"),
    [
        ("title", "kaas", True), ("title", "(^|[^a-z])kaas([^a-z]|$)", True), ("title", "(^|[/])kaas", False),
        ("path", "(^|[^a-z])kaas", False), ("title", "^kaas", False), ("title", "kaas$", False),
        ("path", "/kaas", True),
        ("title", "[^a-z$]kaas", True), ("title", "(^|[^ ])kaas", False), ("title", "\\Bkaas", False),
    ],
)  # fmt: skip
def test_what_asks_for_an_edge_of_its_text_is_not_looked_for_in_a_longer_one(
    within: str, pattern: str, is_gated: bool
) -> None:
    (rule,) = (rule for rule in edge_rules().rules[:1])
    assert rule.model_copy(update={"within": within, "words": {"any": (pattern,)}}).is_gated == is_gated


def test_most_bundled_words_are_gated() -> None:
    with_words = [rule for rule in bundled_rules().rules if rule.words]
    assert [rule.name for rule in with_words if not rule.is_gated] == []
