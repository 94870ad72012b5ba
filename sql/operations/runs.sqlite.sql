-- Processes that sampled, newest first; one without an end is running, or was killed.
SELECT run_id, instance, host, program_version, sampled_tables, datetime(started_at / 1000, 'unixepoch') AS started,
  datetime(ended_at / 1000, 'unixepoch') AS ended, ending
FROM instance_runs
ORDER BY started_at DESC
LIMIT 100;
