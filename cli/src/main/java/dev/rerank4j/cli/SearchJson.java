package dev.rerank4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The object that {@code search --json} prints. Its keys are the components' names and stay as they are; new ones may
 * be added.
 *
 * @param degraded whether a stage failed: the hits are real, better ones may be missing
 */
record SearchJson(String query, boolean degraded, List<HitJson> hits, List<StageJson> stages) {

    /**
     * @param id of the passage
     * @param document its document's id
     * @param probability 0 to 1; null where no calibrated model gave one
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record HitJson(int rank, String id, String document, double score, @Nullable Double probability, String title,
            String text, LocationJson location, Map<String, Object> metadata, List<EvidenceJson> evidence) {
    }

    /**
     * @param file empty if the document came from none
     * @param page null where the format has no pages
     * @param start of the passage in the document's text, in UTF-16 units
     * @param end exclusive
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LocationJson(String file, List<String> headings, @Nullable Integer page, int start, int end) {
    }

    record EvidenceJson(String stage, int rank, double score) {
    }

    /**
     * @param outcome {@code completed}, {@code failed} or {@code skipped}
     * @param candidates null unless it completed
     * @param reason only unless it completed
     */
    record StageJson(String name, String outcome, double millis,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer candidates,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {
    }

    static SearchJson of(String query, SearchResult result) {
        List<HitJson> hits = new ArrayList<>();
        for (Hit hit : result.ranking()) {
            hits.add(hit(hits.size() + 1, hit));
        }
        return new SearchJson(query, result.degraded(), hits, result.stages().stream().map(SearchJson::stage).toList());
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

    private static StageJson stage(StageReport stage) {
        double millis = Math.round(HitPrinter.millis(stage.time()) * 1000) / 1000.0;
        return switch (stage) {
            case StageReport.Completed done ->
                new StageJson(done.stage(), "completed", millis, done.candidates(), null);
            case StageReport.Failed failed -> new StageJson(failed.stage(), "failed", millis, null, failed.reason());
            case StageReport.Skipped skipped -> new StageJson(skipped.stage(), "skipped", millis, null,
                    skipped.reason());
        };
    }
}
