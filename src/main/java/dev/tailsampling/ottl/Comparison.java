package dev.tailsampling.ottl;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares values by the rules of pkg/ottl/LANGUAGE.md: numbers by value whatever their types, other values only with
 * their own type; of values of different types only "not equal" is true.
 */
final class Comparison {

    private Comparison() {}

    static boolean holds(@Nullable Object left, ComparisonOperator operator, @Nullable Object right) {
        if (left == null || right == null) {
            // Collector: nil <= nil and nil >= nil are true as well.
            return left == null && right == null
                    ? operator.holds(0)
                    : operator == ComparisonOperator.NOT_EQUAL;
        }
        if (left instanceof AttributesView && right instanceof AttributesView) {
            throw new EvaluationException("attributes as a whole are compared with a map only");
        }
        return switch (left) {
            case Long a when right instanceof Long b -> operator.holds(Long.compare(a, b));
            case Number a when right instanceof Number b -> operator.holds(a.doubleValue(), b.doubleValue());
            case String a when right instanceof String b -> operator.holds(inUtf8Order(a, b));
            case Boolean a when right instanceof Boolean b -> operator.holds(Boolean.compare(a, b));
            case byte[] a when right instanceof byte[] b -> operator.holds(Arrays.compareUnsigned(a, b));
            case Instant a when right instanceof Instant b -> operator.holds(a.compareTo(b));
            case Duration a when right instanceof Duration b -> operator.holds(a.compareTo(b));
            default -> operator.holdsUnordered(same(left, right));
        };
    }

    private static int inUtf8Order(String a, String b) {
        return a.equals(b)
                ? 0
                : Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** Deep equality; inside lists and maps an int does not equal a double. */
    private static boolean same(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Map<?, ?> && right instanceof AttributesView) {
            return same(right, left);
        }
        return switch (left) {
            case null -> right == null;
            case byte[] a -> right instanceof byte[] b && Arrays.equals(a, b);
            case Double a -> right instanceof Double b && a.doubleValue() == b.doubleValue();
            case List<?> a -> right instanceof List<?> b && sameElements(a, b);
            case Map<?, ?> a -> right instanceof Map<?, ?> b && sameEntries(a, b);
            case AttributesView a -> right instanceof Map<?, ?> b && sameAttributes(a, b);
            default -> left.equals(right);
        };
    }

    private static boolean sameElements(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameEntries(Map<?, ?> left, Map<?, ?> right) {
        return left.size() == right.size() && left.entrySet().stream().allMatch(
                entry -> right.containsKey(entry.getKey()) && same(entry.getValue(), right.get(entry.getKey())));
    }

    private static boolean sameAttributes(AttributesView view, Map<?, ?> map) {
        return view.size() == map.size() && map.entrySet().stream().allMatch(entry -> {
            AttributeValue value = view.get(AttributeKey.of((String) entry.getKey()));
            return value != null && same(Values.of(value), entry.getValue());
        });
    }
}
