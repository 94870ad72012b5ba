package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.config.PolicyType.Group;
import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.ottl.OttlException;
import dev.tailsampling.policy.Matcher;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/POLICIES.md follows from the description of policies files and from what its examples come to. */
class PolicyReferenceTest {

    private final PolicyReference reference = PolicyReference.IT;
    private final PeerDifferences differences = new PeerDifferences();

    @Test
    void referenceSaysWhatPoliciesMean() throws IOException {
        new GoldenFile("docs/POLICIES.md").assertIs(new PolicyDocument(reference).markdown());
    }

    @Test
    void everyTypeHasAnExample() {
        assertThat(Arrays.stream(PolicyType.values()).filter(type -> type.group() != Group.FOREIGN))
                .allSatisfy(type -> assertThat(reference.section(type.label()).examples()).isNotEmpty());
    }

    @Test
    void everyOperatorIsNamed() {
        List<String> labels = Arrays.stream(Matcher.Operator.values()).map(Matcher.Operator::label).toList();

        assertThat(reference.section("matcher").operators().keySet()).containsExactlyElementsOf(labels);
        assertThat(reference.table("matcher").fields().get("op").of()).isEqualTo(labels);
    }

    /** A warning of a difference without a reason, or a reason for none, fails. */
    @Test
    void everyDifferenceHasAReason() {
        assertThat(differences.explained()).hasSameSizeAs(PeerDifferences.sentences());
        assertThat(PeerDifferences.sentences())
                .allSatisfy(sentence -> assertThat(differences.explained()).anyMatch(sentence::startsWith));
        assertThat(PeerCasesTest.NOT_RUN.keySet()).allSatisfy(id -> assertThat(differences.markdown()).contains(id));
    }

    @Test
    void unsupportedFunctionsAreRefused() {
        assertThat(differences.unsupportedFunctions()).allSatisfy(name -> assertThatExceptionOfType(OttlException.class)
                .isThrownBy(() -> OttlCondition.parseSpan(name + "()")).withMessageContaining("there is no function"));
    }
}
