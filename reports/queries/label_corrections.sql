-- What the team's labels say of the rules, an origin a row.
SELECT
  rule_set, origin, domain_count, bias, mean_before, mean_after, largest_move, strength, is_applied, reason, split,
  cutoff_on, label_count, train_domain_count, test_domain_count, log_loss_before, log_loss_after, brier_before,
  brier_after, calibration_error_before, calibration_error_after
FROM signals.label_corrections
ORDER BY rule_set, origin
