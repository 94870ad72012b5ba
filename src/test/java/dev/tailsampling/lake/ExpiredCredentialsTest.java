package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Catalogs without a way to renew what they vended: the table is loaded anew, and brings new credentials. */
class ExpiredCredentialsTest {

    private final TestLake lake = TestLake.inMemory();
    private final TableName name = TableName.of(TestLake.TABLE);
    private final List<Table> loaded = new ArrayList<>();

    @BeforeEach
    void create() {
        lake.catalog.findOrCreate(name, TableTopicSchema.SCHEMA, TableTopicSchema.spec(0), TableTopicSchema.PROPERTIES);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private static RuntimeException refusal(@Nullable String code) {
        return S3Exception.builder().statusCode(400).message("refused")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build()).build();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
    void workGoesOnWithTheTableLoadedAnew(@Nullable String code) {
        String result = PinnedTable.withCurrent(lake.catalog, name, table -> {
            loaded.add(table);
            if (loaded.size() == 1) {
                throw new RuntimeIOException(new IOException(refusal(code)), "reading failed");
            }
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(loaded).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void whatExpiresAgainAndAgainIsGivenUp() {
        assertThatThrownBy(() -> PinnedTable.withCurrent(lake.catalog, name, table -> {
            loaded.add(table);
            throw refusal("ExpiredToken");
        })).isInstanceOf(S3Exception.class);
        assertThat(loaded).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessDenied", "InvalidAccessKeyId", "SlowDown"})
    void otherRefusalsAreNoExpiry(String code) {
        assertThatThrownBy(() -> PinnedTable.withCurrent(lake.catalog, name, table -> {
            loaded.add(table);
            throw refusal(code);
        })).isInstanceOf(S3Exception.class);
        assertThat(loaded).hasSize(1);
    }
}
