-- Which policy sets were activated, newest first.
SELECT activation_number, datetime(activated_at / 1000, 'unixepoch') AS activated, activated_by, origin, version,
  length(policy_text) AS characters
FROM policy_activations
ORDER BY activation_number DESC
LIMIT 100;
