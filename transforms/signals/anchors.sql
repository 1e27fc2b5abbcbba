-- signals.anchors: every anchor text of a site and provider, what it is, and how many referring domains use it. Anchors
-- repeat, so that it costs less to judge each once than to judge every link. What is disclosed as paid is within policy:
-- it makes no anchor a repeated one.
WITH anchors AS (
  SELECT
    site_domain,
    provider,
    lower(trim(coalesce(anchor_text, ''))) AS anchor,
    count(DISTINCT CASE WHEN NOT coalesce(is_sponsored, FALSE) THEN source_domain END) AS domain_count
  FROM staging.links
  GROUP BY site_domain, provider, lower(trim(coalesce(anchor_text, '')))
),

spelt AS (
  SELECT
    anchors.*,
    words.label,
    words.brands,
    -- Letters of the anchor without spaces and signs; accents cost much to take off, so only where there are any.
    CASE
      WHEN regexp_matches(anchor, '[^ -~]')
        THEN translate(anchor, 'áàâäãåéèêëíìîïóòôöõúùûüñç -._', 'aaaaaaeeeeiiiiooooouuuunc')
      ELSE replace(replace(replace(replace(anchor, ' ', ''), '-', ''), '.', ''), '_', '')
    END AS bare_anchor,
    regexp_matches(anchor, '^(https?:|www[.]|[a-z0-9-]+([.][a-z0-9-]+)+(/|$))') AS is_address
  FROM anchors
  LEFT JOIN signals.site_words AS words ON anchors.site_domain = words.site_domain
),

judged AS (
  SELECT
    site_domain,
    provider,
    anchor,
    domain_count,
    CASE
      WHEN anchor = '' THEN 'empty'
      WHEN is_address AND contains(anchor, site_domain) THEN 'own_address'
      WHEN is_address OR contains(anchor, site_domain) OR contains(anchor, '//') OR contains(anchor, '@') THEN 'address'
      -- The brand as the domain name spells it, its words in any order: "Fablewick Bookbinding" for bookbinding-fablewick.
      WHEN
        (
          length(label) >= 4
          AND contains(bare_anchor, split_part(label, '-', 1))
          AND contains(bare_anchor, split_part(label, '-', 2))
          AND contains(bare_anchor, split_part(label, '-', 3))
        )
        OR array_length(
          list_filter(string_split(coalesce(brands, ''), '|'), lambda brand: brand <> '' AND contains(anchor, brand))
        ) > 0
        THEN 'brand'
      -- Half a brand ("Bookbinding") may be a name or a keyword: it speaks for neither.
      WHEN length(bare_anchor) >= 4 AND contains(replace(label, '-', ''), bare_anchor) THEN 'half_brand'
      WHEN
        regexp_matches(
          anchor,
          '^((click |klik |cliquez )?(here|hier|ici|aqu[ií]|link|site|web|website|homepage|home|source|bron|quelle)|(visit|official|view|bezoek|zur|site|p[aá]gina) ?(the )?(web|website|site)|(deze|this|the|cette|diese|esta|via deze|their|our) (site|website|page|pagina|link|shop|webshop|webwinkel|seite|p[aá]gina|article|artikel)|(read|learn|lees|find out|ver|en savoir) ?(more|meer|information|informatie|erfahren|m[aá]s|plus)?|(more|meer|mehr) ?(information|informatie|erfahren|info)?)[ .!:>]*$'
        )
        THEN 'generic'
      WHEN
        length(anchor) <= 60
        AND regexp_matches(
          anchor,
          '(^|[^a-z])(buy|cheap|cheapest|best|discount|deals?|prices?|for sale|order|kopen|koop|goedkoo?pe?|goedkoopste|bestellen|aanbieding(en)?|korting|prij(s|zen)|kosten|costs?|tarie(f|ven)|offerte|beste|huren|acheter|achat|pas cher|prix|promo|louer|kaufen|günstige?|billig|angebote?|preise?|comprar|barat[oa]s?|ofertas?|precios?|mejor(es)?|alquiler|lening|loans?|insurance|verzekering|hypotheek|mortgage|krediet|credit)([^a-z]|$)'
        )
        THEN 'money'
      -- Up to four words: longer anchors quote a title or a sentence, which many do by themselves.
      WHEN length(anchor) BETWEEN 4 AND 40 AND length(anchor) - length(replace(anchor, ' ', '')) <= 3 THEN 'keyword'
      ELSE 'phrase'
    END AS anchor_kind
  FROM spelt
)

SELECT
  judged.site_domain,
  judged.provider,
  judged.anchor,
  judged.anchor_kind,
  CAST(judged.domain_count AS BIGINT) AS domain_count,
  (keywords.keyword IS NOT NULL) AS is_site_keyword
FROM judged
LEFT JOIN signals.site_keywords AS keywords
  ON judged.site_domain = keywords.site_domain AND judged.anchor = keywords.keyword
