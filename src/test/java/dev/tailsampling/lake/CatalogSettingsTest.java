package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.lake.CatalogSettings.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Iceberg is told of a catalog, and what of it may be shown. */
class CatalogSettingsTest {

    private static final String DELEGATION = "header.X-Iceberg-Access-Delegation";

    private static Map<String, String> rest(Map<String, String> properties) {
        return new CatalogSettings(Type.REST, "http://catalog:8181/catalog", "demo", properties).icebergProperties();
    }

    @Test
    void aRestCatalogIsAskedForCredentialsUnlessThereAreKeys() {
        assertThat(rest(Map.of())).containsEntry(DELEGATION, "vended-credentials").containsEntry("warehouse", "demo")
                .containsEntry("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
        assertThat(rest(Map.of("s3.access-key-id", "a", "s3.secret-access-key", "b"))).doesNotContainKey(DELEGATION);
        assertThat(rest(Map.of(DELEGATION, "remote-signing"))).containsEntry(DELEGATION, "remote-signing");
        String lowerCase = "header.x-iceberg-access-delegation";
        assertThat(rest(Map.of(lowerCase, "client-managed"))).containsEntry(lowerCase, "client-managed")
                .doesNotContainKey(DELEGATION);
    }

    @Test
    void aReaderPostsNothingToTheTable() {
        assertThat(rest(Map.of())).containsEntry("rest-metrics-reporting-enabled", "false");
    }

    @Test
    void aClientGetsANewTokenForItsSecretAndOthersExchangeTheirs() {
        assertThat(rest(Map.of("credential", "id:secret"))).containsEntry("token-exchange-enabled", "false")
                .containsEntry("rest.auth.type", "oauth2")
                .containsEntry("oauth2-server-uri", "http://catalog:8181/catalog/v1/oauth/tokens");
        assertThat(rest(Map.of("token", "t"))).containsEntry("token-exchange-enabled", "true");
        assertThat(rest(Map.of("credential", "id:secret", "oauth2-server-uri", "http://idp/token")))
                .containsEntry("oauth2-server-uri", "http://idp/token");
        assertThat(rest(Map.of())).doesNotContainKeys("rest.auth.type", "oauth2-server-uri");
    }

    /** The catalog tells with each table how to reach its files, which replaces what the client has. */
    @Test
    void whatTheUserSaidOfTheStoreWinsOverWhatATableSays() {
        Map<String, String> ofTable = new HashMap<>(rest(Map.of("s3.access-key-id", "own", "s3.secret-access-key",
                "own secret", "s3.endpoint", "http://localhost:9000")));
        ofTable.putAll(Map.of("s3.access-key-id", "vended", "s3.secret-access-key", "vended secret",
                "s3.session-token", "session", "s3.endpoint", "http://minio:9000", "client.region", "local-01",
                "client.refresh-credentials-endpoint", "v1/x", "s3.remote-signing-enabled", "true"));

        assertThat(S3ClientFactory.inEffect(ofTable)).containsEntry("s3.access-key-id", "own")
                .containsEntry("s3.secret-access-key", "own secret")
                .containsEntry("s3.endpoint", "http://localhost:9000")
                .containsEntry("client.region", "local-01")
                .doesNotContainKeys("s3.session-token", "client.refresh-credentials-endpoint",
                        "s3.remote-signing-enabled");
    }

    @Test
    void withoutKeysWhatATableSaysHolds() {
        Map<String, String> vended = Map.of("s3.access-key-id", "vended", "s3.secret-access-key", "vended secret",
                "s3.session-token", "session", "client.refresh-credentials-endpoint", "v1/x", "s3.endpoint",
                "http://s3");
        Map<String, String> ofTable = new HashMap<>(rest(Map.of()));
        ofTable.putAll(vended);

        assertThat(S3ClientFactory.inEffect(ofTable)).containsAllEntriesOf(vended)
                .containsEntry("client.region", "us-east-1");
        assertThat(S3ClientFactory.inEffect(Map.of("s3.remote-signing-enabled", "true")))
                .containsEntry("s3.remote-signing-enabled", "true").doesNotContainKey("client.region");
    }

    @Test
    void aDatabaseTakesItsUserFromProperties() {
        Map<String, String> properties = new CatalogSettings(Type.JDBC, "jdbc:postgresql://db/lake", "/data",
                Map.of("jdbc.user", "me", "jdbc.password", "secret")).icebergProperties();
        assertThat(properties).containsEntry("jdbc.user", "me").containsEntry("jdbc.password", "secret")
                .containsEntry("jdbc.schema-version", "V1").doesNotContainKeys(DELEGATION, "clients");
    }

    @Test
    void secretsAreHiddenWholeAndInPart() {
        CatalogSettings settings = new CatalogSettings(Type.REST, "http://me:hidden-0@catalog", "demo",
                Map.of("credential", "client:hidden-1", "token", "hidden-2", "s3.secret-access-key", "hidden-3",
                        "jdbc.password", "hidden-4", "header.Authorization", "Bearer hidden-5", "s3.session-token",
                        "hidden-6"));
        for (String text : List.of("client:hidden-1", "client_secret=hidden-1&x", "token hidden-2", "hidden-3 hidden-4",
                "Authorization: Bearer hidden-5", "Bearer hidden.of-Another_kind~+/=", "hidden-6",
                "no answer from http://me:hidden-0@catalog")) {
            assertThat(settings.redact(text)).doesNotContain("hidden").contains("***");
        }
        assertThat(settings).asString().doesNotContain("hidden");
        assertThat(settings.redact("a token is needed")).isEqualTo("a token is needed");
    }

    @Test
    void aUriAsNameOfAWarehouseIsSuspected() {
        assertThat(new CatalogSettings(Type.REST, "http://x", "s3://bucket/traces/", Map.of()).remedy())
                .contains("storage.iceberg.warehouse, \"s3://bucket/traces/\"").contains("a warehouse's name");
        assertThat(new CatalogSettings(Type.REST, "http://x", "demo", Map.of()).remedy()).doesNotContain("warehouse");
        assertThat(new CatalogSettings(Type.JDBC, "jdbc:sqlite:x", "s3://bucket/traces/", Map.of()).remedy())
                .doesNotContain("warehouse");
    }
}
