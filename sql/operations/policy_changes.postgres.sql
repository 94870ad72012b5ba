-- Which policy sets were activated, newest first.
SELECT activation_number, to_timestamp(activated_at / 1000.0) AS activated, activated_by, origin, version,
  length(policy_text) AS characters
FROM policy_activations
ORDER BY activation_number DESC
LIMIT 100;
