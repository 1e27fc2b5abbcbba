"""Search queries of a site: its brand, its commercial keywords with what people add, and what it explains."""

from __future__ import annotations

from penalty_radar.simulation.parameters import Site

KEYWORD_TAILS = {
    "nl": ("", "online", "prijs", "ervaringen", "utrecht", "amsterdam", "vergelijken", "tips", "test", "in de buurt"),
    "en": ("", "online", "price", "reviews", "london", "near me", "best", "tips", "sale", "for beginners"),
    "de": ("", "online", "preis", "erfahrungen", "berlin", "hamburg", "vergleich", "tipps", "test", "in der nähe"),
    "fr": ("", "en ligne", "prix", "avis", "paris", "lyon", "comparatif", "conseils", "test", "près de chez moi"),
    "es": ("", "online", "precio", "opiniones", "madrid", "valencia", "comparar", "consejos", "oferta", "cerca de mí"),
}
"""What people add to a commercial keyword, by language."""

BRAND_TAILS = {
    "nl": ("", "openingstijden", "contact", "kortingscode", "review"),
    "en": ("", "opening times", "contact", "discount code", "review"),
    "de": ("", "öffnungszeiten", "kontakt", "gutschein", "bewertung"),
    "fr": ("", "horaires", "contact", "code promo", "avis"),
    "es": ("", "horario", "contacto", "código descuento", "opiniones"),
}
"""What people add to a brand, by language."""


def search_queries(site: Site) -> list[tuple[str, str]]:
    """Queries with their kind (``brand``, ``money`` or ``info``), each once, in a fixed order."""
    brand = site.brand.lower()
    queries = [(f"{brand} {tail}".strip(), "brand") for tail in BRAND_TAILS[site.language]]
    queries.append((site.domain, "brand"))
    tails = KEYWORD_TAILS[site.language]
    for page in site.money_pages:
        queries += [(f"{keyword} {tail}".strip(), "money") for keyword in page.keywords for tail in tails]
    for info in site.info_pages:
        words = info.title.lower().replace(":", "").split()
        queries += [(" ".join(words[:length]), "info") for length in range(2, len(words) + 1)]
    queries += [(topic, "info") for topic in site.topics]
    return list(dict(reversed(queries)).items())[::-1]
