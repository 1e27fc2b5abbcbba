-- signals.labelled_links: the links that the team judged by hand, with the rules that apply to each. A placement tells
-- what somebody did, not what somebody concluded from a link, and a disavow entry names no origin: neither is a label.
SELECT
  told.link_id,
  told.site_domain,
  told.provider,
  told.source_domain,
  told.told_origin AS origin,
  told.told_on AS labelled_on,
  marks.rule_set,
  marks.text_bits,
  marks.fact_bits
FROM signals.told_links AS told
INNER JOIN signals.link_marks AS marks ON CAST(told.link_id AS BIGINT) = marks.link_number
WHERE told.told_by IN ('label_link', 'label_domain') AND told.told_origin IS NOT NULL AND NOT told.is_allowed
