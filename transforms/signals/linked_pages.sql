-- signals.linked_pages: the pages that links lead to, and what each looks like by its address.
WITH pages AS (
  SELECT
    site_domain,
    target_url,
    count(*) AS link_count,
    regexp_extract(lower(target_url), '^https?://[^/?#]*(/[^?#]*)', 1) AS target_path
  FROM staging.links
  GROUP BY site_domain, target_url
)

SELECT
  site_domain,
  target_url,
  target_path,
  CASE
    WHEN regexp_matches(target_path, '^/?([a-z]{2}(-[a-z]{2})?/?)?((index|default|home)[.][a-z]+)?$') THEN 'home'
    WHEN regexp_matches(target_path, '[.](png|jpe?g|gif|svg|webp|ico|pdf|css|js|xml|zip|mp3|mp4)$') THEN 'file'
    WHEN
      regexp_matches(
        target_path,
        '/(shop|webshop|winkel|store|boutique|tienda|products?|producten?|produk?te?|produits?|productos?|categor(y|ies|ie|ieen|ia|ias)|collections?|cart|checkout|winkelwagen|warenkorb|panier|order|bestel(len)?|prij(s|zen)|prices?|pricing|tarie(f|ven)|tarifs?|preise?|precios?|offertes?|quote|aanbieding(en)?|deals?|offers?|ofertas?|offres?|angebote?|sale|korting|discounts?|huren|rent|rental|boeken|booking|diensten?|services?|leistungen|servicios)(/|[.]|$)'
      )
      OR regexp_matches(
        target_path, '[/-](kopen|koop|buy|kaufen|acheter|comprar|goedkope?|cheap|bestellen|huren|offerte)([/.-]|$)'
      )
      THEN 'commercial'
    WHEN
      regexp_matches(
        target_path,
        '/(blogs?|weblog|news|nieuws|actualites?|noticias|aktuelles|artikel(en)?|articles?|articulos?|posts?|guides?|gids(en)?|handleiding(en)?|ratgeber|guias?|how-to|tips|advies|advice|conseils?|consejos|kennis(bank|base)?|knowledge(-?base)?|wiki|faq|veelgestelde-vragen|magazine|journal|stories|verhalen|learn|academy|resources?|onderzoek|research|reports?|dossiers?|themas?|topics?|glossary|begrippen|recepten?|recipes?|tutorials?|press|pers)(/|[.]|$)'
      )
      OR regexp_matches(target_path, '/(19|20)[0-9]{2}/[0-9]{1,2}/')
      OR regexp_matches(target_path, '/[^/]+-[^/]+-[^/]+-[^/]+/?$')
      THEN 'informational'
    ELSE 'other'
  END AS target_kind,
  CAST(link_count AS BIGINT) AS link_count
FROM pages
