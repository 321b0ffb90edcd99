package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Streams a text file line by line: UTF-8, a byte order mark and carriage returns dropped, blank lines skipped. */
final class Lines {

    private Lines() {
    }

    /** What is done with a line; an {@link IllegalArgumentException} is given the file and the line's number. */
    @FunctionalInterface
    interface Visitor {
        void visit(String line, int number);
    }

    /**
     * @throws RerankException {@code INVALID_REQUEST} if a line is refused or the file is not UTF-8, {@code UNAVAILABLE}
     *         if the file cannot be read
     */
    static void forEach(Path file, Visitor visitor) {
        int number = 0;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(open(file), StandardCharsets.UTF_8.newDecoder()), 1 << 16)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (number == 1 && line.startsWith("\uFEFF")) {
                    line = line.substring(1);
                }
                if (!line.isBlank()) {
                    visitor.visit(line, number);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    file + ":" + number + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    file + " is not UTF-8 somewhere after line " + number + ": convert it", e);
        } catch (NoSuchFileException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no file " + file, e);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
    }
}
