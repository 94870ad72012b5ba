package dev.tailsampling.store;

import static dev.tailsampling.store.RedisScript.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRuleText;
import dev.tailsampling.selector.RuleChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Force rules in one hash in Redis: a document for each, the revision, and who made the last changes. Each change is one
 * step, which also tells the channel. Thread-safe.
 */
final class RedisRules {

    /** The hash. */
    static final String KEY = "tss:force_rules";

    private static final String REVISION = "revision";
    private static final String RULE = "rule:";
    private static final String CHANGE = "change:";

    /** How many changes are kept with their authors, for instances that look now and then. */
    private static final int CHANGES_KEPT = 200;

    /** Counts on, notes who it was, and tells everybody: kind, rule id and author are the last arguments. */
    private static final String DONE = """
            local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
            redis.call('HSET', KEYS[1], 'change:' .. revision, ARGV[1])
            redis.call('HDEL', KEYS[1], 'change:' .. (revision - %d))
            redis.call('PUBLISH', ARGV[2], revision)
            return revision""".formatted(CHANGES_KEPT);
    private static final RedisScript ADD = RedisScript.returningNumber(
            "if redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[4]) == 0 then return 0 end\n" + DONE);
    private static final String UNCHANGED = "if redis.call('HGET', KEYS[1], ARGV[3]) ~= ARGV[4] then return 0 end\n";
    private static final RedisScript REPLACE = RedisScript.returningNumber(
            UNCHANGED + "redis.call('HSET', KEYS[1], ARGV[3], ARGV[5])\n" + DONE);
    private static final RedisScript DELETE = RedisScript.returningNumber(
            UNCHANGED + "redis.call('HDEL', KEYS[1], ARGV[3])\n" + DONE);
    /** Only if nobody else has done so meanwhile. */
    private static final RedisScript RESTORE = RedisScript.returningNumber("""
            local found = redis.call('HGET', KEYS[1], 'revision') or '0'
            if found ~= ARGV[2] then return tonumber(found) end
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'revision', ARGV[3])
            for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
            redis.call('PUBLISH', ARGV[1], ARGV[3])
            return tonumber(ARGV[3])""");

    /** A rule, and the text that it was read from. */
    record Stored(ForceRule rule, String document) {}

    /** Who did what to a rule. */
    record Author(RuleChange.Kind kind, String name) {}

    /**
     * Everything at one moment.
     *
     * @param revision 0 if nothing was ever written
     * @param rules by id
     * @param changes the last change of a rule, by its id
     */
    record Content(long revision, Map<String, ForceRule> rules, Map<String, Author> changes) {

        Author author(String id, RuleChange.Kind otherwiseKind, String otherwiseName) {
            return changes.getOrDefault(id, new Author(otherwiseKind, otherwiseName));
        }
    }

    private final RedisConnections redis;
    private final ForceRuleText text;
    private final String channel;
    private final List<byte[]> key = List.of(bytes(KEY));

    RedisRules(RedisConnections redis, ForceRuleText text, String channel) {
        this.redis = redis;
        this.text = text;
        this.channel = channel;
    }

    /** 0 if nothing was ever written. */
    long revision() {
        String revision = field(REVISION);
        return revision == null ? 0 : Long.parseLong(revision);
    }

    private @Nullable String field(String name) {
        byte[] value = redis.call(commands -> commands.hget(key.getFirst(), bytes(name)));
        return value == null ? null : new String(value, UTF_8);
    }

    /** How many rules there are at most. */
    long size() {
        return redis.call(commands -> commands.hlen(key.getFirst()));
    }

    Optional<Stored> get(String id) {
        return Optional.ofNullable(field(RULE + id)).map(document -> new Stored(text.read(document), document));
    }

    Content read() {
        Map<String, String> fields = new HashMap<>();
        redis.call(commands -> commands.hgetall(key.getFirst()))
                .forEach((name, value) -> fields.put(new String(name, UTF_8), new String(value, UTF_8)));
        Map<String, ForceRule> rules = new HashMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(RULE)) {
                rules.put(name.substring(RULE.length()), text.read(value));
            }
        });
        long revision = Long.parseLong(fields.getOrDefault(REVISION, "0"));
        return new Content(revision, rules, lastChanges(revision, fields));
    }

    private static Map<String, Author> lastChanges(long revision, Map<String, String> fields) {
        Map<String, Author> last = new HashMap<>();
        for (long of = revision - CHANGES_KEPT + 1; of <= revision; of++) {
            String change = fields.get(CHANGE + of);
            if (change != null) {
                String[] parts = change.split("\n", 3);
                last.put(parts[2], new Author(RuleChange.Kind.valueOf(parts[0]), parts[1]));
            }
        }
        return last;
    }

    /** The new revision, 0 if there is a rule of that id. */
    long add(ForceRule rule, String author) {
        return run(ADD, change(RuleChange.Kind.ADDED, rule.id(), author), RULE + rule.id(), text.write(rule));
    }

    /** The new revision, 0 if the rule is another by now. */
    long replace(Stored before, RuleChange.Kind kind, ForceRule after, String author) {
        return run(REPLACE, change(kind, after.id(), author), RULE + after.id(), before.document(), text.write(after));
    }

    /** The new revision, 0 if the rule is another by now. */
    long delete(Stored before, String author) {
        String id = before.rule().id();
        return run(DELETE, change(RuleChange.Kind.DELETED, id, author), RULE + id, before.document());
    }

    private static String change(RuleChange.Kind kind, String id, String author) {
        return kind + "\n" + author.replace('\n', ' ') + "\n" + id;
    }

    private long run(RedisScript script, String change, String... arguments) {
        List<byte[]> all = new ArrayList<>(List.of(bytes(change), bytes(channel)));
        for (String argument : arguments) {
            all.add(bytes(argument));
        }
        return redis.call(script.<Long>on(key, all));
    }

    /**
     * Puts rules in the place of what is there, if it still has that revision.
     *
     * @return the revision now, whoever has put the rules there
     */
    long restore(long expectedRevision, long newRevision, List<ForceRule> rules) {
        List<byte[]> arguments = new ArrayList<>(List.of(bytes(channel), bytes(expectedRevision),
                bytes(newRevision)));
        rules.forEach(rule -> {
            arguments.add(bytes(RULE + rule.id()));
            arguments.add(bytes(text.write(rule)));
        });
        return redis.call(RESTORE.<Long>on(key, arguments));
    }
}
