package dev.tailsampling.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ScriptOutputType;
import java.util.List;

/**
 * A script that Redis runs as one step.
 *
 * @param lua its text
 * @param output what it returns
 */
record RedisScript(String lua, ScriptOutputType output) {

    static RedisScript returningNumber(String lua) {
        return new RedisScript(lua, ScriptOutputType.INTEGER);
    }

    static RedisScript returningMany(String lua) {
        return new RedisScript(lua, ScriptOutputType.MULTI);
    }

    static RedisScript returningText(String lua) {
        return new RedisScript(lua, ScriptOutputType.VALUE);
    }

    /** A run of it; all keys must lie in one slot of a cluster. */
    <T> RedisConnections.Call<T> on(List<byte[]> keys, List<byte[]> arguments) {
        byte[][] keyArray = keys.toArray(byte[][]::new);
        byte[][] argumentArray = arguments.toArray(byte[][]::new);
        return commands -> commands.eval(lua, output, keyArray, argumentArray);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }
}
