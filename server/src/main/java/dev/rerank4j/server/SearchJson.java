package dev.rerank4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The object that {@code /api/search} answers and the command line's {@code search --json} prints. Its keys are the
 * components' names and stay as they are; new ones may be added.
 *
 * @param query as it was asked
 * @param degraded whether a stage failed: the hits are real, better ones may be missing
 * @param hits best first
 * @param stages what became of each
 * @param firstStage what the first stage alone would have answered; null unless that was asked for
 */
public record SearchJson(String query, boolean degraded, List<HitJson> hits, List<StageJson> stages,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<HitJson> firstStage) {

    /**
     * One hit.
     *
     * @param rank from 1
     * @param id of the passage
     * @param document its document's id
     * @param score of the last stage
     * @param probability 0 to 1; null where no calibrated model gave one
     * @param title of the document
     * @param text of the passage
     * @param location where it stands
     * @param metadata of the document
     * @param evidence what each stage said
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record HitJson(int rank, String id, String document, double score, @Nullable Double probability,
            String title,
            String text, LocationJson location, Map<String, Object> metadata, List<EvidenceJson> evidence) {
    }

    /**
     * Where a passage stands in its document.
     *
     * @param file empty if the document came from none
     * @param headings above it, outermost first
     * @param page null where the format has no pages
     * @param start of the passage in the document's text, in UTF-16 units
     * @param end exclusive
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record LocationJson(String file, List<String> headings, @Nullable Integer page, int start, int end) {
    }

    /**
     * What one stage said of a hit.
     *
     * @param stage its name
     * @param rank from 1
     * @param score in that stage
     */
    public record EvidenceJson(String stage, int rank, double score) {
    }

    /**
     * What became of a stage.
     *
     * @param name its name
     * @param outcome {@code completed}, {@code failed} or {@code skipped}
     * @param millis how long it took
     * @param candidates null unless it completed
     * @param reason only unless it completed
     */
    public record StageJson(String name, String outcome, double millis,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer candidates,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {
    }

    /**
     * {@return the message that tells of a result, without its first stage alone}
     *
     * @param query as it was asked
     * @param result what was found
     */
    public static SearchJson of(String query, SearchResult result) {
        return new SearchJson(query, result.degraded(), hits(result.ranking()), stages(result), null);
    }

    static SearchJson explained(String query, ServedIndex.Found found) {
        return new SearchJson(query, found.result().degraded(), hits(found.result().ranking()),
                stages(found.result()), hits(found.firstStage().orElse(found.result().ranking())));
    }

    private static List<StageJson> stages(SearchResult result) {
        return result.stages().stream().map(SearchJson::stage).toList();
    }

    private static List<HitJson> hits(Ranking ranking) {
        List<HitJson> hits = new ArrayList<>();
        for (Hit hit : ranking) {
            hits.add(hit(hits.size() + 1, hit));
        }
        return hits;
    }

    private static HitJson hit(int rank, Hit hit) {
        Passage passage = hit.passage();
        Map<String, Object> metadata = new TreeMap<>();
        passage.metadata().forEach((field, value) -> metadata.put(field, plain(value)));
        return new HitJson(rank, passage.id(), passage.documentId(), hit.score(),
                hit.probability().isPresent() ? hit.probability().getAsDouble() : null, passage.title(), passage.text(),
                new LocationJson(passage.location().file(), passage.location().headings(),
                        passage.location().page().isPresent() ? passage.location().page().getAsInt() : null,
                        passage.location().start(), passage.location().end()),
                metadata,
                hit.evidence().stream().map(e -> new EvidenceJson(e.stage(), e.rank(), e.score())).toList());
    }

    private static Object plain(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Number number when number.value() == Math.rint(number.value())
                    && Math.abs(number.value()) < 1L << 53 ->
                (long) number.value();
            case Value.Number number -> number.value();
            case Value.Flag flag -> flag.value();
            case Value.Moment moment -> moment.value().toString();
            case Value.Values several -> several.values().stream().map(SearchJson::plain).toList();
        };
    }

    static StageJson stage(StageReport stage) {
        double millis = stage.time().toNanos() / 1000 / 1000.0;
        return switch (stage) {
            case StageReport.Completed done ->
                new StageJson(done.stage(), "completed", millis, done.candidates(), null);
            case StageReport.Failed failed -> new StageJson(failed.stage(), "failed", millis, null, failed.reason());
            case StageReport.Skipped skipped -> new StageJson(skipped.stage(), "skipped", millis, null,
                    skipped.reason());
        };
    }
}
