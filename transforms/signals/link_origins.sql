-- signals.link_origins: the likeliest origin of each link. Log-odds of the rules are summed per origin as decimals,
-- so that the order of rows cannot change the last digit; a prior per origin is added; the probability is the softmax
-- over the origins. It is not calibrated yet. unknown when the winner has less evidence than asked for; its
-- probability is then what the likeliest origin leaves over. Ties go to the origin that accuses least.
--
-- A link marked rel=sponsored is never given an arranged origin: paid and disclosed is within policy. Where one is the
-- likeliest it becomes unknown. Disclosure carries no weight, so it moves no other origin's probability; marking a link
-- can thus only take a risky origin away, from the link and from its referring domain.
WITH sums AS (
  SELECT
    link_id,
    sum(CASE WHEN origin = 'natural' THEN CAST(weight AS DECIMAL(9, 4)) ELSE 0 END) AS natural_evidence,
    sum(CASE WHEN origin = 'spam' THEN CAST(weight AS DECIMAL(9, 4)) ELSE 0 END) AS spam_evidence,
    sum(CASE WHEN origin = 'guest_post' THEN CAST(weight AS DECIMAL(9, 4)) ELSE 0 END) AS guest_post_evidence,
    sum(CASE WHEN origin = 'exchanged' THEN CAST(weight AS DECIMAL(9, 4)) ELSE 0 END) AS exchanged_evidence,
    sum(CASE WHEN origin = 'link_programme' THEN CAST(weight AS DECIMAL(9, 4)) ELSE 0 END) AS link_programme_evidence,
    sum(CASE WHEN origin = 'bought' THEN CAST(weight AS DECIMAL(9, 4)) ELSE 0 END) AS bought_evidence,
    -- The first field orders the list: strongest first, then by name; rule is unique per link, so no tie is left.
    list_transform(
      list_sort(
        list(
          {
            'order_weight': -abs(weight),
            'rule': rule,
            'weight': weight,
            'seen': seen,
            'policy_clause': policy_clause
          }
        )
      ),
      lambda item: {
        'rule': item.rule,
        'weight': item.weight,
        'seen': item.seen,
        'policy_clause': item.policy_clause
      }
    ) AS evidence
  FROM signals.link_evidence
  GROUP BY link_id
),

scores AS (
  SELECT
    links.link_id,
    links.site_domain,
    links.provider,
    links.source_domain,
    links.first_observed_on,
    links.lost_on,
    links.is_sponsored,
    sums.evidence,
    CAST(coalesce(sums.natural_evidence, 0) AS DOUBLE) AS natural_evidence,
    CAST(coalesce(sums.spam_evidence, 0) AS DOUBLE) AS spam_evidence,
    CAST(coalesce(sums.guest_post_evidence, 0) AS DOUBLE) AS guest_post_evidence,
    CAST(coalesce(sums.exchanged_evidence, 0) AS DOUBLE) AS exchanged_evidence,
    CAST(coalesce(sums.link_programme_evidence, 0) AS DOUBLE) AS link_programme_evidence,
    CAST(coalesce(sums.bought_evidence, 0) AS DOUBLE) AS bought_evidence,
    exp(CAST(coalesce(sums.natural_evidence, 0) AS DOUBLE) + $prior_natural) AS natural_odds,
    exp(CAST(coalesce(sums.spam_evidence, 0) AS DOUBLE) + $prior_spam) AS spam_odds,
    exp(CAST(coalesce(sums.guest_post_evidence, 0) AS DOUBLE) + $prior_guest_post) AS guest_post_odds,
    exp(CAST(coalesce(sums.exchanged_evidence, 0) AS DOUBLE) + $prior_exchanged) AS exchanged_odds,
    exp(CAST(coalesce(sums.link_programme_evidence, 0) AS DOUBLE) + $prior_link_programme) AS link_programme_odds,
    exp(CAST(coalesce(sums.bought_evidence, 0) AS DOUBLE) + $prior_bought) AS bought_odds
  FROM staging.links AS links
  LEFT JOIN sums ON links.link_id = sums.link_id
),

bests AS (
  SELECT
    scores.*,
    greatest(
      natural_odds, spam_odds, guest_post_odds, exchanged_odds, link_programme_odds, bought_odds
    ) AS best_odds,
    natural_odds + spam_odds + guest_post_odds + exchanged_odds + link_programme_odds + bought_odds AS all_odds
  FROM scores
),

chosen AS (
  SELECT
    bests.*,
    CASE
      WHEN natural_odds = best_odds THEN 'natural'
      WHEN spam_odds = best_odds THEN 'spam'
      WHEN guest_post_odds = best_odds THEN 'guest_post'
      WHEN exchanged_odds = best_odds THEN 'exchanged'
      WHEN link_programme_odds = best_odds THEN 'link_programme'
      ELSE 'bought'
    END AS likeliest,
    CASE
      WHEN natural_odds = best_odds THEN natural_evidence
      WHEN spam_odds = best_odds THEN spam_evidence
      WHEN guest_post_odds = best_odds THEN guest_post_evidence
      WHEN exchanged_odds = best_odds THEN exchanged_evidence
      WHEN link_programme_odds = best_odds THEN link_programme_evidence
      ELSE bought_evidence
    END AS best_evidence
  FROM bests
),

told AS (
  SELECT
    chosen.*,
    (
      best_evidence >= $least_evidence
      AND NOT (coalesce(is_sponsored, FALSE) AND likeliest NOT IN ('natural', 'spam'))
    ) AS is_told
  FROM chosen
)

SELECT
  link_id,
  site_domain,
  provider,
  source_domain,
  CASE WHEN is_told THEN likeliest ELSE 'unknown' END AS origin,
  CASE WHEN is_told THEN best_odds / all_odds ELSE 1 - best_odds / all_odds END AS probability,
  first_observed_on AS known_from_on,
  -- A link lost before our first export of it was never known alive: the interval is that one day.
  CASE WHEN lost_on < first_observed_on THEN first_observed_on ELSE lost_on END AS known_until_on,
  coalesce(evidence, []) AS evidence
FROM told
