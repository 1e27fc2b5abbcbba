-- signals.link_evidence: what speaks for an origin, one row per link and named rule that applies. A view: what was seen
-- is worked out from the texts when it is asked for. The pipeline makes it anew with every rule set.
SELECT
  link_id,
  facts.link_number,
  facts.site_domain,
  facts.provider,
  rule,
  origin,
  weight,
  -- What older rules saw, which some site may still stand on, cannot be said in the words of these.
  CASE WHEN rule_set = {rule_set} THEN substr({seen}, 1, 120) END AS seen,
  policy_clause
FROM (
  SELECT
    marks.link_number AS marked_number,
    rules.rule_set,
    rules.rule,
    rules.origin,
    rules.weight,
    rules.policy_clause
  FROM signals.link_marks AS marks
  INNER JOIN signals.origin_rules AS rules
    ON marks.rule_set = rules.rule_set
    AND (CASE WHEN rules.is_text THEN marks.text_bits ELSE marks.fact_bits END & rules.bit) <> 0
) AS applying
INNER JOIN signals.link_facts AS facts ON marked_number = facts.link_number
