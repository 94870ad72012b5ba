package dev.tailsampling.datadog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expectations are those that Datadog documents for tags, and the Agent's own examples. */
class TagTextTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
            "#test_starting_hash, test_starting_hash", "TestCAPSandSuch, testcapsandsuch",
            "Test Conversion Of Weird !@#$%^&**() Characters, test_conversion_of_weird_characters",
            "$#weird_starting, weird_starting", "allowed:c0l0ns, allowed:c0l0ns", "1love, love",
            "ünicöde:metäl, ünicöde:metäl",
            "Data🐨dog🐶 繋がっ⛰てて, data_dog_繋がっ_てて", "` spaces   `, spaces", ":testing, :testing", "_foo, foo",
            "contiguous_____underscores, contiguous_underscores", "foo_, foo", "12.:trim@, :trim",
            "fun:ky__tag/1, fun:ky_tag/1", "---fun:k####y_ta@#g/1_@@#, fun:k_y_ta_g/1"})
    void tag(String text, String tag) {
        assertThat(TagText.tag(text)).isEqualTo(tag);
    }

    @Test
    void tagsHave200CharactersAtMost() {
        assertThat(TagText.tag("a".repeat(300))).isEqualTo("a".repeat(200));
        assertThat(TagText.value("😀".repeat(300))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"1love, 1love", "My Service, my_service", "``, unnamed-service",
            "#, unnamed-service", "Svc/v1.2-beta:x, svc/v1.2-beta:x"})
    void service(String text, String service) {
        assertThat(TagText.service(text)).isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"``, unnamed_operation", "123, unnamed_operation", "good, good",
            "bad-name, bad_name", "Sad$*Name, Sad_Name", "a.b..c, a.b..c", "a_.b, a.b", "_1pg.query_, pg.query",
            "ünd, nd", "x__y, x_y"})
    void operation(String text, String operation) {
        assertThat(TagText.operation(text)).isEqualTo(operation);
    }

    @Test
    void textsAreCutBetweenCharacters() {
        assertThat(TagText.truncated("aé😀", 7)).isEqualTo("aé😀");
        assertThat(TagText.truncated("aé😀", 6)).isEqualTo("aé");
        assertThat(TagText.truncated("aé😀", 2)).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"GET key, GET", "set k v, SET", "config get x, CONFIG GET",
            "GET..., ...", "``, ``", "CLIENT, CLIENT"})
    void redisCommandsKeepTheirNamesOnly(String query, String commands) {
        assertThat(RedisCommands.of(query)).isEqualTo(commands);
    }

    @Test
    void fourthCommandIsCut() {
        assertThat(RedisCommands.of("GET a\n\nSET b c\nDEL d\nDEL e")).isEqualTo("GET SET DEL ...");
    }
}
