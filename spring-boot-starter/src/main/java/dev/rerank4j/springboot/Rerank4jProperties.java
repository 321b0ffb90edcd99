package dev.rerank4j.springboot;

import dev.rerank4j.SearchRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The settings under {@code rerank4j}. An unknown one is an error.
 *
 * @param enabled Whether Rerank4j configures anything at all.
 * @param model The cross-encoder: a name such as BAAI/bge-reranker-base (OWNER/NAME or OWNER/NAME@REVISION), which is
 *        downloaded if it is not in the cache of huggingface_hub; or a folder with an ONNX model, tokenizer.json and
 *        config.json; or built-in. The built-in model if not set.
 * @param encoder The model that makes vectors, for an index or an embedding model: named like rerank4j.model. The built-in
 *        encoder if not set.
 * @param acceptLicence Whether models are downloaded whose licence forbids commercial use.
 * @param depth How many documents are reranked, at least 1 and not less than the limit. 50, or as many as the limit, if
 *        not set.
 * @param limit How many documents are returned, at least 1. If not set, all by the post-processor and 10 by the
 *        retriever.
 * @param minScore Probability (of an uncalibrated model, score) below which documents are left out. None is if not set.
 * @param timeout How long a search or a reranking may take. What is late is done without.
 * @param engine How the model uses the machine.
 * @param index An index in a folder.
 */
@ConfigurationProperties(prefix = "rerank4j", ignoreUnknownFields = false)
record Rerank4jProperties(@DefaultValue("true") boolean enabled, @Nullable String model, @Nullable String encoder,
        @DefaultValue("false") boolean acceptLicence, @Nullable Integer depth,
        @Nullable Integer limit, @Nullable Double minScore, @DefaultValue("30s") Duration timeout,
        @DefaultValue Engine engine, @DefaultValue Index index) {

    Rerank4jProperties {
        atLeastOne("depth", depth);
        atLeastOne("limit", limit);
        if (depth != null && limit != null && depth < limit) {
            throw invalid("depth", depth, "It must be >= rerank4j.limit (" + limit + ").");
        }
        if (minScore != null && !Double.isFinite(minScore)) {
            throw invalid("min-score", minScore, "It must be finite.");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw invalid("timeout", timeout, "It must be > 0.");
        }
    }

    int effectiveDepth() {
        return depth != null ? depth : Math.max(limit == null ? 1 : limit, SearchRequest.DEFAULT_DEPTH);
    }

    int searchLimit() {
        return limit != null ? limit : Math.min(SearchRequest.DEFAULT_LIMIT, effectiveDepth());
    }

    /** Of the file system and nothing else: Spring would make a resource on the class path of it, if there is one. */
    static Path path(String name, String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw invalid(name, value, "It must be a folder: " + e.getReason() + ".", e);
        }
    }

    static InvalidConfigurationPropertyValueException invalid(String name, Object value, String reason) {
        return new InvalidConfigurationPropertyValueException("rerank4j." + name, value, reason);
    }

    static InvalidConfigurationPropertyValueException invalid(String name, Object value, String reason,
            Throwable cause) {
        return new InvalidConfigurationPropertyValueException("rerank4j." + name, value, reason, cause);
    }

    private static void atLeastOne(String name, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw invalid(name, value, "It must be >= 1.");
        }
    }

    /**
     * How the model uses the machine.
     *
     * @param threads How many batches run at once, at least 1. As many as there are cores if not set.
     * @param intraOpThreads How many threads work at one batch, at least 1. 1 if not set.
     * @param batchTokens How many tokens a batch may have, at least 1; bounds its memory. 512 if not set.
     * @param queueTokens How many tokens may wait before requests are refused and documents stay in first-stage order, at
     *        least 1. 262144 if not set.
     */
    record Engine(@Nullable Integer threads, @Nullable Integer intraOpThreads, @Nullable Integer batchTokens,
            @Nullable Integer queueTokens) {

        Engine {
            atLeastOne("engine.threads", threads);
            atLeastOne("engine.intra-op-threads", intraOpThreads);
            atLeastOne("engine.batch-tokens", batchTokens);
            atLeastOne("engine.queue-tokens", queueTokens);
        }
    }

    /**
     * An index in a folder, searched by a pipeline of its own.
     *
     * @param folder Folder of the index, which need not exist yet. There is no index if not set.
     * @param language Language of the texts, as a two-letter code; empty for none in particular. If not set, that of the
     *        index, and English for a new one.
     * @param retrievers Which retrievers make the first stage. vector-store is the application's VectorStore bean.
     * @param unit Whether passages are returned or, each by its best passage, documents.
     * @param modelWeight What the model's score weighs against the retrievers', which weigh 1 each, at least 0.
     * @param neighbours How much of a passage's score the scores of similar candidates have, 0 to 1.
     */
    record Index(@Nullable String folder, @Nullable String language,
            @DefaultValue( {
                    "bm25", "vector"}) List<Stage> retrievers,
            @DefaultValue("passage") SearchRequest.Unit unit,
            @DefaultValue("0.6") double modelWeight,
            @DefaultValue("0.2") double neighbours){

        /** A first stage. */
        enum Stage {
            /** Words. */
            BM25,
            /** Meaning, by the vectors of the index. */
            VECTOR,
            /** The application's vector store. */
            VECTOR_STORE;

            /** Its name in a pipeline. */
            String stage() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }

        Index {
            if (retrievers.isEmpty() || new HashSet<>(retrievers).size() < retrievers.size()) {
                throw invalid("index.retrievers", retrievers, "It must name one or more of bm25, vector and"
                        + " vector-store, each once.");
            }
            retrievers = List.copyOf(retrievers);
            if (!(modelWeight >= 0 && Double.isFinite(modelWeight))) {
                throw invalid("index.model-weight", modelWeight, "It must be finite and >= 0.");
            }
            if (!(neighbours >= 0 && neighbours <= 1)) {
                throw invalid("index.neighbours", neighbours, "It must be within 0 to 1.");
            }
        }
    }
}
