package dev.rerank4j.eval;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Queries made from the documents of a collection that nobody judged, each with the one document it must find. Azzopardi,
 * de Rijke and Balog, "Building simulated queries for known-item topics: an analysis using six European languages",
 * SIGIR 2007, is about what such queries can and cannot tell: systems can be compared with them, but the words are the
 * documents' own, so every figure is higher than with people's queries, and BM25's most of all. Immutable.
 *
 * @param items in the order they were made: no document twice before every sampled document had its turn
 * @param notes what a reader of the figures must know, a sentence each; the first says that the queries are synthetic
 */
public record KnownItems(List<KnownItem> items, List<String> notes) {

    /** The most queries that can be made at once. */
    public static final int MOST = 100_000;

    /** Copies the lists. */
    public KnownItems {
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }

    /**
     * Makes queries without a language model, of each {@linkplain KnownItem.Kind kind} about as many as of the others:
     * titles, headings, shortened first sentences and key phrases. Passages with hardly a word give none, nor does a
     * document whose id no judgments file can hold; a query that another document fits as well (the same title, or all
     * its words in one passage) is dropped, and so is a text that was made before.
     *
     * @param passages of the whole collection, in any order; gone through twice, and held a few for each query at a time
     * @param wanted how many queries at most, 1 to {@link #MOST}
     * @param seed equal passages and seeds give equal queries
     * @param made told how many queries there are so far, after each; what it throws ends the work
     * @return possibly fewer than wanted, or none
     * @throws IllegalArgumentException if {@code wanted} is out of range
     */
    public static KnownItems generate(Iterable<Passage> passages, int wanted, long seed, IntConsumer made) {
        return new KnownItemRounds(passages, wanted, seed, made).run();
    }

    /**
     * The same with a language model that asks a question about each passage. Where it fails, or its answer cannot be
     * used, a query is made without it, and the notes say how often; after three failures in a row it is not asked
     * again.
     *
     * @param passages of the whole collection, in any order; gone through twice, and held a few for each query at a
     *        time
     * @param wanted how many queries at most, 1 to {@link #MOST}
     * @param seed equal passages and seeds give equal samples; what the model says of them is its own
     * @param model gets the text of the sampled passages
     * @param made told how many queries there are so far, after each; what it throws ends the work
     * @return possibly fewer than wanted, or none
     * @throws IllegalArgumentException if {@code wanted} is out of range
     * @throws RerankException if the model fails before it has answered once
     */
    public static KnownItems generate(Iterable<Passage> passages, int wanted, long seed, LanguageModel model,
            IntConsumer made) {
        return new KnownItemRounds(passages, wanted, seed, made, model).run();
    }

    /** {@return the queries' texts by their ids} */
    public Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        items.forEach(item -> queries.put(item.id(), item.text()));
        return queries;
    }

    /** {@return each query's document, with grade 1} */
    public Qrels qrels() {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        items.forEach(item -> grades.put(item.id(), Map.of(item.documentId(), 1)));
        return Qrels.of(grades);
    }

    /**
     * Writes {@code queries.jsonl} and {@code qrels/test.tsv} as BEIR lays them out, for people to read, correct and use
     * again; where each query comes from stands in its {@code metadata}.
     *
     * @param folder made if it is not there
     * @throws RerankException {@code INVALID_REQUEST} if there are queries already, which somebody may have corrected;
     *         {@code UNAVAILABLE} if the folder cannot be written to
     */
    public void write(Path folder) {
        Path queries = folder.resolve("queries.jsonl");
        Path judgments = folder.resolve("qrels").resolve("test.tsv");
        for (Path file : List.of(queries, judgments)) {
            if (Files.exists(file)) {
                throw new RerankException(RerankException.Kind.INVALID_REQUEST, "there is a file " + file
                        + " already, and somebody may have corrected it; use it, delete it, or name another folder");
            }
        }
        Gson gson = new Gson().newBuilder().disableHtmlEscaping().create();
        try {
            Files.createDirectories(judgments.getParent());
            Files.write(queries, items.stream().map(item -> gson.toJson(json(item))).toList(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, folder + " cannot be written to: "
                    + e.getMessage(), e);
        }
        qrels().write(judgments);
    }

    private static JsonObject json(KnownItem item) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("synthetic", true);
        metadata.addProperty("kind", item.kind().word());
        metadata.addProperty("document", item.documentId());
        metadata.addProperty("passage", item.passageId());
        JsonObject json = new JsonObject();
        json.addProperty("_id", item.id());
        json.addProperty("text", item.text());
        json.add("metadata", metadata);
        return json;
    }
}
