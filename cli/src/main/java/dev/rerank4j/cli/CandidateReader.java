package dev.rerank4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads candidates: a text a line, or JSONL if the first line that is not blank starts with a brace. Blank lines are
 * skipped. The whole input is held in memory, hence the limits.
 */
final class CandidateReader {

    /** Fields of an object that may hold the text, the first that is there counts. */
    private static final List<String> TEXT_FIELDS = List.of("text", "passage", "document", "content");

    static final int MOST = 100_000;

    private final ByteSize most;

    /**
     * @param most how many bytes are read
     */
    CandidateReader(ByteSize most) {
        this.most = most;
    }

    /**
     * @throws UsageException if there is too much of it, or a line is not the JSON that the first one promised
     */
    List<Candidate> read(InputStream in) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        boolean json = false;
        int number = 0;
        BufferedReader lines = new BufferedReader(new InputStreamReader(new Limited(in), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (number == 1 && line.startsWith("\ufeff")) {
                line = line.substring(1);
            }
            if (line.isBlank()) {
                continue;
            }
            if (candidates.isEmpty()) {
                json = line.stripLeading().startsWith("{");
            }
            if (candidates.size() == MOST) {
                throw new UsageException("the input must be at most " + Units.count(MOST)
                        + " candidates; rerank what a first stage has found, or split it");
            }
            candidates.add(json ? object(line, number) : new Candidate(line, line, Optional.empty()));
        }
        return candidates;
    }

    private static Candidate object(String line, int number) {
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UsageException("line " + number + " of the input is not a JSON object (" + place(e)
                    + "); the first line is one, so every line must be", e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new UsageException("line " + number + " of the input must be a JSON object as the first line is, got "
                    + node.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        for (String field : TEXT_FIELDS) {
            if (object.path(field).isTextual()) {
                String title = object.path("title").asText("");
                String text = object.path(field).asText();
                return new Candidate(title.isBlank() ? text : title + " " + text, line, Optional.of(object));
            }
        }
        throw new UsageException("line " + number + " of the input must have a text in one of the fields "
                + String.join(", ", TEXT_FIELDS));
    }

    /** Jackson's own message would quote the input. */
    private static String place(JsonProcessingException error) {
        return error.getLocation() == null ? "broken" : "broken at column " + error.getLocation().getColumnNr();
    }

    private final class Limited extends FilterInputStream {

        private long left = most.bytes();

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return count(super.read(buffer, offset, length));
        }

        private int count(int n) {
            left -= Math.max(0, n);
            if (left < 0) {
                throw new UsageException("the input must be at most " + most + "; rerank what a first stage has found, "
                        + "or raise reranker.max-input in a --config file");
            }
            return n;
        }
    }
}
