package dev.rerank4j.langchain4j;

import static dev.rerank4j.langchain4j.TwoStageContentRetriever.DOCUMENT_ID;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.END;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.FILE;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.HEADINGS;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.PAGE;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.PASSAGE_ID;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.START;
import static dev.rerank4j.langchain4j.TwoStageContentRetriever.TITLE;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Passages as their text segments, and the other way round. */
final class Segments {

    /** Up to here every whole number is a double of its own. */
    static final long EXACT = 1L << 53;

    private static final String BETWEEN_HEADINGS = " > ";

    private Segments() {
    }

    /** Empty if the passage has no text, no title and no headings: their segments are never blank. */
    static Optional<TextSegment> segment(Passage passage) {
        String text = isBlank(passage.text()) ? passage.content() : passage.text();
        return isBlank(text) ? Optional.empty() : Optional.of(TextSegment.from(text, new Metadata(metadata(passage))));
    }

    /** As LangChain4j sees it; {@link String#isBlank()} knows more blanks, but not the control characters. */
    static boolean isBlank(String text) {
        return text.trim().isEmpty();
    }

    private static Map<String, Object> metadata(Passage passage) {
        Map<String, Object> metadata = new HashMap<>();
        Location location = passage.location();
        metadata.put(PASSAGE_ID, passage.id());
        metadata.put(DOCUMENT_ID, passage.documentId());
        if (!passage.title().isEmpty()) {
            metadata.put(TITLE, passage.title());
        }
        if (!location.file().isEmpty()) {
            metadata.put(FILE, location.file());
        }
        location.page().ifPresent(page -> metadata.put(PAGE, page));
        if (!location.headings().isEmpty()) {
            metadata.put(HEADINGS, String.join(BETWEEN_HEADINGS, location.headings()));
        }
        if (location.end() > 0) {
            metadata.put(START, location.start());
            metadata.put(END, location.end());
        }
        passage.metadata().forEach((field, value) -> {
            if (!isBlank(field) && !value.members().isEmpty()) {
                metadata.put(field, plain(value));
            }
        });
        return metadata;
    }

    private static Object plain(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Number number -> number(number.value());
            case Value.Flag flag -> Boolean.toString(flag.value());
            case Value.Moment moment -> moment.value().toString();
            case Value.Values several -> several.values().stream().map(member -> plain(member).toString())
                    .collect(Collectors.joining(", "));
        };
    }

    /** A whole number as a long, any other as a double. */
    static Number number(double value) {
        if (value == Math.rint(value) && Math.abs(value) <= EXACT) {
            return (long) value;
        }
        return value;
    }

    /** The passage of a segment that a store calls by an id. */
    static Passage passage(String id, TextSegment segment) {
        Map<String, Value> metadata = values(segment.metadata());
        String documentId = text(metadata, DOCUMENT_ID);
        return new Passage(id, documentId.isBlank() ? id : documentId, text(metadata, TITLE), segment.text(),
                location(metadata), metadata);
    }

    private static Location location(Map<String, Value> metadata) {
        String headings = text(metadata, HEADINGS);
        int page = whole(metadata, PAGE);
        int start = whole(metadata, START);
        int end = whole(metadata, END);
        boolean range = start >= 0 && end >= start;
        return new Location(text(metadata, FILE),
                headings.isEmpty() ? List.of() : List.of(headings.split(BETWEEN_HEADINGS)),
                page >= 1 ? OptionalInt.of(page) : OptionalInt.empty(), range ? start : 0, range ? end : 0);
    }

    private static String text(Map<String, Value> metadata, String field) {
        return metadata.get(field) instanceof Value.Text text ? text.value() : "";
    }

    private static int whole(Map<String, Value> metadata, String field) {
        return metadata.get(field) instanceof Value.Number number && number.value() == (int) number.value()
                ? (int) number.value()
                : -1;
    }

    /** Their metadata as ours. */
    static Map<String, Value> values(Metadata metadata) {
        return metadata.toMap().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> value(entry.getValue())));
    }

    /** A number that no double holds stays readable as text. */
    private static Value value(Object plain) {
        return plain instanceof Number number && number(number).isPresent()
                ? Value.of(number(number).get())
                : Value.of(plain.toString());
    }

    /**
     * The double that is written like this number: 0.1f is 0.1, as in their comparisons, not 0.10000000149011612. Empty
     * if it is not finite or a whole number that a double confuses with its neighbours.
     */
    static Optional<Double> number(Number number) {
        BigDecimal written;
        try {
            written = new BigDecimal(number.toString());
        } catch (NumberFormatException e) { // NaN, infinity
            return Optional.empty();
        }
        double value = written.doubleValue();
        boolean whole = !(number instanceof Double || number instanceof Float);
        return Double.isFinite(value) && !(whole && Math.abs(value) > EXACT)
                && new BigDecimal(Double.toString(value)).compareTo(written) == 0
                        ? Optional.of(value)
                        : Optional.empty();
    }
}
