package dev.rerank4j.ingest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file line by line, whatever its size; only lines have a limit. Not safe for several threads. */
final class Lines implements Closeable {

    /** One line without its end. bytes: empty if the line is longer than allowed. number: from 1. */
    record Line(int number, Optional<byte[]> bytes) {
    }

    private static final int BUFFER = 64 * 1024;

    private final InputStream input;
    private final long maxBytes;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int filled;
    private int number;

    Lines(Path path, long maxBytes) throws IOException {
        this.maxBytes = maxBytes;
        this.input = open(path, maxBytes);
    }

    /** UTF-8, also of a file that is UTF-16: its line ends look different. */
    private static InputStream open(Path path, long maxBytes) throws IOException {
        try (InputStream start = Files.newInputStream(path)) {
            if (!TextDecoder.isUtf16(start.readNBytes(2))) {
                return Files.newInputStream(path);
            }
        }
        String text = TextDecoder.decode(WholeFile.read(path, maxBytes), false);
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next line; empty at the end of the file. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        long length = 0;
        boolean any = false;
        while (position < filled || fill()) {
            any = true;
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            length += end - position;
            if (length <= maxBytes) {
                line.write(buffer, position, end - position);
            } else {
                line.reset();
            }
            boolean complete = end < filled;
            position = complete ? end + 1 : end;
            if (complete) {
                break;
            }
        }
        if (!any) {
            return Optional.empty();
        }
        number++;
        return Optional.of(new Line(number, length <= maxBytes ? Optional.of(line.toByteArray()) : Optional.empty()));
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, input.read(buffer));
        return filled > 0;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
