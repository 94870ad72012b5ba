package dev.tailsampling.export;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Groups that some destinations have taken and others have not, by name. There are only so many: the oldest are forgotten,
 * and then everything goes to every destination again. Not thread-safe.
 */
final class UnfinishedGroups {

    private final int mostGroups;
    private final int mostTraces;
    private final Map<String, GroupDelivery> groups = new LinkedHashMap<>();

    /**
     * Knows of none.
     *
     * @param mostGroups so many at most
     * @param mostTraces that they remember, all together; the newest group may remember more
     */
    UnfinishedGroups(int mostGroups, int mostTraces) {
        this.mostGroups = mostGroups;
        this.mostTraces = mostTraces;
    }

    /** Begins another attempt of a group, which is the newest one then. */
    GroupDelivery begin(String name) {
        GroupDelivery known = groups.remove(name);
        groups.values().removeIf(group -> !group.isTakenSomewhere());
        GroupDelivery group = known == null ? new GroupDelivery() : known;
        group.attempt();
        groups.put(name, group);
        for (Iterator<String> oldest = groups.keySet().iterator(); isTooMuch() && groups.size() > 1;) {
            oldest.next();
            oldest.remove();
        }
        return group;
    }

    private boolean isTooMuch() {
        return groups.size() > mostGroups
                || groups.values().stream().mapToLong(GroupDelivery::rememberedTraces).sum() > mostTraces;
    }

    /** Every destination has taken the group. */
    void finish(String name) {
        groups.remove(name);
    }
}
