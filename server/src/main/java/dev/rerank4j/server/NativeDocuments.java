package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rerank4j.Document;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/documents} and {@code DELETE /api/documents?id=…}. What is answered is committed: it survives the
 * death of the process.
 */
record NativeDocuments(Map<String, ReentrantLock> writing) implements Action {

    record Request(@Nullable String index, @Nullable List<DocumentJson> documents) {
    }

    record DocumentJson(@Nullable String id, @Nullable String title, @Nullable String text,
            @Nullable Map<String, JsonNode> metadata) {
    }

    record Response(String index, int documents, @Nullable Integer passages) {
    }

    NativeDocuments() {
        this(new ConcurrentHashMap<>());
    }

    @Override
    public Reply answer(Exchange exchange) {
        exchange.requireWrite();
        return switch (exchange.request().prologue().method().text()) {
            case "DELETE" -> delete(exchange);
            default -> add(exchange);
        };
    }

    /** An index that is interrupted while it writes gives up for good. */
    @Override
    public boolean interruptible() {
        return false;
    }

    private Reply add(Exchange exchange) {
        Request request = Json.strict(exchange.body(), Request.class);
        ServedIndex index = exchange.index(Optional.ofNullable(request.index()));
        Map<String, List<Passage>> documents = new LinkedHashMap<>(); // of an id given twice, the last counts
        for (Document document : documents(request.documents(), exchange.maxDocuments())) {
            exchange.deadline().check("cutting documents");
            documents.put(document.id(), index.passages(document));
        }
        List<Passage> passages = documents.values().stream().flatMap(List::stream).toList();
        change(index, () -> index.index().add(passages));
        return Reply.json(new Response(index.name(), documents.size(), passages.size()));
    }

    private Reply delete(Exchange exchange) {
        List<String> ids = exchange.request().query().contains("id")
                ? exchange.request().query().all("id")
                : List.of();
        if (ids.isEmpty() || ids.stream().anyMatch(String::isBlank)) {
            throw Refusal.invalid("say which documents to delete: DELETE /api/documents?id=A&id=B");
        }
        ServedIndex index = exchange.index(exchange.request().query().first("index").asOptional());
        change(index, () -> ids.forEach(index.index()::delete));
        return Reply.json(new Response(index.name(), ids.size(), null));
    }

    /**
     * One after the other: a commit takes in all that was added before it, and half of another request must not be in
     * it.
     */
    private void change(ServedIndex index, Runnable change) {
        ReentrantLock lock = writing.computeIfAbsent(index.name(), name -> new ReentrantLock(true));
        lock.lock();
        try {
            change.run();
            index.index().commit();
        } finally {
            lock.unlock();
        }
    }

    private static List<Document> documents(@Nullable List<DocumentJson> given, int most) {
        if (given == null || given.isEmpty()) {
            throw new Refusal(Reason.EMPTY, "documents must be a list of at least one document");
        }
        if (given.size() > most) {
            throw Refusal.invalid("documents must be at most " + most + " at once, got " + given.size());
        }
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            DocumentJson document = given.get(i);
            if (document == null || document.id() == null || document.id().isBlank() || document.text() == null) {
                throw new Refusal(Reason.MALFORMED, "documents[" + i + "] must have an id and a text");
            }
            documents.add(new Document(document.id(), document.title() == null ? "" : document.title(),
                    document.text(), metadata(document.metadata())));
        }
        return documents;
    }

    private static Map<String, Value> metadata(@Nullable Map<String, JsonNode> given) {
        Map<String, Value> metadata = new HashMap<>();
        if (given != null) {
            given.forEach((field, value) -> {
                if (value instanceof ArrayNode several) {
                    metadata.put(field, new Value.Values(StreamSupport.stream(several.spliterator(), false)
                            .map(FilterJson::value).toList()));
                } else if (!value.isNull()) {
                    metadata.put(field, FilterJson.value(value));
                }
            });
        }
        return metadata;
    }
}
