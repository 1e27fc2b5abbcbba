-- signals.mark_combinations: the sets of rules that apply together to some link. There are thousands of them where there
-- are millions of links, so origins are worked out per combination.
SELECT
  rule_set,
  text_bits,
  fact_bits,
  CAST(count(*) AS BIGINT) AS link_count
FROM signals.link_marks
GROUP BY rule_set, text_bits, fact_bits
