package dev.tailsampling.cli;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An S3 server on a free port of this machine. It checks signatures; its one bucket is kept in memory. Besides its own key
 * it takes those that were admitted, until they are dismissed.
 */
final class LocalS3 implements AutoCloseable {

    static final String REGION = "local-01";
    static final String ACCESS_KEY_ID = "local-access-key";
    static final String SECRET_ACCESS_KEY = "local-secret-key";

    private final S3Proxy server;
    private final S3Client client;
    private final String bucket;
    private final Map<String, String> admitted = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private LocalS3(S3Proxy server, String bucket) {
        this.server = server;
        this.bucket = bucket;
        client = S3Client.builder().endpointOverride(endpoint()).region(Region.of(REGION)).forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)))
                .httpClient(UrlConnectionHttpClient.create()).build();
    }

    static LocalS3 start(String bucket) throws Exception {
        BlobStore objects = new TransientNio2BlobStore();
        // It knows no session tokens, which is no reason to refuse them.
        S3Proxy server = S3Proxy.builder().endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
                .blobStore(objects).ignoreUnknownHeaders(true).build();
        server.start();
        LocalS3 started = new LocalS3(server, bucket);
        server.setBlobStoreLocator((key, container, blob) -> started.grant(key, objects));
        started.client.createBucket(request -> request.bucket(bucket));
        return started;
    }

    private @Nullable AccessGrant grant(String accessKeyId, BlobStore objects) {
        String secret = accessKeyId.equals(ACCESS_KEY_ID) ? SECRET_ACCESS_KEY : admitted.get(accessKeyId);
        if (secret == null) {
            refused.add(accessKeyId);
            return null;
        }
        return new AccessGrant(secret, objects);
    }

    /** From now on it takes this key, too. */
    void admit(String accessKeyId, String secretAccessKey) {
        admitted.put(accessKeyId, secretAccessKey);
    }

    /** The keys that were admitted are good no more. */
    void dismiss(Collection<String> accessKeyIds) {
        admitted.keySet().removeAll(accessKeyIds);
    }

    /** Keys that were shown and are not good, or not any more. */
    Set<String> refused() {
        return refused;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    String bucket() {
        return bucket;
    }

    /** How Iceberg reaches it. */
    Map<String, String> properties() {
        return Map.of(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName(), "http-client.type", "urlconnection",
                "s3.endpoint", endpoint().toString(), "s3.path-style-access", "true", "client.region", REGION,
                "s3.access-key-id", ACCESS_KEY_ID, "s3.secret-access-key", SECRET_ACCESS_KEY);
    }

    /** Keys of all objects. */
    List<String> keys() {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream().map(S3Object::key)
                .toList();
    }

    @Override
    public void close() {
        client.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3 does not stop", e);
        }
    }
}
