package dev.tailsampling.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One step of the schema.
 *
 * @param version number at the beginning of the file's name
 * @param file name of the file in {@code sql/}
 * @param sql its statements
 */
record Migration(int version, String file, String sql) {

    /** The files of {@code sql/}, in order; a new one gets its line here. */
    private static final List<String> FILES = List.of("001_recent_decisions.sql", "002_control_log.sql",
            "003_force_rules.sql", "004_budget_state.sql", "005_backfill_runs.sql", "006_unreadable_files.sql",
            "007_policy_activations.sql", "008_instance_runs.sql", "009_dead_letters.sql",
            "010_shared_revision.sql", "011_hand_overs.sql");

    private static final int VERSION_DIGITS = 3;

    Migration {
        if (version <= 0) {
            throw new IllegalArgumentException("migrations are numbered from 1: " + version);
        }
    }

    /** The migrations that ship with the program, oldest first. */
    static List<Migration> shipped() {
        return FILES.stream().map(Migration::read).toList();
    }

    private static Migration read(String file) {
        try (InputStream in = Migration.class.getResourceAsStream("/sql/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without its resource /sql/" + file);
            }
            return new Migration(Integer.parseInt(file.substring(0, VERSION_DIGITS)), file,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource /sql/" + file, e);
        }
    }

    /** Identifies the content, whatever the line endings of the checkout. */
    String sha256() {
        try {
            byte[] content = sql.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
