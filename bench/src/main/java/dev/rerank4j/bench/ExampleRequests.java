package dev.rerank4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Requests as applications send them, made of the texts of {@code examples/}, to be found in the working directory:
 * their queries, and documents of 60 to 1,200 characters, short ones as frequent as long ones on a logarithmic scale.
 */
final class ExampleRequests {

    private static final double SHORTEST = 60;
    private static final double LONGEST = 1200;

    /** A query and what is to be put in order. */
    record Work(String query, List<String> documents) {

        /** As the body of {@code POST /v1/rerank}. */
        String v1() {
            return new Gson().toJson(Map.of("query", query, "documents", documents));
        }

        /** As the body of Text Embeddings Inference's {@code POST /rerank}, which answers with logits. */
        String tei() {
            return new Gson().toJson(Map.of("query", query, "texts", documents, "raw_scores", true));
        }
    }

    private final List<String> queries = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    ExampleRequests() throws IOException {
        Path examples = Path.of("examples");
        for (String collection : List.of("products", "tickets", "handbook")) {
            read(examples.resolve(collection).resolve("queries.jsonl"), queries);
        }
        read(examples.resolve("products/corpus.jsonl"), texts);
        read(examples.resolve("tickets/corpus.jsonl"), texts);
        try (Stream<Path> pages = Files.list(examples.resolve("handbook/docs"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
                texts.addAll(List.of(Files.readString(page).strip().split("\n\n+")));
            }
        }
    }

    private static void read(Path lines, List<String> into) throws IOException {
        for (String line : Files.readAllLines(lines)) {
            JsonObject object = new Gson().fromJson(line, JsonObject.class);
            into.add(object.has("title")
                    ? object.get("title").getAsString() + " " + object.get("text").getAsString()
                    : object.get("text").getAsString());
        }
    }

    /** The same for the same seed. */
    List<Work> make(int count, int documents, long seed) {
        Random random = new Random(seed);
        return Stream.generate(() -> new Work(queries.get(random.nextInt(queries.size())),
                Stream.generate(() -> document(random)).limit(documents).toList())).limit(count).toList();
    }

    /** Neighbouring texts, as many as the length wants, cut between words. */
    private String document(Random random) {
        int length = (int) (SHORTEST * Math.pow(LONGEST / SHORTEST, random.nextDouble()));
        StringBuilder document = new StringBuilder();
        for (int i = random.nextInt(texts.size()); document.length() < length; i = (i + 1) % texts.size()) {
            document.append(document.isEmpty() ? "" : "\n\n").append(texts.get(i));
        }
        return document.substring(0, Math.max(1, document.lastIndexOf(" ", length)));
    }
}
