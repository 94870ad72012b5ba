package dev.tailsampling.admin;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the holder of a token may do. Each role may do what those before it may. */
public enum Role {
    /** Look at everything. */
    READ,
    /** Also change force rules. */
    RULES,
    /** Also change the policies. */
    ADMIN;

    /** Name in the configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that name. */
    public static Optional<Role> ofLabel(String label) {
        return Arrays.stream(values()).filter(role -> role.label().equals(label)).findFirst();
    }

    boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
