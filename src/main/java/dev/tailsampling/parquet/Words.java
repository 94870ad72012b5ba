package dev.tailsampling.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian words in byte arrays, at any index. */
final class Words {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    static int intAt(byte[] in, int index) {
        return (int) INTS.get(in, index);
    }

    static long longAt(byte[] in, int index) {
        return (long) LONGS.get(in, index);
    }
}
