-- Cycles that took longer than 5 s, slowest first, and on what they spent it.
SELECT datetime(r.finished_at / 1000, 'unixepoch') AS finished, s.name AS source,
  SUM(CASE WHEN v.metric IN ('read_millis', 'decide_millis', 'export_millis') THEN v.metric_value ELSE 0 END)
    AS total_millis,
  MAX(CASE WHEN v.metric = 'read_millis' THEN v.metric_value END) AS read_millis,
  MAX(CASE WHEN v.metric = 'decide_millis' THEN v.metric_value END) AS decide_millis,
  MAX(CASE WHEN v.metric = 'export_millis' THEN v.metric_value END) AS export_millis,
  MAX(CASE WHEN v.metric = 'spans_read' THEN v.metric_value END) AS spans_read,
  MAX(CASE WHEN v.metric = 'bytes_from_storage' THEN v.metric_value END) AS bytes_from_storage
FROM cycle_reports r
JOIN sources s ON s.source_id = r.source_id
JOIN cycle_report_values v ON v.report_id = r.report_id
GROUP BY r.report_id, r.finished_at, s.name
HAVING SUM(CASE WHEN v.metric IN ('read_millis', 'decide_millis', 'export_millis') THEN v.metric_value ELSE 0 END) > 5000
ORDER BY total_millis DESC
LIMIT 100;
