package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratorTest {

    private static final Migration FIRST = new Migration(1, "001_a.sql", """
            -- It's a comment; with a semicolon
            CREATE TABLE a (x INTEGER); -- and another; one
            CREATE TABLE b (y TEXT DEFAULT 'semi;colon')
            """);
    private static final Migration SECOND = new Migration(2, "002_c.sql", "CREATE TABLE c (z INTEGER);");

    @TempDir
    Path folder;

    private SqliteFile file;

    @BeforeEach
    void file() {
        file = new SqliteFile(folder.resolve("state.db"));
    }

    private void migrate(Migration... migrations) {
        try (Database database = Database.openSqlite(file.path())) {
            database.migrate(new Migrator(List.of(migrations), () -> Instant.ofEpochMilli(5)));
        }
    }

    private List<String> tables() throws SQLException {
        return file.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    }

    @Test
    void appliesEverythingToAFreshDatabase() throws SQLException {
        migrate(FIRST, SECOND);

        assertThat(tables()).containsExactly("a", "b", "c", "schema_version");
        assertThat(file.query("SELECT version, file, sha256, applied_at FROM schema_version ORDER BY version"))
                .containsExactly("1|001_a.sql|" + FIRST.sha256() + "|5", "2|002_c.sql|" + SECOND.sha256() + "|5");
    }

    @Test
    void secondTimeDoesNothing() throws SQLException {
        migrate(FIRST, SECOND);
        file.execute("INSERT INTO a VALUES (42)");

        migrate(FIRST, SECOND);

        assertThat(file.query("SELECT x FROM a")).containsExactly("42");
    }

    @Test
    void appliesOnlyWhatIsNew() throws SQLException {
        migrate(FIRST);
        file.execute("INSERT INTO a VALUES (42)");

        migrate(FIRST, SECOND);

        assertThat(tables()).contains("c");
        assertThat(file.query("SELECT x FROM a")).containsExactly("42");
    }

    @Test
    void refusesAnAppliedFileThatWasChanged() {
        migrate(FIRST);
        Migration changed = new Migration(1, "001_a.sql", FIRST.sql() + "-- harmless");

        assertThatThrownBy(() -> migrate(changed, SECOND)).isInstanceOf(UncheckedIOException.class)
                .hasMessage(
                        "state file " + file.path() + ": the schema was made by another 001_a.sql than this program "
                                + "has; an applied migration must not be changed, add a new one");
    }

    @Test
    void lineEndingsAreNoChange() throws SQLException {
        migrate(FIRST);

        migrate(new Migration(1, "001_a.sql", FIRST.sql().replace("\n", "\r\n")), SECOND);

        assertThat(tables()).contains("c");
    }

    @Test
    void failureLeavesTheOldSchema() throws SQLException {
        migrate(FIRST);
        Migration broken = new Migration(3, "003_d.sql", "CREATE TABLE d (x INTEGER); CREATE TABEL e (x INTEGER);");

        assertThatThrownBy(() -> migrate(FIRST, SECOND, broken)).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("state file " + file.path() + ": ").hasMessageContaining("TABEL");

        assertThat(tables()).containsExactly("a", "b", "schema_version");
        assertThat(file.query("SELECT version FROM schema_version")).containsExactly("1");
    }

    @Test
    void shippedMigrationsAreTheFilesOfTheSqlFolder() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sql"))) {
            assertThat(Migration.shipped()).extracting(Migration::file).containsExactlyElementsOf(
                    files.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".sql")).sorted()
                            .toList());
        }
        assertThat(Migration.shipped()).extracting(Migration::version).doesNotHaveDuplicates().isSorted();
    }
}
