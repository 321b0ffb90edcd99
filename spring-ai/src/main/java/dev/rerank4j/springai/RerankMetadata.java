package dev.rerank4j.springai;

import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.ai.document.Document;

/**
 * The keys under which a document's metadata says how it came to its place. All values are strings, numbers, booleans
 * or lists of strings, which vector stores and JSON carry. All keys begin with {@value #PREFIX}.
 */
public final class RerankMetadata {

    /** What all keys begin with. */
    public static final String PREFIX = "rerank4j.";

    /** {@code Integer}: the place among the documents returned; 1 is best. */
    public static final String RANK = PREFIX + "rank";

    /** {@code Double}: the last stage's score; of a model, its logit. */
    public static final String SCORE = PREFIX + "score";

    /** {@code Double}, 0 to 1: how likely the document answers the query; absent unless a calibrated model read it. */
    public static final String PROBABILITY = PREFIX + "probability";

    /** {@code Double}: the {@linkplain Document#getScore() score} a document had before it was reranked, if it had one. */
    public static final String FIRST_STAGE_SCORE = PREFIX + "first_stage_score";

    /** {@code Integer}: the place a document had before it was reranked; 1 is first. */
    public static final String FIRST_STAGE_RANK = PREFIX + "first_stage_rank";

    /** {@code List<String>}: what each stage said of it, in their order; {@link #evidence} reads it. */
    public static final String EVIDENCE = PREFIX + "evidence";

    /** {@code Boolean}: whether a stage failed or was late, so that better documents may be missing or stand lower. */
    public static final String DEGRADED = PREFIX + "degraded";

    /** {@code List<String>}: the stages that failed or were late, as {@code "rerank: TIMEOUT"}; absent if none did. */
    public static final String FAILED_STAGES = PREFIX + "failed_stages";

    /** {@code String}: the id of the document that the passage is a piece of. */
    public static final String DOCUMENT_ID = PREFIX + "document_id";

    /** {@code String}: the title of the document; absent if it has none. */
    public static final String TITLE = PREFIX + "title";

    /** {@code String}: the file the document was read from; absent if from none. */
    public static final String FILE = PREFIX + "file";

    /** {@code List<String>}: the headings above the passage, outermost first; absent if none. */
    public static final String HEADINGS = PREFIX + "headings";

    /** {@code Integer}: the page, from 1; absent where the format has no pages. */
    public static final String PAGE = PREFIX + "page";

    /** {@code Integer}: where the passage begins in the document's text; absent if it is the whole document. */
    public static final String START = PREFIX + "start";

    /** {@code Integer}: where the passage ends in the document's text, exclusive; absent if it is the whole document. */
    public static final String END = PREFIX + "end";

    /** What a later ranking of the document makes untrue. */
    static final Set<String> OF_AN_EARLIER_RANKING = Set.of(RANK, SCORE, PROBABILITY, FIRST_STAGE_SCORE,
            FIRST_STAGE_RANK, FAILED_STAGES, DEGRADED);

    private static final Pattern LINE = Pattern.compile("(.+): rank (\\d{1,9}), score (\\S+)", Pattern.DOTALL);

    private RerankMetadata() {
    }

    /**
     * What each stage said of a document, in the order of the stages.
     *
     * @param document from anywhere, also from a store or from JSON
     * @return empty if its metadata has no evidence; what is not in the form of this class is left out
     */
    public static List<Evidence> evidence(Document document) {
        Object lines = document.getMetadata().get(EVIDENCE);
        if (!(lines instanceof List<?> list)) {
            return List.of();
        }
        return list.stream().map(line -> parse(String.valueOf(line))).flatMap(Optional::stream).toList();
    }

    private static Optional<Evidence> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Evidence(matcher.group(1), Integer.parseInt(matcher.group(2)),
                    Double.parseDouble(matcher.group(3))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static void putHit(Map<String, Object> metadata, Hit hit, int rank) {
        metadata.put(RANK, rank);
        metadata.put(SCORE, hit.score());
        hit.probability().ifPresent(probability -> metadata.put(PROBABILITY, probability));
        metadata.put(EVIDENCE, hit.evidence().stream()
                .map(e -> e.stage() + ": rank " + e.rank() + ", score " + e.score()).toList());
    }

    static void putOutcome(Map<String, Object> metadata, SearchResult result) {
        metadata.put(DEGRADED, result.degraded());
        if (result.degraded()) {
            metadata.put(FAILED_STAGES, failed(result).map(report -> report.stage() + ": " + report.kind()).toList());
        }
    }

    static Stream<StageReport.Failed> failed(SearchResult result) {
        return result.stages().stream().filter(StageReport.Failed.class::isInstance)
                .map(StageReport.Failed.class::cast);
    }
}
