package dev.tailsampling.ottl;

import dev.tailsampling.ottl.Expression.Arithmetic;
import dev.tailsampling.ottl.Expression.IndexedCall;
import dev.tailsampling.ottl.Expression.IsRootSpan;
import dev.tailsampling.ottl.Expression.ListOf;
import dev.tailsampling.ottl.Expression.Literal;
import dev.tailsampling.ottl.Expression.MapOf;
import dev.tailsampling.ottl.Expression.Negative;
import dev.tailsampling.trace.SpanField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the values in a condition; paths and functions are resolved, and what is constant computed, on the way. */
final class ValueParser {

    private static final int MAX_DEPTH = 100;
    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "true", "false", "nil");

    private final Tokens tokens;
    private final Context context;
    private final PathFields fields;
    private int depth;

    ValueParser(Tokens tokens, Context context) {
        this.tokens = tokens;
        this.context = context;
        this.fields = new PathFields(context);
    }

    /** Parts of a span that the paths read so far stand for. */
    Set<SpanField> fields() {
        return fields.collected();
    }

    /** Reads something inside another thing of its kind, which must end somewhere. */
    <T> T nested(Supplier<T> reading) {
        if (++depth > MAX_DEPTH) {
            throw tokens.problem("nested more than " + MAX_DEPTH + " levels deep", tokens.peek());
        }
        T read = reading.get();
        depth--;
        return read;
    }

    Expression value() {
        return nested(() -> {
            Token first = tokens.peek();
            return switch (first.type()) {
                case STRING -> new Literal(tokens.take().text());
                case BYTES -> new Literal(bytes(tokens.take()));
                case WORD -> word(first);
                case SYMBOL -> first.isSymbol("[") ? list() : first.isSymbol("{") ? map() : sum();
                case INT, FLOAT, END -> sum();
            };
        });
    }

    private Expression word(Token word) {
        boolean isCall = tokens.peekSecond().isSymbol("(");
        if (!isCall && isUpperCase(word.text())) {
            Long number = Enums.number(tokens.take().text());
            if (number == null) {
                throw tokens.problem("there is no enum " + word.text() + "; there are " + Enums.names(), word);
            }
            return new Literal(number);
        }
        return switch (word.text()) {
            case "nil" -> taken(new Literal(null));
            case "true" -> taken(new Literal(true));
            case "false" -> taken(new Literal(false));
            default -> sum();
        };
    }

    private Literal taken(Literal literal) {
        tokens.take();
        return literal;
    }

    private byte[] bytes(Token token) {
        if (token.text().length() % 2 != 0) {
            throw tokens.problem("bytes with an odd number of hex digits", token);
        }
        return HexFormat.of().parseHex(token.text());
    }

    private Expression list() {
        tokens.expectSymbol("[");
        List<Expression> elements = new ArrayList<>();
        if (!tokens.acceptSymbol("]")) {
            do {
                elements.add(value());
            } while (tokens.acceptSymbol(","));
            tokens.expectSymbol("]");
        }
        return Constants.fold(new ListOf(List.copyOf(elements)), elements);
    }

    private Expression map() {
        tokens.expectSymbol("{");
        Map<String, Expression> entries = new LinkedHashMap<>();
        while (!tokens.acceptSymbol("}")) {
            if (!tokens.peek().is(Token.Type.STRING)) {
                throw tokens.unexpected("a key in quotes or '}'");
            }
            String key = tokens.take().text();
            tokens.expectSymbol(":");
            entries.put(key, value());
            tokens.acceptSymbol(",");
        }
        return Constants.fold(new MapOf(entries), entries.values());
    }

    private Expression sum() {
        Expression left = product();
        for (MathOperator operator = operator(false); operator != null; operator = operator(false)) {
            Expression right = product();
            left = Constants.fold(new Arithmetic(left, operator, right), List.of(left, right));
        }
        return left;
    }

    private Expression product() {
        Expression left = factor();
        for (MathOperator operator = operator(true); operator != null; operator = operator(true)) {
            Expression right = factor();
            left = Constants.fold(new Arithmetic(left, operator, right), List.of(left, right));
        }
        return left;
    }

    private @Nullable MathOperator operator(boolean tight) {
        MathOperator operator = tokens.peek().mathOperator();
        if (operator == null || operator.bindsTightly() != tight) {
            return null;
        }
        tokens.take();
        return operator;
    }

    private Expression factor() {
        if (tokens.acceptSymbol("-")) {
            Token number = tokens.peek();
            if (number.is(Token.Type.INT)) {
                // Read with its sign, since the lowest int has no positive counterpart.
                return integer("-" + tokens.take().text(), number);
            }
            Expression unsigned = operand();
            return Constants.fold(new Negative(unsigned), List.of(unsigned));
        }
        tokens.acceptSymbol("+");
        return operand();
    }

    private Expression operand() {
        Token first = tokens.peek();
        if (tokens.acceptSymbol("(")) {
            Expression inner = nested(this::sum);
            tokens.expectSymbol(")");
            return inner;
        }
        return switch (first.type()) {
            case INT -> integer(tokens.take().text(), first);
            case FLOAT -> new Literal(Double.parseDouble(tokens.take().text()));
            case WORD -> tokens.peekSecond().isSymbol("(") ? call() : path();
            case STRING, BYTES, SYMBOL, END -> throw tokens.unexpected("a value");
        };
    }

    private Literal integer(String digits, Token at) {
        try {
            return new Literal(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            throw tokens.problem("an int that does not fit into 64 bits", at);
        }
    }

    private Expression path() {
        Token first = tokens.peek();
        StringBuilder path = new StringBuilder(name());
        List<Expression> keys = keys();
        while (tokens.acceptSymbol(".")) {
            if (!keys.isEmpty()) {
                throw tokens.problem(path + " is indexed in the middle of a path; only the last name may be", first);
            }
            path.append('.').append(name());
            keys = keys();
        }
        try {
            Expression resolved = Paths.resolve(path.toString(), keys, context);
            fields.add(path.toString());
            return resolved;
        } catch (IllegalArgumentException e) {
            throw tokens.problem(String.valueOf(e.getMessage()), first);
        }
    }

    private String name() {
        Token token = tokens.peek();
        if (!token.is(Token.Type.WORD) || KEYWORDS.contains(token.text())) {
            throw tokens.unexpected("a value");
        }
        return tokens.take().text();
    }

    private List<Expression> keys() {
        List<Expression> keys = new ArrayList<>();
        while (tokens.acceptSymbol("[")) {
            keys.add(tokens.peek().is(Token.Type.STRING) ? new Literal(tokens.take().text()) : nested(this::sum));
            tokens.expectSymbol("]");
        }
        return List.copyOf(keys);
    }

    private Expression call() {
        Token function = tokens.take();
        String name = function.text();
        Expression call = name.equals(Converters.IS_ROOT_SPAN) && context == Context.SPAN
                ? rootSpan(function)
                : bound(function);
        List<Expression> keys = keys();
        return keys.isEmpty() ? call : new IndexedCall(call, keys);
    }

    private Expression rootSpan(Token function) {
        if (!arguments().isEmpty()) {
            throw tokens.problem(function.text() + " takes no argument", function);
        }
        return new IsRootSpan();
    }

    private Expression bound(Token function) {
        Converter converter = Converters.named(function.text());
        if (converter == null) {
            throw tokens.problem("there is no function " + function.text() + " for " + context.inWords()
                    + "; there are " + Converters.names(context), function);
        }
        return new ArgumentBinding(tokens, function, converter).bind(arguments());
    }

    private List<Argument> arguments() {
        tokens.expectSymbol("(");
        List<Argument> arguments = new ArrayList<>();
        if (!tokens.acceptSymbol(")")) {
            do {
                arguments.add(argument());
            } while (tokens.acceptSymbol(","));
            tokens.expectSymbol(")");
        }
        return arguments;
    }

    private Argument argument() {
        Token first = tokens.peek();
        if (first.is(Token.Type.WORD) && tokens.peekSecond().isSymbol("=")) {
            tokens.take();
            tokens.take();
            return new Argument(first.text(), value(), first);
        }
        return new Argument(null, value(), first);
    }

    private static boolean isUpperCase(String word) {
        return word.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_');
    }
}
