-- What each rule saw of some links. Asked for by number, so that the rules are read again for these links alone.
SELECT found.link_number, rules.rule_set,
  list(
    {
      'rule': found.rule, 'weight': found.weight, 'seen': found.seen, 'policy_clause': found.policy_clause,
      'says_en': rules.says_en, 'says_nl': rules.says_nl
    }
    ORDER BY abs(found.weight) DESC, found.rule
  ) AS evidence
FROM signals.link_evidence AS found
JOIN signals.origin_rules AS rules ON rules.rule = found.rule
WHERE list_contains($sites, found.site_domain) AND list_contains($link_numbers, found.link_number)
GROUP BY found.link_number, rules.rule_set
