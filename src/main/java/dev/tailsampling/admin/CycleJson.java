package dev.tailsampling.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import java.io.IOException;
import java.util.Map;

/** The JSON form of cycle reports: the same field names wherever a report is shown. */
public final class CycleJson {

    private CycleJson() {}

    /** Every metric by its name, and how often force rules matched. */
    public static void write(JsonGenerator json, CycleReport report) throws IOException {
        for (CycleMetric metric : CycleMetric.values()) {
            json.writeNumberField(metric.label(), report.get(metric));
        }
        json.writeObjectFieldStart("force_rule_matches");
        for (Map.Entry<String, Long> rule : report.forceRuleMatches().entrySet()) {
            json.writeNumberField(rule.getKey(), rule.getValue());
        }
        json.writeEndObject();
    }

    /** Those fields, and of what and when. */
    static void write(JsonGenerator json, FinishedCycle cycle) throws IOException {
        json.writeStringField("source", cycle.source());
        Json.writeTime(json, "finished_at", cycle.finishedAt());
        write(json, cycle.report());
    }
}
