package dev.tailsampling.ottl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Hashes of texts. */
final class HashConverters {

    private static final Parameter<String> VALUE = Parameter.of("value", Kinds::string);
    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static final List<Converter> ALL = List.of(
            Converter.of("MD5", VALUE, text -> digest("MD5", text)),
            Converter.of("SHA1", VALUE, text -> digest("SHA-1", text)),
            Converter.of("SHA256", VALUE, text -> digest("SHA-256", text)),
            Converter.of("SHA512", VALUE, text -> digest("SHA-512", text)),
            Converter.of("FNV", VALUE, HashConverters::fnv1a));

    private HashConverters() {}

    private static String digest(String algorithm, String text) {
        try {
            byte[] hash = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** FNV-1a of 64 bits. */
    private static long fnv1a(String text) {
        long hash = FNV_OFFSET_BASIS;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xff) * FNV_PRIME;
        }
        return hash;
    }
}
