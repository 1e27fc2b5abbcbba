"""signals.site_words: the names of a site, and the words that tell it from other sites."""

from __future__ import annotations

import datetime
from collections import Counter

import pandas as pd
import pytest

from transforms.signals.parameters import Parameters
from transforms.signals.site_words import build, find_topics

AS_OF = datetime.date(2026, 6, 30)


def words_of(
    pages: dict[str, list[str]],
    *,
    keywords: dict[str, list[str]] | None = None,
    brands: dict[str, str] | None = None,
    had: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Rows by site, for the sites that have ``pages``; ``had`` are the topics of the night before."""

    def frame(told: dict[str, list[str]], column: str) -> pd.DataFrame:
        rows = [(site, text) for site, texts in told.items() for text in texts]
        return pd.DataFrame(rows, columns=["site_domain", column], dtype="str")

    listed = pd.DataFrame(list((brands or {}).items()), columns=["site_domain", "brand_words"], dtype="str")
    frames = {
        "signals.site_pages": frame(pages, "page_path"),
        "signals.site_keywords": frame(keywords or {}, "keyword"),
        "staging.known_exports": pd.DataFrame({"site_domain": [*pages, *pages]}, dtype="str"),
        "ingest.listed_sites": listed,
        "signals.site_words": pd.DataFrame(list((had or {}).items()), columns=["site_domain", "topics"], dtype="str"),
    }
    return build(frames, as_of=AS_OF).set_index("site_domain")


PAGES = {
    "kaas-boer.example": ["/fondue/kruidnagel", "/fondue/kirsch", "/kaas/boer", "/nieuws/fondue", "/winkel/saus"],
    "fiets.example": ["/winkel/saus", "/winkel/saus-pan", "/zadel", "/zadel-leer"],
}


def test_words_that_many_pages_share_and_other_sites_do_not_are_topics() -> None:
    words = words_of(PAGES, keywords={"kaas-boer.example": ["Kruidnagel kopen"]})
    assert words.loc["kaas-boer.example", "topics"] == "fondue|kruidnagel"
    assert words.loc["fiets.example", "topics"] == "zadel|saus"
    assert words["label"].to_dict() == {"kaas-boer.example": "kaas-boer", "fiets.example": "fiets"}


def test_a_word_of_every_site_is_no_topic_and_a_rarer_one_weighs_more() -> None:
    documents = {f"s{number}.example": Counter({"overal": 9, f"eigen{number}": 2}) for number in range(10)}
    documents["s0.example"]["half"] = 2
    for number in range(1, 5):
        documents[f"s{number}.example"]["half"] = 2
    topics = find_topics(documents, Parameters())
    assert topics["s0.example"] == ["eigen0", "half"]
    assert topics["s9.example"] == ["eigen9"]


def test_topics_are_so_many_and_ties_go_by_word() -> None:
    document = Counter({f"woord{letter}": 2 for letter in "zyxwvutsrqponm"})
    (topics,) = find_topics({"s.example": document}, Parameters()).values()
    assert topics == sorted(document)[: Parameters().topic_count]


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        ({}, True),
        ({"brands": {"fiets.example": "Trapper"}}, True),
        ({"brands": {"kaas-boer.example": "Zuivelmeester"}}, False),
        ({"keywords": {"kaas-boer.example": ["eenmalig"]}}, True),
        ({"keywords": {"kaas-boer.example": ["brie", "zachte brie"]}}, False),
    ],
)
def test_the_version_changes_with_the_words_of_the_site_alone(changed: dict[str, object], is_same: bool) -> None:
    before, after = words_of(PAGES), words_of(PAGES, **changed)  # type: ignore[arg-type]
    versions = {words["words_version"].to_dict()["kaas-boer.example"] for words in (before, after)}
    assert (len(versions) == 1) == is_same


def test_brands_are_lower_case_and_a_site_without_any_has_none() -> None:
    words = words_of(PAGES, brands={"kaas-boer.example": "Zuivelmeester|Boer Bob", "gone.example": "Weg"})
    assert words["brands"].to_dict() == {"kaas-boer.example": "zuivelmeester|boer bob", "fiets.example": ""}


def test_without_pages_there_are_no_topics() -> None:
    words = words_of({"leeg.example": []})
    assert words["topics"].to_list() == [""]


@pytest.mark.parametrize(
    ("had", "kept"),
    [
        ("kruidnagel|fondue", True),  # the same words in another order
        ("fondue|raclette", False),  # half of them are gone
        ("", False),
    ],
)
def test_topics_stay_as_long_as_most_are_found_again(had: str, kept: bool) -> None:
    words = words_of(PAGES, keywords={"kaas-boer.example": ["Kruidnagel kopen"]}, had={"kaas-boer.example": had})
    assert words.loc["kaas-boer.example", "topics"] == (had if kept else "fondue|kruidnagel")
