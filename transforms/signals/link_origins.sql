-- signals.link_origins: the likeliest origin of each link, with its evidence, strongest first. A view over the marks of
-- the link and what signals.evidence_combinations makes of them; the evidence costs only who asks for it. What the team
-- says of a link itself stands above all rules, and its allow-list above that.
SELECT
  CAST(marks.link_number AS VARCHAR) AS link_id,
  marks.link_number,
  marks.site_domain,
  marks.provider,
  marks.source_domain,
  CASE
    WHEN marks.is_allowed THEN 'natural'
    WHEN marks.told_origin IS NOT NULL THEN marks.told_origin
    ELSE combinations.origin
  END AS origin,
  CASE WHEN marks.is_allowed OR marks.told_origin IS NOT NULL THEN 1.0 ELSE combinations.probability END AS probability,
  CASE WHEN marks.is_allowed OR marks.told_origin IS NOT NULL THEN marks.told_by END AS told_by,
  marks.source_authority,
  marks.first_seen_on,
  marks.lost_on,
  marks.known_from_on,
  marks.known_until_on,
  coalesce(evidence.evidence, []) AS evidence,
  marks.rule_set
FROM signals.link_marks AS marks
INNER JOIN signals.evidence_combinations AS combinations
  ON marks.rule_set = combinations.rule_set
  AND marks.text_bits = combinations.text_bits
  AND marks.fact_bits = combinations.fact_bits
LEFT JOIN (
  SELECT
    link_number,
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
  GROUP BY link_number
) AS evidence
  ON marks.link_number = evidence.link_number
