package dev.tailsampling.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Tracestate headers of which most are well formed, and the others nearly so. The same generator makes the same. */
final class RandomTraceState {

    private static final String ODD = ";:=,@ \t$Aé\u0000";

    private RandomTraceState() {}

    static String header(SplittableRandom random) {
        String header = String.join(random.nextInt(4) == 0 ? " , " : ",", some(random, 5, () -> member(random)));
        return damaged(random, header);
    }

    private static String member(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> "ot=" + fields(random);
            case 3 -> "0tenant@vendor=" + random.nextInt(9);
            case 4 -> "";
            default -> "k" + random.nextInt(9) + "=v a" + random.nextInt(9);
        };
    }

    static String otel(SplittableRandom random) {
        return damaged(random, fields(random));
    }

    private static String fields(SplittableRandom random) {
        return String.join(";", some(random, 4, () -> switch (random.nextInt(4)) {
            case 0 -> "rv:" + Randomness.hex(random.nextLong(1L << 56));
            case 1, 2 -> "th:" + new Threshold(random.nextLong(1L << 56) & -1L << random.nextInt(57)).th();
            default -> "x" + random.nextInt(9) + ":" + "y".repeat(random.nextInt(5));
        }));
    }

    private static List<String> some(SplittableRandom random, int most, Supplier<String> element) {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(most); i++) {
            elements.add(element.get());
        }
        return elements;
    }

    /** Every other one: a character is lost, doubled or replaced. */
    private static String damaged(SplittableRandom random, String text) {
        if (text.isEmpty() || random.nextBoolean()) {
            return text;
        }
        int at = random.nextInt(text.length());
        String odd = ODD.substring(random.nextInt(ODD.length())).substring(0, 1);
        return text.substring(0, at) + switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> odd;
            default -> text.charAt(at) + odd;
        } + text.substring(at + 1);
    }
}
