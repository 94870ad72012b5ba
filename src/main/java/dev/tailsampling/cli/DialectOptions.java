package dev.tailsampling.cli;

import dev.tailsampling.config.Compat;
import dev.tailsampling.config.PolicyDialect;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What can be said of a policies file on the command line. */
final class DialectOptions {

    @Option(names = "--format", paramLabel = "FORMAT", converter = FormatConverter.class, description = {
            "What the file is: native, otel (a Collector block, with the Collector's meaning) or refinery",
            "(default: told by its keys)."})
    private PolicyDialect.@Nullable Format format;

    @Option(names = "--compat", paramLabel = "MODE", converter = CompatConverter.class, description = {
            "Whose meaning the Collector's policy types have: native, otel or otel-legacy",
            "(default: what the file says, else native)."})
    private @Nullable Compat compat;

    @Option(names = "--environment", paramLabel = "NAME",
            description = "Environment of a Refinery rules file (default: __default__).")
    private @Nullable String environment;

    PolicyDialect dialect() {
        return new PolicyDialect(format, compat, environment);
    }

    /** Reads the name of a format. */
    static final class FormatConverter implements ITypeConverter<PolicyDialect.Format> {
        @Override
        public PolicyDialect.Format convert(String text) {
            return Arrays.stream(PolicyDialect.Format.values())
                    .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(text)).findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected native, otel or refinery, not '" + text + "'"));
        }
    }

    /** Reads the name of a compatibility mode. */
    static final class CompatConverter implements ITypeConverter<Compat> {
        @Override
        public Compat convert(String text) {
            Compat compat = Compat.ofLabel(text);
            if (compat == null) {
                throw new TypeConversionException("expected native, otel or otel-legacy, not '" + text + "'");
            }
            return compat;
        }
    }
}
