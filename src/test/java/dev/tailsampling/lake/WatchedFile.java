package dev.tailsampling.lake;

import java.util.function.UnaryOperator;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * A file of which it is known when it is opened.
 *
 * @param opened is given each stream, and gives the one to be read
 */
record WatchedFile(InputFile file, UnaryOperator<SeekableInputStream> opened) implements InputFile {

    @Override
    public long getLength() {
        return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
        return opened.apply(file.newStream());
    }

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public boolean exists() {
        return file.exists();
    }
}
