"""signals.site_words: the words by which the texts of a site's links are judged.

Topics are found by term frequency times inverse document frequency (Spärck Jones 1972) over the monitored sites: a
site's document is the paths of its pages that most domains link to, and the keywords it is found under.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from transforms.signals.parameters import Parameters

READS = (
    "signals.site_words",
    "signals.site_pages",
    "signals.site_keywords",
    "staging.known_exports",
    "ingest.listed_sites",
)

_WORD = re.compile(r"[^\W\d_]+")
_STOP_WORDS = frozenset({
    "about", "account", "actueel", "amp", "aquí", "archive", "article", "artikel", "author", "avec", "beste",
    "blog", "blogs", "cart", "category", "categorie", "com", "comment", "component", "content", "contact", "cookie",
    "dans", "default", "detail", "details", "deze", "dienst", "diensten", "download", "een", "este", "faq", "feed",
    "files", "from", "haben", "have", "hier", "home", "html", "http", "https", "image", "images", "index", "info",
    "into", "item", "items", "jpeg", "jpg", "kategorie", "kontakt", "language", "leistungen", "login", "main",
    "media", "mehr", "meer", "menu", "more", "news", "nicht", "nieuws", "node", "non", "nous", "onze", "our",
    "over", "page", "pages", "pagina", "para", "php", "plus", "png", "por", "post", "posts", "pour", "privacy",
    "prix", "product", "producten", "products", "produkt", "produkte", "produit", "produits", "producto",
    "productos", "que", "search", "seite", "service", "services", "shop", "site", "sitemap", "sobre", "store",
    "tag", "tags", "terms", "that", "the", "theme", "tienda", "und", "uploads", "user", "van", "voor", "webshop",
    "wijze", "winkel", "with", "www", "your",
})  # fmt: skip
"""Words of any site's addresses, in five languages: they tell no site from another."""


def build(
    frames: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Parameters | None = None,
) -> pd.DataFrame:
    """One row per site with links: ``label``, ``brands``, ``topics`` (texts parted by ``|``) and ``words_version``."""
    chosen = params or Parameters()
    sites = sorted(set(frames["staging.known_exports"]["site_domain"]))
    listed = frames["ingest.listed_sites"]
    brands = dict(zip(listed["site_domain"], listed["brand_words"].fillna(""), strict=True))
    topics = keep_topics(frames["signals.site_words"], find_topics(_documents(sites, frames), chosen), chosen)
    rows = []
    for site in sites:
        words = (_label(site), str(brands.get(site, "")).lower(), "|".join(topics[site]))
        version = hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]
        rows.append((site, *words, version))
    return pd.DataFrame(rows, columns=["site_domain", "label", "brands", "topics", "words_version"], dtype="str")


def find_topics(documents: Mapping[str, Counter[str]], params: Parameters) -> dict[str, list[str]]:
    """By site, up to ``params.topic_count`` words, heaviest first; ties by word, so that runs agree."""
    site_counts = Counter(word for document in documents.values() for word in document)
    most = max(len(documents), params.least_compared_sites)
    topics = {}
    for site, document in documents.items():
        weights = {
            word: count * np.log(most / site_counts[word])
            for word, count in document.items()
            if count >= params.least_topic_pages and site_counts[word] < most
        }
        topics[site] = sorted(weights, key=lambda word: (-weights[word], word))[: params.topic_count]
    return topics


def keep_topics(known: pd.DataFrame, found: Mapping[str, list[str]], params: Parameters) -> dict[str, list[str]]:
    """The topics that a site had, as long as most of them are found again: texts are read anew when they change."""
    former = {
        str(site): [word for word in str(words).split("|") if word]
        for site, words in zip(known["site_domain"], known["topics"], strict=True)
    }
    kept = {}
    for site, words in found.items():
        had = former.get(site, [])
        still = len(set(had) & set(words))
        kept[site] = had if had and still >= params.kept_topic_share * max(len(had), len(words)) else list(words)
    return kept


def _label(site: str) -> str:
    """The name in the domain: its first part without the numbers that some add to find a free one."""
    first = site.split(".", maxsplit=1)[0]
    return "-".join(part for part in first.split("-") if not part.isdigit()) or first


def _documents(sites: Iterable[str], frames: Mapping[str, pd.DataFrame]) -> dict[str, Counter[str]]:
    """By site, in how many of its pages and keywords a word stands."""
    documents: dict[str, Counter[str]] = {site: Counter() for site in sites}
    for name, column in (("signals.site_pages", "page_path"), ("signals.site_keywords", "keyword")):
        frame = frames[name]
        for site, text in zip(frame["site_domain"], frame[column], strict=True):
            if site in documents:
                documents[site].update(set(_words_of(str(text), site)))
    return documents


def _words_of(text: str, site: str) -> list[str]:
    label = site.split(".", maxsplit=1)[0]
    return [
        word
        for word in _WORD.findall(text.lower())
        if 4 <= len(word) <= 24 and word not in _STOP_WORDS and word not in label
    ]
