package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.ConfigLoader;
import dev.tailsampling.stream.FastPath;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPlanTest {

    private static TopicPlan plan(String kafka) {
        return TopicPlan.of(new ConfigLoader(Map.of()).parse("kafka: {enabled: true, " + kafka + "}", "c.yaml"))
                .orElseThrow();
    }

    /** Either Kafka's client or what follows the decisions, never both. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offsetsAreCommittedByOne(boolean auto) {
        FastPath.Plan plan = plan("enable_auto_commit: " + auto).fastPath();

        assertThat(plan.kafka().groupConsumer()).containsEntry("enable.auto.commit", auto);
        assertThat(plan.commits()).isEqualTo(!auto);
    }
}
