"""The catalogue: the same sentences in each language, and values written the way each language writes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.messages import FOLDER, LANGUAGES, MessageError, catalogue, placeholders, read_catalogue, say
from transforms.schemas.vocabulary import (
    BASES,
    CADENCES,
    CAUSES,
    EVENT_KINDS,
    ORIGINS,
    TIERS,
    VERDICTS,
)
from transforms.signals.rule_set import bundled_rules

REPORTS = FOLDER.parent
KEY_IN_TEMPLATE = re.compile(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""")
KEY_IN_CODE = re.compile(r"""\b(?:speaker\.)?say\(\s*"([\w.]+)"\s*[,)]""")


def write(folder: Path, text: str, name: str = "area.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_languages_name_the_same_values_in_the_same_formats() -> None:
    assert len(catalogue()) > 300
    for key, sentences in catalogue().items():
        assert set(sentences) == set(LANGUAGES), key
        assert all(text.strip() for text in sentences.values()), key
        english, dutch = ({pair for pair in placeholders(text) if pair[1] != "|"} for text in sentences.values())
        assert english == dutch, key


def test_templates_and_code_use_sentences_that_exist() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("templates/*.j2")))
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.py")))
    used = set(KEY_IN_TEMPLATE.findall(templates)) | set(KEY_IN_CODE.findall(code))
    assert len(used) > 100
    assert used - set(catalogue()) == set()


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("", ORIGINS), ("tier.", TIERS), ("basis.", BASES), ("verdict.", VERDICTS), ("cause.", CAUSES),
     ("event.", EVENT_KINDS), ("", CADENCES), ("language.", LANGUAGES)],
)  # fmt: skip
def test_every_word_of_the_vocabulary_has_a_name(prefix: str, words: tuple[str, ...]) -> None:
    assert [word for word in words if f"term.{prefix}{word}" not in catalogue()] == []


@pytest.mark.parametrize("word", ["toxic", "caused by", "likely explain", "toxisch", "veroorzaakt", "verklaren het"])
def test_no_sentence_claims_more_than_is_known(word: str) -> None:
    claims = [key for key, texts in catalogue().items() if any(word in text.lower() for text in texts.values())]
    said = {
        rule.name: (rule.says.en, rule.says.nl, rule.question.en, rule.question.nl) for rule in bundled_rules().rules
    }
    claims += [name for name, texts in said.items() if any(word in text.lower() for text in texts)]
    assert claims == []


@pytest.mark.parametrize(
    ("template", "value", "english", "dutch"),
    [
        ("{value:number}", 1234567.4, "1,234,567", "1.234.567"),
        ("{value:decimal}", 1234.56, "1,234.6", "1.234,6"),
        ("{value:measure}", 0.25, "0.25", "0,25"),
        ("{value:percent}", 0.124, "12%", "12%"),
        ("{value:percent}", 0.0007, "< 1%", "< 1%"),
        ("{value:percent}", 0.9993, "> 99%", "> 99%"),
        ("{value:percent}", 1, "100%", "100%"),
        ("{value:probability}", 0.034, "0.03", "0,03"),
        ("{value:probability}", 0.0042, "0.004", "0,004"),
        ("{value:probability}", 0.00002, "< 0.001", "< 0,001"),
        ("{value:probability}", 0.9993, "> 0.99", "> 0,99"),
        ("{value:date}", "2026-03-04", "4 Mar 2026", "4 mrt 2026"),
        ("{value:date}", "2026-11-15T00:00:00", "15 Nov 2026", "15 nov 2026"),
        ("{value:term}", "bought", "bought", "gekocht"),
        ("{value:term}", "a_new_provider", "a_new_provider", "a_new_provider"),
        ("{value}", "<b>", "<b>", "<b>"),
        ("{value|link|links}", 1, "link", "link"),
        ("{value|link|links}", 0, "links", "links"),
        ("{value:number}", None, "–", "–"),
    ],
)
def test_values_are_written_as_the_language_does(
    monkeypatch: pytest.MonkeyPatch, template: str, value: object, english: str, dutch: str
) -> None:
    sentences = {**catalogue(), "test.value": {"en": template, "nl": template}}
    monkeypatch.setattr("reports.messages.catalogue", lambda: sentences)
    assert (say("test.value", "en", value=value), say("test.value", "nl", value=value)) == (english, dutch)


def test_values_never_become_placeholders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.messages.catalogue", lambda: {"test": {"en": "{a} {b}", "nl": "{a} {b}"}})
    assert say("test", "en", a="{b}", b="{a}", unused=1) == "{b} {a}"


@pytest.mark.parametrize(
    ("arguments", "language", "key", "said"),
    [
        ({}, "en", "no.such.key", "no sentence 'no.such.key'"),
        ({}, "en", "finding.surge", "asks for 'origin'"),
        ({}, "fr", "page.skip", "no language 'fr'"),
        ({"as_of": "yesterday", "count": 1}, "en", "portfolio.kicker", "does not suit 'date'"),
    ],
)
def test_what_cannot_be_said_is_named(arguments: dict[str, object], language: str, key: str, said: str) -> None:
    with pytest.raises(MessageError, match=re.escape(said)):
        say(key, language, **arguments)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["a.b"]\nen = "x"\n', "expected ['en', 'nl']"),
        ('["a.b"]\nen = "{x}"\nnl = "{y}"\n', "different placeholders"),
        ('["a.b"]\nen = "{x:money}"\nnl = "{x:money}"\n', "format 'money'"),
        ('[a.b]\nen = "x"\nnl = "y"\n', "Quote a key"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MessageError, match=re.escape(said)) as refused:
        read_catalogue(write(tmp_path, text))
    assert "area.toml" in str(refused.value)


def test_a_key_stands_in_one_file_only(tmp_path: Path) -> None:
    sentence = '["a"]\nen = "x"\nnl = "y"\n'
    write(tmp_path, sentence)
    with pytest.raises(MessageError, match="another file"):
        read_catalogue(write(tmp_path, sentence, "second.toml"))
