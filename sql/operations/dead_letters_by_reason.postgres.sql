-- Rows that could not be decoded, by reason, of those that are kept; dead_letter_counts has how many there were.
SELECT s.name AS source, c.letters AS letters_ever, d.reason, COUNT(*) AS kept,
  MIN(d.kafka_partition) AS a_partition, MAX(d.kafka_offset) AS highest_offset,
  to_timestamp(MAX(d.first_seen) / 1000.0) AS last_seen
FROM dead_letters d
JOIN sources s ON s.source_id = d.source_id
JOIN dead_letter_counts c ON c.source_id = d.source_id
GROUP BY s.name, c.letters, d.reason
ORDER BY kept DESC, source, reason;
