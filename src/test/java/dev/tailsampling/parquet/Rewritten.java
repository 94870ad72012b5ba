package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/** Files whose footer was changed. */
final class Rewritten {

    private Rewritten() {}

    /** Without offset indexes in the footer, as older writers leave files. */
    static MemoryFile withoutIndexes(MemoryFile file) {
        return footer(file, footer -> footer.getRow_groups().forEach(group -> group.getColumns().forEach(chunk -> {
            chunk.unsetOffset_index_offset();
            chunk.unsetOffset_index_length();
            chunk.unsetColumn_index_offset();
            chunk.unsetColumn_index_length();
        })));
    }

    static MemoryFile footer(MemoryFile file, Consumer<FileMetaData> change) {
        byte[] bytes = file.bytes();
        int end = bytes.length - 8;
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
        return unchecked(() -> {
            FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, end - length, length));
            change.accept(footer);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(Arrays.copyOf(bytes, end - length));
            Util.writeFileMetaData(footer, out);
            int newLength = out.size() - (end - length);
            out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(newLength).array());
            out.writeBytes(new byte[]{'P', 'A', 'R', '1'});
            return new MemoryFile(out.toByteArray());
        });
    }
}
