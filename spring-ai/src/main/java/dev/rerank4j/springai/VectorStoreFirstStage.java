package dev.rerank4j.springai;

import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.DocumentMetadata;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.VectorStoreRetriever;

/**
 * Any of Spring AI's vector stores as a first stage. Safe for use by several threads if the store is.
 *
 * <p>Passages have the ids of the store's documents; what {@code parent_document_id} or
 * {@link RerankMetadata#DOCUMENT_ID} names in their metadata is their document. The query's filter is handed to the
 * store as a filter expression, and applied once more to what it gives: stores differ in what they make of missing
 * fields and of fields with several values, so that some may find fewer documents than there are, but none a wrong one.
 * The store is asked on a thread of the pipeline; called by a {@link TwoStageDocumentRetriever}, it finds there what
 * Micrometer's context propagation carries from the calling thread: the observation, the user.
 * A store that does not heed interruption is left behind at the deadline, and its thread ends when it does.
 *
 * @param name the stage's name
 * @param store asked for each query; a {@code VectorStore} is one
 */
public record VectorStoreFirstStage(String name, VectorStoreRetriever store) implements Retriever {

    /** The name of the stage if nobody gives another. */
    public static final String NAME = "vector-store";

    /**
     * With a name of its own, as a second vector store of a pipeline needs one.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public VectorStoreFirstStage {
        if (name.isBlank()) {
            throw new IllegalArgumentException("stage name must not be blank");
        }
        Objects.requireNonNull(store, "store");
    }

    /**
     * Under the name {@value #NAME}.
     *
     * @param store asked for each query; a {@code VectorStore} is one
     */
    public VectorStoreFirstStage(VectorStoreRetriever store) {
        this(NAME, store);
    }

    /**
     * The documents nearest to the query, as the store sees it.
     *
     * @param query its filter must have a counterpart in filter expressions: {@code Contains} has none
     * @param limit at most so many; at least 1
     * @param deadline checked before the store is asked, which knows no deadlines
     * @return documents without a text are left out; the store's scores, or if it gives none or not in order, the places
     *         counted down
     * @throws RerankException {@code INVALID_REQUEST} if the filter cannot be said; {@code TIMEOUT} if it is too late to
     *         begin; {@code UNAVAILABLE} if the store fails
     */
    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        Settings.atLeastOne("limit", limit);
        SearchRequest.Builder request = SearchRequest.builder().query(query.text()).topK(limit)
                .similarityThresholdAll();
        switch (FilterWriter.write(query.filter())) {
            case FilterWriter.Nothing nothing -> {
                return Ranking.builder(name).build();
            }
            case FilterWriter.All all -> {
            }
            case FilterWriter.Some some -> request.filterExpression(some.expression());
        }
        deadline.check(name);
        return ranking(query, limit, ask(request.build()));
    }

    private List<Document> ask(SearchRequest request) {
        try {
            return CallerContext.taken(() -> store.similaritySearch(request));
        } catch (RerankException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "vector store failed: " + e.getClass().getName(), e); // its message may have the query in it
        }
    }

    private Ranking ranking(Query query, int limit, List<Document> documents) {
        List<Document> texts = documents.stream().filter(Document::isText).map(VectorStoreFirstStage::asAdded).toList();
        Ranking found = Candidates.of(texts, name, name).ranking();
        Ranking.Builder ranking = Ranking.builder(name);
        found.hits().stream().filter(hit -> query.filter().matches(hit.passage().metadata()))
                .forEach(hit -> ranking.add(hit.passage(), hit.score()));
        return ranking.build().top(limit);
    }

    /** Stores note how far a document is from the query: that is evidence, and in the score. */
    private static Document asAdded(Document found) {
        Map<String, Object> metadata = new HashMap<>(found.getMetadata());
        metadata.remove(DocumentMetadata.DISTANCE.value());
        return found.mutate().metadata(metadata).build();
    }
}
