package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SanitizedQueryTest {

    private static final int QUERIES = 20_000;

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            SELECT * FROM t WHERE a = 'x' AND b = 5        § SELECT * FROM t WHERE a = ? AND b = ?
            SELECT 'it''s', '', N'x', E'a\\'b', X'ff', B'1' § SELECT ?, ?, ?, ?, ?, ?
            SELECT _utf8'x', U&'\\0041', _latin1 'y'       § SELECT ?, ?, _latin1 ?
            SELECT q'[it's]', nq'{x'y}', Q'!a'b!' FROM dual § SELECT ?, ?, ? FROM dual
            SELECT $$it's$$, $f$a $$ b$f$, $1, $name       § SELECT ?, ?, ?, $name
            SELECT DATE '2024-01-01', INTERVAL '1' DAY     § SELECT DATE ?, INTERVAL ? DAY
            WHERE a IS NULL AND b = TRUE OR c = false      § WHERE a IS NULL AND b = TRUE OR c = false
            """)
    void strings_becomePlaceholders(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            x = 1.5e-3 OR x = .5 OR x = 0xFF OR x = 1_000  § x = ? OR x = ? OR x = ? OR x = ?
            x = -5 AND y = +.5 AND z > a - 5               § x = ? AND y = ? AND z > a - ?
            x=1e5+2                                        § x=?+?
            t1.c2 = t2.c3 AND db1.t2.x3 > 4                § t1.c2 = t2.c3 AND db1.t2.x3 > ?
            id = 550e8400-e29b-41d4-a716-446655440000      § id = ?
            id = fa0e8400-e29b-41d4-a716-446655440000      § id = ?
            id = :1 AND n = :name AND p = @p AND q = ?1    § id = ? AND n = :name AND p = @p AND q = ?
            ip = 10.0.0.1 AND t = 10:30                    § ip = ? AND t = ?:?
            a::int + a[1:2] + b[3]                         § a::int + a[?:?] + b[?]
            """)
    void numbers_becomePlaceholders(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            a IN (1, 2 ,3)                                 § a IN (?)
            a IN ( 'x' )                                   § a IN (?)
            a IN (-1,-2) AND b IN ($1, $2) AND c IN (?,?)  § a IN (?) AND b IN (?) AND c IN (?)
            a IN (?)                                       § a IN (?)
            a IN (1, b, 3) AND c IN ()                     § a IN (?, b, ?) AND c IN ()
            (a, b) IN ((1, 2), (3, 4))                     § (a, b) IN ((?))
            INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y') § INSERT INTO t (a, b) VALUES (?)
            INSERT INTO t VALUES (1) ,(2) , (3), (now())   § INSERT INTO t VALUES (?), (now())
            VALUES (1), (NULL), (2), (3)                   § VALUES (?), (NULL), (?)
            ARRAY[1, 2, 3]                                 § ARRAY[?]
            f(1), g(2)                                     § f(?), g(?)
            """)
    void listsOfLiterals_areOnePlaceholder(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            SELECT "a 1", "b""2" FROM "s"."t 3"            § SELECT "a 1", "b""2" FROM "s"."t 3"
            SELECT `a 1` FROM `t``2` WHERE `b` = "x"       § SELECT `a 1` FROM `t``2` WHERE `b` = ?
            SELECT [a 1] FROM [dbo].[Order Details] [o]    § SELECT [a 1] FROM [dbo].[Order Details] [o]
            SELECT * FROM #temp JOIN ##shared ON 1 = 1     § SELECT * FROM #temp JOIN ##shared ON ? = ?
            SELECT größe FROM 表 WHERE 名 = '値'             § SELECT größe FROM 表 WHERE 名 = ?
            """)
    void identifiers_stay(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    @Test
    void commentsAndWhiteSpace_areOneBlank() {
        assertThat(
                SanitizedQuery.of("  SELECT\t\n a -- the secret\r\n,b/* and 'another */FROM t # last\nWHERE x -- end"))
                .isEqualTo("SELECT a ,b FROM t WHERE x");
        assertThat(SanitizedQuery.of("SELECT 1 /* never closed 'x'")).isEqualTo("SELECT ?");
        assertThat(SanitizedQuery.of("SELECT '-- no comment', '/*', \"--\"")).isEqualTo("SELECT ?, ?, \"--\"");
        assertThat(SanitizedQuery.of("")).isEmpty();
        assertThat(SanitizedQuery.of(" \n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            a = 'it\\'s secret' AND b = 'x'                § a = ? AND b = ?
            a = 'O\\'Brien\\'s' AND b = 1                  § a = ? AND b = ?
            a = 'C:\\' AND b = 'secret'                    § a = ? AND b = ?
            a = 'C:\\', b = 'D:\\'                         § a = ?, b = ?
            a = 'C:\\\\' AND b = 'secret'                  § a = ? AND b = ?
            """)
    void backslash_escapesWhereThatMakesSense(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            SELECT a FROM t WHERE b = 'cut off             § SELECT a FROM t WHERE b = ?
            SELECT a FROM "cut off                         § SELECT a FROM ?
            SELECT a FROM t WHERE b = $$cut off            § SELECT a FROM t WHERE b = ?
            SELECT a FROM t WHERE b = q'[cut off           § SELECT a FROM t WHERE b = ?
            SELECT a FROM t WHERE b IN (1, 2, 3            § SELECT a FROM t WHERE b IN (?, ?, ?
            """)
    void queryThatIsCut_losesItsOpenLiteral(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~',
            textBlock = """
                            {"find": "users", "filter": {"age": {"$gt": 21}}, "limit": 5}  § {"find": ?, "filter": {"age": {"$gt": ?}}, "limit": ?}
                            {"q": {"$in": ["a", "b\\"c"]}, "ok": true, "x": null, "n": -1} § {"q": {"$in": [?]}, "ok": true, "x": null, "n": ?}
                            [{"$match": {"name": "bob"}}, {"$limit": 10}]                  § [{"$match": {"name": ?}}, {"$limit": ?}]
                            {'find': 'users', 'filter': {'name': 'bob'}}                   § {'find': ?, 'filter': {'name': ?}}
                            {"a" :1, 'b' : 2, "c":.5}                                      § {"a" :?, 'b' : ?, "c":?}
                    db.users.find({name: "bob", "at": ISODate("2024")})            § db.users.find({name: ?, "at": ISODate(?)})
                            MATCH (p:Person {name: 'bob', age: 5}) RETURN p LIMIT 3        § MATCH (p:Person {name: ?, age: ?}) RETURN p LIMIT ?
                            GET user:42                                                    § GET user:?
                            HMSET h f 'v' 7                                                § HMSET h f ? ?
                            """)
    void otherLanguages_loseTheirValuesToo(String query, String sanitized) {
        assertThat(SanitizedQuery.of(query)).isEqualTo(sanitized);
    }

    /** A million characters that make a scan to and fro take for ever. */
    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '~', textBlock = """
            (§'\\'§$a §[a §{"§/*§q'[§1e-§a:§`"§E'§U&§"a" §(1),§#
            """)
    void anyText_takesTimeInProportion(
            String a, String b, String c, String d, String e, String f, String g, String h, String i, String j,
            String k, String l, String m, String n, String o) {
        for (String piece : List.of(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)) {
            long before = System.nanoTime();
            SanitizedQuery.of(piece.repeat(1_000_000 / piece.length()));
            assertThat(System.nanoTime() - before).as("nanoseconds for repeated %s", piece).isLessThan(5_000_000_000L);
        }
    }

    @Test
    void noLiteral_comesThrough() {
        for (long seed = 0; seed < QUERIES; seed++) {
            RandomQuery random = new RandomQuery(seed);
            String query = random.query();
            String sanitized = SanitizedQuery.of(query);
            assertThat(sanitized).as("seed %d: %s", seed, query).doesNotContain("zq", "771").contains("keep");
        }
    }

    @Test
    void secondTime_changesNothing() {
        for (long seed = 0; seed < 5 * QUERIES; seed++) {
            RandomQuery random = new RandomQuery(seed);
            String query = seed % 4 == 0 ? random.query() : random.noise();
            String once = SanitizedQuery.of(query);
            assertThat(SanitizedQuery.of(once)).as("seed %d: %s", seed, query).isEqualTo(once);
        }
    }

    /** Queries in which literals, and nothing else, contain {@code zq} or {@code 771}; names contain {@code keep}. */
    private static final class RandomQuery {

        private static final List<String> PIECES = List.of("'", "''", "\"", "`", "[", "]", "(", ")", "{", "}", ",", ":",
                "-", "--", "+", "#", "/", "/*", "*/", "\\", "$", "$$", "?", ".", "=", " ", "\n", "\u00a0", "a", "e",
                "N",
                "q", "nq'", "_x", "1", "9.5", "0xe", "@", "%", "&", "é", "\ud83d\ude00",
                "550e8400-e29b-41d4-a716-446655440000");

        private final SplittableRandom random;

        RandomQuery(long seed) {
            random = new SplittableRandom(seed);
        }

        String query() {
            return "SELECT " + name() + " FROM " + name() + blank() + "WHERE " + some(6, () -> name() + operator()
                    + operand(), " AND ") + " ORDER BY " + literal();
        }

        String noise() {
            return some(14, () -> PIECES.get(random.nextInt(PIECES.size())), "");
        }

        private String name() {
            return switch (random.nextInt(4)) {
                case 0 -> "\"keep it\"";
                case 1 -> "[keep it]";
                case 2 -> "t1.keep2";
                default -> "keep_3";
            };
        }

        private String operator() {
            return List.of(" = ", "=", " <> ", " >\n", " LIKE /* zq */ ").get(random.nextInt(5));
        }

        private String operand() {
            return switch (random.nextInt(4)) {
                case 0 -> "(" + some(5, this::literal, blank() + "," + blank()) + ")";
                case 1 -> "keep(" + literal() + ", keep)";
                default -> literal();
            };
        }

        private String literal() {
            return switch (random.nextInt(9)) {
                case 0 -> "'zq " + text() + "'";
                case 1 -> "N'zq''" + text() + "'";
                case 2 -> "E'zq\\'" + text().replace("''", "") + "'";
                case 3 -> "$$zq '" + text() + "$$";
                case 4 -> "$t$zq \" $$ $t$";
                case 5 -> "-771." + random.nextInt(9);
                case 6 -> "0x771" + random.nextInt(9);
                case 7 -> "771e-771";
                default -> "q'[zq ' ]'";
            };
        }

        private String text() {
            return some(5, () -> List.of("zq", "771", " -- ", "/*", "''", "\"", "`", "(", ",", "?").get(
                    random.nextInt(10)), "");
        }

        private String blank() {
            return List.of(" ", "\n", " -- zq 771\n", "/* zq ' */", "  ").get(random.nextInt(5));
        }

        private String some(int limit, Supplier<String> part, String between) {
            return Stream.generate(part).limit(1 + random.nextInt(limit)).collect(Collectors.joining(between));
        }
    }
}
