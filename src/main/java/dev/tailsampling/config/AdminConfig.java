package dev.tailsampling.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys under {@code admin}: who may use the admin API, and how. */
public record AdminConfig(
        @Setting(doc = "Tokens by name: a role (read, rules, admin) and a hash, as tss token prints them.",
                key = "tokens") Map<String, Secret> tokens,
        @Setting(doc = "Whether anybody who reaches the port may do anything, also from other machines.",
                key = "insecure", standard = "false") boolean insecure,
        @Setting(doc = "Certificates of the server, PEM; not set for plain HTTP.",
                key = "tls_certificate_file") @Nullable Path tlsCertificateFile,
        @Setting(doc = "Private key of that certificate, PEM (PKCS 8).",
                key = "tls_key_file") @Nullable Path tlsKeyFile,
        @Setting(doc = "Size of a request at most.",
                key = "max_request_bytes", standard = "1048576", min = 1, max = 1 << 30) int maxRequestBytes,
        @Setting(doc = "Requests that are answered at the same time at most.",
                key = "max_concurrent_requests", standard = "64", min = 1, max = 10_000) int maxConcurrentRequests) {

    public AdminConfig {
        tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
        if ((tlsCertificateFile == null) != (tlsKeyFile == null)) {
            throw new IllegalArgumentException(
                    "admin.tls_certificate_file and admin.tls_key_file must both be set, or neither");
        }
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
