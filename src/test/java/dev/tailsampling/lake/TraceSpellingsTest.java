package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Which bounds may have an id between them, held against the reader of ids. */
class TraceSpellingsTest {

    private static final byte[] ABOVE_ALL = {(byte) 0xff};

    private static TraceSpellings spellings(TraceId id, Type type, boolean isTraceId) {
        return new TraceSpellings(id, new BoundLayout.TraceKey(new LeafColumn(1, "id", type), isTraceId));
    }

    private static TraceSpellings texts(TraceId id) {
        return spellings(id, Types.StringType.get(), true);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean mayLie(TraceId id, String lower, String upper) {
        return texts(id).mayLieWithin(ascii(lower), ascii(upper));
    }

    private static TraceId random(Random random) {
        return new TraceId(random.nextInt(3) == 0 ? 0 : random.nextLong(), random.nextLong());
    }

    private static String anyCase(String hex, Random random) {
        StringBuilder text = new StringBuilder();
        hex.chars().forEach(digit -> text.append((char) (random.nextBoolean() ? Character.toUpperCase(digit) : digit)));
        return text.toString();
    }

    private static byte[] bytes(TraceId id) {
        return ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
    }

    private static List<String> spelled(TraceId id, Random random) {
        List<String> texts = new ArrayList<>(List.of(id.hex(), id.hex().toUpperCase(Locale.ROOT),
                anyCase(id.hex(), random), anyCase(new UUID(id.high(), id.low()).toString(), random)));
        addBase64(bytes(id), random, texts);
        if (id.high() == 0) {
            texts.add(anyCase(id.hex().substring(16), random));
            addBase64(Arrays.copyOfRange(bytes(id), 8, 16), random, texts);
        }
        return texts;
    }

    /** Padded or not, and with bits beyond the bytes, which nobody reads. */
    private static void addBase64(byte[] bytes, Random random, List<String> to) {
        String text = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
        more[bytes.length] = (byte) random.nextInt();
        to.add(text);
        to.add(Base64.getEncoder().encodeToString(bytes));
        to.add(Base64.getEncoder().withoutPadding().encodeToString(more).substring(0, text.length()));
    }

    /** What Iceberg does to long bounds. */
    private static byte[] cutOffAndRoundedUp(byte[] value, int length) {
        byte[] cut = Arrays.copyOf(value, Math.min(length, value.length));
        if (cut.length < value.length) {
            cut[cut.length - 1]++;
        }
        return cut;
    }

    @Test
    void everyTextThatIsReadAsTheIdMayLieWithinBoundsThatHaveIt() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            TraceId id = random(random);
            for (String text : spelled(id, random)) {
                byte[] value = ascii(text);
                IdText reader = new IdText();
                assertThat(reader.ofText(value, 0, value.length)).as("%s, seed %s", text, seed).isTrue();
                assertThat(new TraceId(reader.high(), reader.low())).as("%s, seed %s", text, seed).isEqualTo(id);

                int length = 1 + random.nextInt(40);
                byte[] lower = Arrays.copyOf(value, Math.min(length, value.length));
                assertThat(texts(id).mayLieWithin(value, value)).as("%s, seed %s", text, seed).isTrue();
                assertThat(texts(id).mayLieWithin(lower, cutOffAndRoundedUp(value, length)))
                        .as("%s cut off at %s, seed %s", text, length, seed).isTrue();
                assertThat(texts(id).mayLieWithin(new byte[0], ABOVE_ALL)).isTrue();
            }
        }
    }

    /** All spellings in hex are tried: with few letters there are few. */
    @Test
    void boundsWithoutAnySpellingRuleTheIdOut() {
        int ruledOut = 0;
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            TraceId id = TraceId.parse(digits(random) + "4".repeat(28));
            byte[] one = ascii(anyCase(digits(random), random));
            byte[] other = ascii(anyCase(digits(random), random));
            byte[] lower = Arrays.compareUnsigned(one, other) < 0 ? one : other;
            byte[] upper = lower == one ? other : one;
            String base64 = Base64.getEncoder().encodeToString(bytes(id)).substring(0, 21);
            boolean expected = allCases(id.hex()).stream().anyMatch(text -> isWithin(text, lower, upper))
                    || allCases(new UUID(id.high(), id.low()).toString()).stream()
                            .anyMatch(text -> isWithin(text, lower, upper))
                    || isWithin(base64, lower, upper);

            assertThat(texts(id).mayLieWithin(lower, upper)).as("%s between %s and %s, seed %s", id,
                    new String(lower, StandardCharsets.US_ASCII), new String(upper, StandardCharsets.US_ASCII), seed)
                    .isEqualTo(expected);
            ruledOut += expected ? 0 : 1;
        }
        assertThat(ruledOut).isGreaterThan(500);
    }

    private static String digits(Random random) {
        return String.format("%04x", random.nextInt(1 << 16));
    }

    private static List<String> allCases(String hex) {
        List<String> texts = new ArrayList<>(List.of(""));
        for (char digit : hex.toCharArray()) {
            List<String> longer = new ArrayList<>();
            for (String text : texts) {
                longer.add(text + digit);
                if (Character.isLetter(digit)) {
                    longer.add(text + Character.toUpperCase(digit));
                }
            }
            texts = longer;
        }
        return texts;
    }

    private static boolean isWithin(String text, byte[] lower, byte[] upper) {
        return Arrays.compareUnsigned(lower, ascii(text)) <= 0 && Arrays.compareUnsigned(ascii(text), upper) <= 0;
    }

    @Test
    void lettersOfTheOtherCaseAreNotBetweenBoundsOfOneCase() {
        TraceId id = TraceId.parse("c5" + "0".repeat(30));

        assertThat(mayLie(id, "b0", "bf")).isFalse();
        assertThat(mayLie(id, "B0", "BF")).isFalse();
        assertThat(mayLie(id, "c5", "c6")).isTrue();
        assertThat(mayLie(id, "C5", "C6")).isTrue();
        assertThat(mayLie(id, "BF", "bf")).as("C5 is between").isTrue();
    }

    @Test
    void bytesAreComparedUnsigned() {
        TraceId id = new TraceId(0x80_00_00_00_00_00_00_00L, 1);
        for (Type type : List.of(Types.BinaryType.get(), Types.FixedType.ofLength(16))) {
            TraceSpellings spellings = spellings(id, type, true);

            assertThat(spellings.mayLieWithin(new byte[]{0x7f}, new byte[]{(byte) 0x81})).isTrue();
            assertThat(spellings.mayLieWithin(new byte[]{0}, new byte[]{0x7f})).isFalse();
            assertThat(spellings.mayLieWithin(new byte[]{(byte) 0x81}, new byte[]{(byte) 0xff})).isFalse();
            assertThat(spellings.mayLieWithin(ascii("8"), ascii("9"))).as("no text").isFalse();
        }
    }

    @Test
    void anIdOfEightBytesIsShortOrFilledUp() {
        TraceSpellings spellings = spellings(new TraceId(0, 0x77_00_00_00_00_00_00_00L), Types.BinaryType.get(), true);

        assertThat(spellings.mayLieWithin(new byte[]{0x77}, new byte[]{0x78})).isTrue();
        assertThat(spellings.mayLieWithin(new byte[]{0}, new byte[]{0, 1})).isTrue();
        assertThat(spellings.mayLieWithin(new byte[]{1}, new byte[]{0x76})).isFalse();
    }

    @Test
    void boundsOfUuidsSayNothing() {
        assertThat(spellings(new TraceId(1, 1), Types.UUIDType.get(), true).mayLieWithin(bytes(new TraceId(2, 2)),
                bytes(new TraceId(3, 3)))).isTrue();
    }

    @Test
    void aKeyOfBytesIsHexOrTheIdItself() {
        TraceId id = new TraceId(0x5a_00_00_00_00_00_00_00L, 1);
        TraceSpellings key = spellings(id, Types.BinaryType.get(), false);

        assertThat(key.usual()).containsExactlyInAnyOrder(ByteBuffer.wrap(ascii(id.hex())), ByteBuffer.wrap(bytes(id)));
        assertThat(key.mayLieWithin(ascii("5a"), ascii("5b"))).isTrue();
        assertThat(key.mayLieWithin(new byte[]{0x5a}, new byte[]{0x5a, 1})).isTrue();
        assertThat(key.mayLieWithin(ascii("6"), ascii("7"))).isFalse();
    }
}
