-- Traces with an error that were not kept: how each policy voted on them. A status of 4 or more has an error in it.
SELECT ballot.policy AS policy_name, ballot.vote AS vote, count(*) AS traces
FROM (
  SELECT explode(votes) AS ballot
  FROM trace_decisions
  WHERE outcome <> 'SAMPLED' AND status_bits >= 4 AND completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
    AND decided_at >= current_timestamp - INTERVAL '1' DAY
) ballots
GROUP BY ballot.policy, ballot.vote
ORDER BY traces DESC, policy_name, vote
