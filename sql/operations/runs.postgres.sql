-- Processes that sampled, newest first; one without an end is running, or was killed.
SELECT run_id, instance, host, program_version, sampled_tables, to_timestamp(started_at / 1000.0) AS started,
  to_timestamp(ended_at / 1000.0) AS ended, ending
FROM instance_runs
ORDER BY started_at DESC
LIMIT 100;
