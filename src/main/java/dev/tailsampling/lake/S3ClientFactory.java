package dev.tailsampling.lake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.aws.AwsClientFactories;
import org.apache.iceberg.aws.AwsClientProperties;
import org.apache.iceberg.aws.HttpClientProperties;
import org.apache.iceberg.aws.s3.S3FileIOAwsClientFactory;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Iceberg's S3 client, but for two things. For stores other than AWS it goes without the checksum behind each upload, which
 * some of them refuse (SeaweedFS with "The Content-Md5 you specified is not valid"). And what a user said of the store
 * wins over what a REST catalog says of it with each table: keys, say, over those that it vends. Everything else is up to
 * Iceberg: vended credentials, their refresh, remote signing. Iceberg creates it by reflection, hence public.
 */
public final class S3ClientFactory implements S3FileIOAwsClientFactory {

    /** Prefix of the properties that a user gave. The properties of a table replace those of the catalog, but not these. */
    static final String OWN = "tss.own.";

    private static final long serialVersionUID = 1L;
    private static final String REGION = AwsClientProperties.CLIENT_REGION;
    private static final String NO_REGION_IN_PARTICULAR = "us-east-1";

    /** What belongs to vended credentials, or stands for credentials. */
    private static final List<String> VENDED = List.of(S3FileIOProperties.SESSION_TOKEN,
            S3FileIOProperties.SESSION_TOKEN_EXPIRES_AT_MS, AwsClientProperties.REFRESH_CREDENTIALS_ENDPOINT,
            S3FileIOProperties.REMOTE_SIGNING_ENABLED);

    private Map<String, String> properties = Map.of();

    /** To be initialized. */
    public S3ClientFactory() {}

    @Override
    public void initialize(Map<String, String> fileIoProperties) {
        properties = inEffect(fileIoProperties);
    }

    /** The properties of a table's files, with those of the user in their place. */
    static Map<String, String> inEffect(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        if (given.containsKey(OWN + S3FileIOProperties.ACCESS_KEY_ID)) {
            all.keySet().removeAll(VENDED);
        }
        given.forEach((key, value) -> {
            if (key.startsWith(OWN)) {
                all.put(key.substring(OWN.length()), value);
                all.remove(key);
            }
        });
        if (all.containsKey(S3FileIOProperties.ENDPOINT)) {
            // The SDK insists on one, stores other than AWS hardly look at it.
            all.putIfAbsent(REGION, NO_REGION_IN_PARTICULAR);
        }
        return Map.copyOf(all);
    }

    @Override
    public S3Client s3() {
        AwsClientProperties aws = new AwsClientProperties(properties);
        S3FileIOProperties s3 = new S3FileIOProperties(properties);
        var builder = S3Client.builder()
                .applyMutation(aws::applyClientRegionConfiguration)
                .applyMutation(aws::applyLegacyMd5Plugin)
                .applyMutation(new HttpClientProperties(properties)::applyHttpClientConfigurations)
                .applyMutation(s3::applyEndpointConfigurations)
                .applyMutation(s3::applyServiceConfigurations)
                .applyMutation(unfinished -> s3.applyCredentialConfigurations(aws, unfinished))
                .applyMutation(s3::applySignerConfiguration)
                .applyMutation(s3::applyS3AccessGrantsConfigurations)
                .applyMutation(s3::applyUserAgentConfigurations)
                .applyMutation(s3::applyRetryConfigurations);
        if (properties.containsKey(S3FileIOProperties.ENDPOINT)) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
        }
        return builder.build();
    }

    /** Only asked for by options that are off unless a user sets them. */
    @Override
    public S3AsyncClient s3Async() {
        return AwsClientFactories.from(properties).s3Async();
    }
}
