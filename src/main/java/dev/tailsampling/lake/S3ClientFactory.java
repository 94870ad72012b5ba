package dev.tailsampling.lake;

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
 * Iceberg's S3 client, but for stores other than AWS without the checksum behind each upload, which some of them refuse
 * (SeaweedFS with "The Content-Md5 you specified is not valid"). Iceberg creates it by reflection, hence public.
 */
public final class S3ClientFactory implements S3FileIOAwsClientFactory {

    private static final long serialVersionUID = 1L;

    private Map<String, String> properties = Map.of();

    /** To be initialized. */
    public S3ClientFactory() {}

    @Override
    public void initialize(Map<String, String> fileIoProperties) {
        properties = Map.copyOf(fileIoProperties);
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
