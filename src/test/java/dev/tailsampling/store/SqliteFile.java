package dev.tailsampling.store;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Looks into a state file as an operator would, past the code under test. */
record SqliteFile(Path path) {

    void execute(String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All rows, columns joined by a bar. */
    List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    columns.add(String.valueOf(rows.getString(column)));
                }
                found.add(String.join("|", columns));
            }
            return found;
        }
    }

    List<CycleReport> reports(String source) throws SQLException {
        Map<Integer, Map<CycleMetric, Long>> reports = new TreeMap<>();
        Map<Integer, Map<String, Long>> ruleMatches = new TreeMap<>();
        for (String row : query("SELECT r.report_id, v.metric, v.metric_value FROM cycle_reports r "
                + "LEFT JOIN cycle_report_values v USING (report_id) WHERE r.source_id = "
                + "(SELECT source_id FROM sources WHERE name = '" + source + "')")) {
            String[] columns = row.split("\\|");
            Map<CycleMetric, Long> values =
                    reports.computeIfAbsent(Integer.valueOf(columns[0]), id -> new EnumMap<>(CycleMetric.class));
            if (columns[1].startsWith("force_rule_matches:")) {
                ruleMatches.computeIfAbsent(Integer.valueOf(columns[0]), id -> new TreeMap<>())
                        .put(columns[1].substring("force_rule_matches:".length()), Long.valueOf(columns[2]));
            } else if (!columns[1].equals("null")) {
                values.put(CycleMetric.valueOf(columns[1].toUpperCase(Locale.ROOT)), Long.valueOf(columns[2]));
            }
        }
        return reports.entrySet().stream().map(
                report -> new CycleReport(report.getValue(), ruleMatches.getOrDefault(report.getKey(), Map.of())))
                .toList();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + path);
    }
}
