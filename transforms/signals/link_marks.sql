-- signals.link_marks: which rules apply to each link, a bit a rule: text_bits of the rules that read texts alone, as
-- signals.text_marks keeps them, and fact_bits of those that read measures, groups or days, worked out every night.
SELECT
  link_number,
  site_domain,
  provider,
  source_domain,
  $rule_set AS rule_set,
  text_bits,
  {fact_bits} AS fact_bits,
  told_origin,
  told_by,
  is_allowed,
  source_authority,
  first_seen_on,
  lost_on,
  first_observed_on AS known_from_on,
  -- A link lost before our first export of it was never known alive: the interval is that one day.
  CASE WHEN lost_on < first_observed_on THEN first_observed_on ELSE lost_on END AS known_until_on
FROM signals.link_facts
