package dev.tailsampling.config;

import org.jspecify.annotations.Nullable;

/** The {@code policies} list of a configuration file, and what it means. */
public final class ListedPolicies {

    static final String KEY = "policies";

    private final YamlNode source;
    private final ParsedPolicies parsed;

    private ListedPolicies(YamlNode source, ParsedPolicies parsed) {
        this.source = source;
        this.parsed = parsed;
    }

    static ListedPolicies parse(YamlNode list) {
        PolicyWarnings warnings = new PolicyWarnings();
        SetFields standard = SetFields.STANDARD;
        return new ListedPolicies(list, new ParsedPolicies(
                standard.set(new PolicyListParser(new PolicyContext(standard.compat(), warnings)).parse(list)),
                warnings.all()));
    }

    /** What it means. */
    public ParsedPolicies parsed() {
        return parsed;
    }

    /** The list as plain values, for showing it. */
    @Nullable
    Object plain() {
        return source.plain();
    }

    @Override
    public String toString() {
        return "ListedPolicies" + plain();
    }
}
