-- signals.link_evidence: what speaks for an origin, one row per link and named rule that applies.
--
-- Arrangement. Facts about groups of links (domains, anchors, addresses, titles, scripts, mutual links) are small
-- aggregates that keep only groups past their threshold. One wide scan of staging.links then works every feature out
-- once, folds the rules that apply into one integer (a bit per rule) and meets the inline list of rules, so that a
-- rule costs a comparison per link, not a scan. Patterns over long text run only where a first pattern with all
-- stems has matched.
--
-- What a provider leaves out is unknown: rules about authority or visits apply only where the value is known. Weakness
-- of a group is judged by the known domain authorities; where there is none, by page authorities, because Semrush
-- Backlinks scores pages only. Most pages of ordinary domains score near zero too, so that this reading leans to weak,
-- hence to spam rather than to an origin that the site would have arranged. With neither score it speaks for neither.
--
-- The rules, their sources and which weights are guesses: docs/methods-origins.md. The provider's own risk score is
-- left aside on purpose: it serves as an outside check of these rules.
WITH rules (bit, rule, origin, weight, policy_clause) AS (
  VALUES
    (CAST(1 AS BIGINT), 'paid_words', 'bought', CAST(5.0 AS DECIMAL(6, 2)), 'L6'),
    (2, 'disclosed_as_sponsored', 'bought', 0.0, NULL),
    (4, 'repeated_anchor', 'bought', 1.8, 'L6'),
    (8, 'money_anchor', 'bought', 1.6, 'L1'),
    (16, 'authority_without_audience', 'bought', 0.9, 'L1'),
    (32, 'guest_post_words', 'guest_post', 5.0, 'L6'),
    (64, 'author_bio', 'guest_post', 2.5, 'L6'),
    (128, 'author_page', 'guest_post', 0.6, 'L6'),
    (256, 'exchange_words', 'exchanged', 4.0, 'L2'),
    (512, 'links_page', 'exchanged', 2.4, 'L2'),
    (1024, 'mutual_link_same_time', 'exchanged', 3.2, 'L2'),
    (2048, 'mutual_link', 'exchanged', 2.1, 'L2'),
    (4096, 'sitewide_link', 'link_programme', 1.2, 'L9'),
    (8192, 'shared_address', 'link_programme', 1.4, 'L11'),
    (16384, 'shared_title', 'link_programme', 1.2, 'L11'),
    (32768, 'directory_page', 'link_programme', 0.9, 'L7'),
    (65536, 'link_seller_words', 'spam', 2.8, 'L3'),
    (131072, 'statistics_page', 'spam', 1.8, 'L11'),
    (262144, 'shared_address_of_weak_domains', 'spam', 1.6, 'L3'),
    (524288, 'shared_title_of_weak_domains', 'spam', 1.4, 'L3'),
    (1048576, 'subdomain_farm', 'spam', 1.2, 'L3'),
    (2097152, 'thousand_external_links', 'spam', 2.0, 'L7'),
    (4194304, 'hundred_external_links', 'spam', 0.6, 'L7'),
    (8388608, 'generated_address', 'spam', 1.0, 'L3'),
    (16777216, 'weak_domain', 'spam', 0.5, NULL),
    (33554432, 'poison_words', 'spam', 1.5, 'L3'),
    (67108864, 'foreign_script', 'spam', 0.5, NULL),
    (134217728, 'provider_spam_flag', 'spam', 1.6, NULL),
    (268435456, 'comment_with_money_anchor', 'spam', 2.0, 'L10'),
    (536870912, 'brand_anchor', 'natural', 0.7, NULL),
    (1073741824, 'address_anchor', 'natural', 0.7, NULL),
    (2147483648, 'running_text', 'natural', 0.3, NULL),
    (4294967296, 'ordinary_page', 'natural', 0.5, NULL),
    (8589934592, 'audience', 'natural', 0.4, NULL),
    (17179869184, 'forum_or_blog', 'natural', 0.4, NULL),
    (34359738368, 'not_followed', 'natural', 0.2, NULL),
    (68719476736, 'user_content', 'natural', 0.5, NULL)
),

-- Many host names of one weak domain with few page addresses between them: subdomains made by a program, unlike a
-- hosting platform, where every subdomain is somebody's own site with its own pages.
farms AS (
  SELECT site_domain, provider, source_domain, count(DISTINCT source_host) AS host_count
  FROM staging.links
  GROUP BY site_domain, provider, source_domain
  HAVING
    count(DISTINCT source_host) >= $farm_host_count
    AND 2 * count(DISTINCT regexp_extract(lower(source_url), '^[a-z][a-z0-9+.-]*://[^/?#]*([^?#]*)', 1))
    <= count(DISTINCT source_host)
    AND CASE
      WHEN count(source_authority) > 0
        THEN 2 * sum(CASE WHEN source_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(source_authority)
      ELSE max(page_authority) <= $weak_authority
    END
),

sitewides AS (
  SELECT site_domain, provider, source_domain, target_url, count(*) AS page_count
  FROM staging.links
  GROUP BY site_domain, provider, source_domain, target_url
  HAVING count(*) >= $sitewide_page_count
),

-- Up to four words: longer anchors quote a title, which many do by themselves.
anchors AS (
  SELECT site_domain, provider, anchor, count(DISTINCT source_domain) AS domain_count
  FROM (
    SELECT site_domain, provider, source_domain, lower(trim(anchor_text)) AS anchor
    FROM staging.links
    WHERE
      length(trim(anchor_text)) BETWEEN 4 AND 40
      AND length(anchor_text) - length(replace(anchor_text, ' ', '')) <= 3
  ) AS short_anchors
  GROUP BY site_domain, provider, anchor
  HAVING count(DISTINCT source_domain) >= $shared_domain_count
),

-- A path that unrelated sites would not share by chance: long, or with a number in it (/social/315305), unlike
-- /partners/ or /index.php. Whether most links of known authority are from weak domains decides whether it speaks for
-- spam or a programme; is_weak is null where no authority is known.
addresses AS (
  SELECT
    site_domain,
    provider,
    path,
    count(DISTINCT source_domain) AS domain_count,
    CASE
      WHEN count(source_authority) > 0
        THEN 2 * sum(CASE WHEN source_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(source_authority)
      WHEN count(page_authority) > 0
        THEN 2 * sum(CASE WHEN page_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(page_authority)
    END AS is_weak
  FROM (
    SELECT
      site_domain,
      provider,
      source_domain,
      source_authority,
      page_authority,
      regexp_extract(lower(source_url), '^[a-z][a-z0-9+.-]*://[^/?#]*([^?#]*)', 1) AS path
    FROM staging.links
  ) AS paths
  WHERE length(path) >= 12 AND (length(path) >= 30 OR regexp_matches(path, '[0-9]'))
  GROUP BY site_domain, provider, path
  HAVING count(DISTINCT source_domain) >= $shared_domain_count
),

titles AS (
  SELECT
    site_domain,
    provider,
    title,
    count(DISTINCT source_domain) AS domain_count,
    CASE
      WHEN count(source_authority) > 0
        THEN 2 * sum(CASE WHEN source_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(source_authority)
      WHEN count(page_authority) > 0
        THEN 2 * sum(CASE WHEN page_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(page_authority)
    END AS is_weak
  FROM (
    SELECT
      site_domain,
      provider,
      source_domain,
      source_authority,
      page_authority,
      lower(source_title) AS title
    FROM staging.links
    WHERE length(source_title) >= 20
  ) AS long_titles
  GROUP BY site_domain, provider, title
  HAVING count(DISTINCT source_domain) >= $shared_domain_count
),

-- Referring domains per writing system of the title; the largest is the site's own. [Ͱ-힣] is every letter from
-- Greek to Hangul, so Latin titles stop at the first pattern.
scripts AS (
  SELECT site_domain, provider, script, count(DISTINCT source_domain) AS domain_count
  FROM (
    SELECT
      site_domain,
      provider,
      source_domain,
      CASE
        WHEN NOT regexp_matches(source_title, '[Ͱ-῿぀-힣]') THEN 'latin'
        WHEN regexp_matches(source_title, '[぀-힣]') THEN 'east asian'
        WHEN regexp_matches(source_title, '[Ѐ-ӿ]') THEN 'cyrillic'
        WHEN regexp_matches(source_title, '[֐-ۿ]') THEN 'hebrew or arabic'
        ELSE 'other'
      END AS script
    FROM staging.links
    WHERE source_title IS NOT NULL
  ) AS titled
  GROUP BY site_domain, provider, script
),

foreign_scripts AS (
  SELECT site_domain, provider, script, domain_count
  FROM (
    SELECT
      site_domain,
      provider,
      script,
      domain_count,
      row_number() OVER (PARTITION BY site_domain, provider ORDER BY domain_count DESC, script) AS size_order
    FROM scripts
  ) AS ordered
  WHERE size_order > 1 AND script <> 'latin' AND domain_count >= $foreign_domain_count
),

-- The site links back to the referring domain. Days are compared pair by pair, over distinct days only.
mutuals AS (
  SELECT site_domain, target_domain, min(target_url) AS target_url
  FROM staging.outlinks
  WHERE target_domain <> site_domain
  GROUP BY site_domain, target_domain
),

swaps AS (
  SELECT
    came.site_domain,
    came.source_domain,
    came.first_seen_on,
    min(abs(date_diff('day', came.first_seen_on, went.first_seen_on))) AS day_count
  FROM (
    SELECT DISTINCT site_domain, source_domain, first_seen_on
    FROM staging.links
    WHERE first_seen_on IS NOT NULL
  ) AS came
  INNER JOIN (
    SELECT DISTINCT site_domain, target_domain, first_seen_on
    FROM staging.outlinks
    WHERE first_seen_on IS NOT NULL
  ) AS went
    ON came.site_domain = went.site_domain AND came.source_domain = went.target_domain
  WHERE abs(date_diff('day', came.first_seen_on, went.first_seen_on)) <= $swap_days
  GROUP BY came.site_domain, came.source_domain, came.first_seen_on
),

texts AS (
  SELECT
    link_id,
    site_domain,
    provider,
    source_domain,
    target_url,
    is_nofollow,
    is_sponsored,
    is_ugc,
    is_image,
    is_sitewide,
    is_spam_by_provider,
    source_authority,
    source_traffic,
    external_link_count,
    first_seen_on,
    left_context,
    right_context,
    lower(source_url) AS url,
    regexp_extract(lower(source_url), '^[a-z][a-z0-9+.-]*://[^/?#]*([^?#]*)', 1) AS path,
    lower(coalesce(source_title, '')) AS title,
    lower(trim(coalesce(anchor_text, ''))) AS anchor,
    translate(
      lower(coalesce(anchor_text, '')), 'áàâäãåéèêëíìîïóòôöõúùûüñç -._', 'aaaaaaeeeeiiiiooooouuuunc'
    ) AS bare_anchor,
    split_part(site_domain, '.', 1) AS label,
    lower(concat_ws(' ', left_context, right_context)) AS context,
    lower(concat_ws(' ', source_url, source_title, anchor_text)) AS page_words,
    lower(concat_ws(' ', source_url, source_title, left_context, right_context)) AS near_words
  FROM staging.links
),

gates AS (
  SELECT
    texts.*,
    -- The brand as the domain name spells it, its words in any order: "Fablewick Bookbinding" for bookbinding-fablewick.
    (
      length(label) >= 4
      AND contains(bare_anchor, split_part(label, '-', 1))
      AND contains(bare_anchor, split_part(label, '-', 2))
      AND contains(bare_anchor, split_part(label, '-', 3))
    ) AS has_brand,
    -- Half a brand ("Bookbinding") may be a name or a keyword: it speaks for neither.
    (length(bare_anchor) >= 4 AND contains(replace(label, '-', ''), bare_anchor)) AS is_half_brand,
    regexp_matches(anchor, '^(https?:|www[.]|[a-z0-9-]+([.][a-z0-9-]+)+(/|$))') AS is_address,
    regexp_matches(
      near_words,
      'sponsor|advert|[\[(]adv?[\])]|promoted|branded|paid|betaal|partner|verko|te koop|mededeling|anzeige|publi|patrocin|werbe|guest|gast|write.for|invit|auth?or|auteur|autor'
    ) AS may_be_placed,
    regexp_matches(
      page_words,
      'link|partner|vriend|startpagina|dochterpagina|liens|partenaire|enlaces|friends|director|gids|bookmark|annuaire|verzeichnis|branchenbuch'
    ) AS may_be_list,
    regexp_matches(
      page_words,
      'link|t[.]me|telegram|black.?hat|seo|aged|domain|website|top |most |worth|whois|list|rank|site'
    ) AS may_be_machine
  FROM texts
),

words AS (
  SELECT
    gates.*,
    (
      anchor <> ''
      AND NOT has_brand
      AND NOT is_half_brand
      AND NOT is_address
      AND NOT contains(anchor, site_domain)
    ) AS is_keyword_like,
    CASE
      WHEN may_be_placed
        THEN regexp_extract(
          near_words,
          '(sponsored[ +_-]*(post|content|article|link|review|by |:)|/sponsored/|\(sponsored\)|advertorial|\[adv?\]|\((advertentie|advertisement|publicidad|publicité)\)|partner[ -]?(bijdrage|content|beitrag)|(samenwerking|collaboration|partnership) (met|with) (een|de|onze|an?|our) (partner|adverteerder|advertiser|sponsor)|paid[ _-](post|content|article|link|placement)|promoted[ _-](post|content)|branded[ _-]content|gesponsord|gesponsert|betaalde?[ _-](artikel|link|bericht|content|samenwerking)|links?verkoop|links? te koop|linkverkauf|ingezonden mededeling|anzeige:|\(anzeige\)|\[anzeige\]|werbeartikel|publi-?r?reporta|(article|contenu)[ _-]sponsoris|(post|art[ií]culo|contenido)[ _-]patrocinad|patrocinado por)',
          1
        )
      ELSE ''
    END AS paid_words,
    CASE
      WHEN may_be_placed
        THEN regexp_extract(
          near_words,
          '(guest[ _-]?(post|blog|author|article|contribut)|write[ _-]for[ _-]us|gast[ _-]?(blog|artikel|auteur|autor|beitrag|bijdrage|post)|(article|auteur)[ _-]invit|(art[ií]culo|autor|entrada)[ _-]invitad)',
          1
        )
      ELSE ''
    END AS guest_words,
    CASE
      WHEN may_be_placed
        THEN regexp_extract(
          context,
          '(over de auteur|about the author|über den autor|(à propos|au sujet) de l.auteur|sobre el autor)',
          1
        )
      ELSE ''
    END AS bio_words,
    CASE
      WHEN may_be_list OR may_be_placed
        THEN regexp_extract(
          near_words,
          '(link ?-?(partners|exchange|ruil|tausch)|links ruilen|swap links|links? exchange|échange de liens|intercambio de enlaces)',
          1
        )
      ELSE ''
    END AS exchange_words,
    CASE
      WHEN may_be_list
        THEN coalesce(
          nullif(regexp_extract(
            path,
            '/((nuttige-|handige-|useful-|onze-|our-|nos-)?(links?|linkpagina|links?-?partners?|partners?|partnerlinks|vrienden|friends|liens(-utiles)?|partenaires|enlaces))([.](html?|php|aspx?))?/?$',
            1
          ), ''),
          regexp_extract(
            title,
            '(partner ?links?|vriendenlinks|(handige|nuttige|useful|interessante|friendly) links|^links? [|–-]|^partners( |$)|friends and partners|partners en vrienden|linkpagina|links page|startpagina|dochterpagina|liens (utiles|amis)|(onze|our|nos) (partners|partenaires|vrienden)|enlaces (amigos|de inter[eé]s))',
            1
          )
        )
      ELSE ''
    END AS list_words,
    CASE
      WHEN may_be_list
        THEN regexp_extract(
          page_words,
          '((web|link|business|article|seo|site|free|company)s?[ _-]?director(y|ies)|bedrijvengids|linkgids|webgids|social bookmark|bookmarking|annuaire|(web|link)verzeichnis|branchenbuch|directorio (web|de enlaces))',
          1
        )
      ELSE ''
    END AS directory_words,
    CASE
      WHEN may_be_machine
        THEN regexp_extract(
          page_words,
          '((seo|premium|buy|dofollow|quality|cheap|domains and|bulk)[ _-]+(back-?)?links?([^a-z]|$)|back-?links?[ _-](service|package|for sale)|black[ -]links|black[ _-]?hat|link[ _-]indexing|bulk[ _-]link|mass[ _-]links|aged[ _-]domains|links?[ _-]for[ _-]sale|t[.]me/|telegram[ _-]*@|(^|[^a-z])tg @)',
          1
        )
      ELSE ''
    END AS seller_words,
    CASE
      WHEN may_be_machine
        THEN regexp_extract(
          page_words,
          '(backlinks (for|of|to) |(website|domain|site|link|web)s?[ _-]list[ _/.-]*([0-9]|page)|top (global )?(web)?sites|(websites|sites) similar to|most[ _-](visited|ranking|ranked)[ _-](web|site|[0-9])|domain[ _](report|research|stats|overview|analysis)|website[ _](worth|value|stats|report|analysis)|site[ _](worth|analysis|stats)|whois|alexa rank|global rank|seo (report|audit|score))',
          1
        )
      ELSE ''
    END AS statistics_words,
    CASE
      WHEN NOT regexp_matches(title, '[Ͱ-῿぀-힣]') THEN 'latin'
      WHEN regexp_matches(title, '[぀-힣]') THEN 'east asian'
      WHEN regexp_matches(title, '[Ѐ-ӿ]') THEN 'cyrillic'
      WHEN regexp_matches(title, '[֐-ۿ]') THEN 'hebrew or arabic'
      ELSE 'other'
    END AS script
  FROM gates
),

features AS (
  SELECT
    words.*,
    CASE
      WHEN is_keyword_like AND length(anchor) <= 60
        THEN regexp_extract(
          anchor,
          '(^|[^a-z])(buy|cheap|cheapest|best|discount|deals?|prices?|for sale|order|kopen|koop|goedkoo?pe?|goedkoopste|bestellen|aanbieding(en)?|korting|prij(s|zen)|kosten|costs?|tarie(f|ven)|offerte|beste|huren|acheter|achat|pas cher|prix|promo|louer|kaufen|günstige?|billig|angebote?|preise?|comprar|barat[oa]s?|ofertas?|precios?|mejor(es)?|alquiler|lening|loans?|insurance|verzekering|hypotheek|mortgage|krediet|credit)([^a-z]|$)',
          2
        )
      ELSE ''
    END AS money_words,
    regexp_extract(
      concat_ws(' ', anchor, title),
      '(^|[^a-z])(casinos?|poker|online slots|slot gacor|jackpot|viagra|cialis|kamagra|porno?|xxx|escorts?|payday|betting|sportsbook|roulette|blackjack|replica|steroids?)([^a-z]|$)',
      2
    ) AS poison_words,
    regexp_extract(path, '[0-9a-f]{24,}', 0) AS generated_part,
    regexp_matches(url, '(#comment|/comment-page-|replytocom=)') AS is_comment,
    regexp_extract(
      url,
      '(/forums?/|//forums?[.]|viewtopic|showthread|/threads?[/-]|/topic/|/board/|/blog/|//blog[.]|[.]blogspot[.]|[.]wordpress[.]com|[.]tumblr[.]com|//medium[.]com)',
      1
    ) AS forum_or_blog_words,
    regexp_matches(
      anchor,
      '^(click |klik |cliquez )?(here|hier|ici|aqu[ií]|link|site|web|website|homepage|home|source|bron|quelle|(visit|official|view|bezoek|zur|site|p[aá]gina) ?(the )?(web|website|site)|(deze|this|the|cette|diese|esta|via deze|their|our) (site|website|page|pagina|link|shop|webshop|webwinkel|seite|p[aá]gina|article|artikel)|(read|learn|lees|find out|more|meer|mehr|ver|en savoir) ?(more|meer|information|informatie|erfahren|m[aá]s|plus)?)[ .!:>]*$'
    ) AS is_generic
  FROM words
),

judged AS (
  SELECT
    features.link_id,
    features.site_domain,
    features.provider,
    features.source_domain,
    features.target_url,
    features.url,
    features.title,
    features.anchor,
    features.path,
    features.left_context,
    features.right_context,
    features.source_authority,
    features.source_traffic,
    features.external_link_count,
    features.script,
    features.paid_words,
    features.guest_words,
    features.bio_words,
    features.exchange_words,
    features.list_words,
    features.directory_words,
    features.seller_words,
    features.statistics_words,
    features.money_words,
    features.poison_words,
    features.generated_part,
    features.forum_or_blog_words,
    farms.host_count,
    sitewides.page_count,
    anchors.domain_count AS anchor_domain_count,
    addresses.domain_count AS address_domain_count,
    titles.domain_count AS title_domain_count,
    foreign_scripts.domain_count AS script_domain_count,
    mutuals.target_url AS mutual_url,
    swaps.day_count AS swap_day_count,
    CAST(CASE WHEN features.paid_words <> '' THEN 1 ELSE 0 END AS BIGINT)
    + CASE WHEN features.is_sponsored THEN 2 ELSE 0 END
    + CASE
      WHEN anchors.domain_count IS NOT NULL AND features.is_keyword_like AND NOT features.is_generic
        AND features.seller_words = ''
        THEN 4
      ELSE 0
    END
    + CASE WHEN features.money_words <> '' THEN 8 ELSE 0 END
    + CASE
      WHEN features.source_authority >= $strong_authority AND features.source_traffic = 0 THEN 16
      ELSE 0
    END
    + CASE WHEN features.guest_words <> '' THEN 32 ELSE 0 END
    + CASE WHEN features.bio_words <> '' THEN 64 ELSE 0 END
    + CASE WHEN regexp_matches(features.path, '/(author|auteur|autor)/') THEN 128 ELSE 0 END
    + CASE WHEN features.exchange_words <> '' THEN 256 ELSE 0 END
    + CASE WHEN features.list_words <> '' THEN 512 ELSE 0 END
    + CASE WHEN swaps.day_count IS NOT NULL THEN 1024 ELSE 0 END
    + CASE WHEN swaps.day_count IS NULL AND mutuals.target_url IS NOT NULL THEN 2048 ELSE 0 END
    + CASE WHEN features.is_sitewide OR sitewides.page_count IS NOT NULL THEN 4096 ELSE 0 END
    + CASE WHEN NOT addresses.is_weak THEN 8192 ELSE 0 END
    + CASE WHEN NOT titles.is_weak AND addresses.domain_count IS NULL THEN 16384 ELSE 0 END
    + CASE WHEN features.directory_words <> '' THEN 32768 ELSE 0 END
    + CASE WHEN features.seller_words <> '' THEN 65536 ELSE 0 END
    + CASE
      WHEN features.statistics_words <> ''
        OR (
          (contains(features.title, features.site_domain) OR contains(features.path, features.site_domain))
          AND features.source_traffic < $audience_visits
        )
        THEN 131072
      ELSE 0
    END
    + CASE WHEN addresses.is_weak THEN 262144 ELSE 0 END
    + CASE WHEN titles.is_weak AND addresses.domain_count IS NULL THEN 524288 ELSE 0 END
    + CASE WHEN farms.host_count IS NOT NULL THEN 1048576 ELSE 0 END
    + CASE WHEN features.external_link_count >= 1000 THEN 2097152 ELSE 0 END
    + CASE WHEN features.external_link_count BETWEEN 100 AND 999 THEN 4194304 ELSE 0 END
    + CASE WHEN features.generated_part <> '' THEN 8388608 ELSE 0 END
    + CASE WHEN features.source_authority <= $weak_authority THEN 16777216 ELSE 0 END
    + CASE
      WHEN features.poison_words <> '' AND NOT contains(lower(features.target_url), features.poison_words)
        THEN 33554432
      ELSE 0
    END
    + CASE WHEN foreign_scripts.domain_count IS NOT NULL THEN 67108864 ELSE 0 END
    + CASE WHEN features.is_spam_by_provider THEN 134217728 ELSE 0 END
    + CASE
      WHEN features.is_comment AND (features.money_words <> '' OR features.poison_words <> '') THEN 268435456
      ELSE 0
    END
    + CASE WHEN features.has_brand AND NOT features.is_address THEN 536870912 ELSE 0 END
    + CASE
      WHEN features.is_address AND contains(features.anchor, features.site_domain) THEN 1073741824
      ELSE 0
    END
    + CASE
      WHEN features.left_context <> '' AND features.right_context <> '' AND coalesce(NOT features.is_sitewide, TRUE)
        THEN 2147483648
      ELSE 0
    END
    + CASE WHEN features.external_link_count BETWEEN 1 AND 30 THEN 4294967296 ELSE 0 END
    + CASE WHEN features.source_traffic >= $audience_visits THEN 8589934592 ELSE 0 END
    + CASE WHEN features.forum_or_blog_words <> '' THEN 17179869184 ELSE 0 END
    + CASE WHEN features.is_nofollow THEN 34359738368 ELSE 0 END
    + CASE WHEN features.is_ugc THEN 68719476736 ELSE 0 END AS rule_bits
  FROM features
  LEFT JOIN farms
    ON features.site_domain = farms.site_domain
    AND features.provider = farms.provider
    AND features.source_domain = farms.source_domain
  LEFT JOIN sitewides
    ON features.site_domain = sitewides.site_domain
    AND features.provider = sitewides.provider
    AND features.source_domain = sitewides.source_domain
    AND features.target_url = sitewides.target_url
  LEFT JOIN anchors
    ON features.site_domain = anchors.site_domain
    AND features.provider = anchors.provider
    AND features.anchor = anchors.anchor
  LEFT JOIN addresses
    ON features.site_domain = addresses.site_domain
    AND features.provider = addresses.provider
    AND features.path = addresses.path
  LEFT JOIN titles
    ON features.site_domain = titles.site_domain
    AND features.provider = titles.provider
    AND features.title = titles.title
  LEFT JOIN foreign_scripts
    ON features.site_domain = foreign_scripts.site_domain
    AND features.provider = foreign_scripts.provider
    AND features.script = foreign_scripts.script
  LEFT JOIN mutuals
    ON features.site_domain = mutuals.site_domain AND features.source_domain = mutuals.target_domain
  LEFT JOIN swaps
    ON features.site_domain = swaps.site_domain
    AND features.source_domain = swaps.source_domain
    AND features.first_seen_on = swaps.first_seen_on
)

SELECT
  judged.link_id,
  judged.site_domain,
  judged.provider,
  rules.rule,
  rules.origin,
  CAST(rules.weight AS DOUBLE) AS weight,
  substr(
    CASE rules.rule
      WHEN 'paid_words' THEN judged.paid_words
      WHEN 'disclosed_as_sponsored' THEN 'rel=sponsored'
      WHEN 'repeated_anchor' THEN concat(CAST(judged.anchor_domain_count AS VARCHAR), ' × ', judged.anchor)
      WHEN 'money_anchor' THEN judged.anchor
      WHEN 'authority_without_audience'
        THEN concat(CAST(CAST(floor(judged.source_authority) AS BIGINT) AS VARCHAR), ' / 0')
      WHEN 'guest_post_words' THEN judged.guest_words
      WHEN 'author_bio' THEN judged.bio_words
      WHEN 'author_page' THEN judged.path
      WHEN 'exchange_words' THEN judged.exchange_words
      WHEN 'links_page' THEN judged.list_words
      WHEN 'mutual_link_same_time' THEN concat(CAST(judged.swap_day_count AS VARCHAR), ' d, ', judged.mutual_url)
      WHEN 'mutual_link' THEN judged.mutual_url
      WHEN 'sitewide_link'
        THEN CASE
          WHEN judged.page_count IS NULL THEN judged.source_domain
          ELSE concat(CAST(judged.page_count AS VARCHAR), ' × ', judged.source_domain)
        END
      WHEN 'shared_address' THEN concat(CAST(judged.address_domain_count AS VARCHAR), ' × ', judged.path)
      WHEN 'shared_address_of_weak_domains'
        THEN concat(CAST(judged.address_domain_count AS VARCHAR), ' × ', judged.path)
      WHEN 'shared_title' THEN concat(CAST(judged.title_domain_count AS VARCHAR), ' × ', judged.title)
      WHEN 'shared_title_of_weak_domains' THEN concat(CAST(judged.title_domain_count AS VARCHAR), ' × ', judged.title)
      WHEN 'directory_page' THEN judged.directory_words
      WHEN 'link_seller_words' THEN trim(judged.seller_words)
      WHEN 'statistics_page'
        THEN CASE
          WHEN judged.statistics_words <> '' THEN trim(judged.statistics_words)
          WHEN contains(judged.title, judged.site_domain) THEN judged.title
          ELSE judged.path
        END
      WHEN 'subdomain_farm' THEN concat(CAST(judged.host_count AS VARCHAR), ' × ', judged.source_domain)
      WHEN 'thousand_external_links' THEN CAST(judged.external_link_count AS VARCHAR)
      WHEN 'hundred_external_links' THEN CAST(judged.external_link_count AS VARCHAR)
      WHEN 'ordinary_page' THEN CAST(judged.external_link_count AS VARCHAR)
      WHEN 'generated_address' THEN judged.generated_part
      WHEN 'weak_domain' THEN CAST(CAST(floor(judged.source_authority) AS BIGINT) AS VARCHAR)
      WHEN 'poison_words' THEN judged.poison_words
      WHEN 'foreign_script' THEN concat(CAST(judged.script_domain_count AS VARCHAR), ' × ', judged.script)
      WHEN 'comment_with_money_anchor' THEN judged.anchor
      WHEN 'brand_anchor' THEN judged.anchor
      WHEN 'address_anchor' THEN judged.anchor
      WHEN 'running_text' THEN concat('… ', judged.anchor, ' …')
      WHEN 'audience' THEN CAST(CAST(floor(judged.source_traffic) AS BIGINT) AS VARCHAR)
      WHEN 'forum_or_blog' THEN judged.forum_or_blog_words
      WHEN 'not_followed' THEN 'rel=nofollow'
      WHEN 'user_content' THEN 'rel=ugc'
    END,
    1,
    120
  ) AS seen,
  rules.policy_clause
FROM judged
INNER JOIN rules ON (judged.rule_bits & rules.bit) <> 0
