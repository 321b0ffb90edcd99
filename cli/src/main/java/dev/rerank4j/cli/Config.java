package dev.rerank4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.ContextOptions;
import dev.rerank4j.Fusion;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.TokenCounter;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All settings of the command line, as the configuration file has them: each record is a section, each component a key,
 * {@code maxInput} being {@code max-input}. {@link ConfigFile} reads it; options of a command win over it.
 */
record Config(Search search, Indexing index, Reranking reranker, Prompt context, Serving server,
        Map<String, Provider> providers, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Cluster opensearch,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Cluster elasticsearch,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Database postgres) {

    Config {
        providers.keySet().forEach(Provider::checkName);
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    }

    static final Config DEFAULTS = new Config(
            new Search(SearchRequest.DEFAULT_LIMIT, null, null, SearchRequest.Unit.PASSAGE,
                    SearchRequest.DEFAULT_TIMEOUT,
                    Retrieval.HYBRID, new Fusing(Fusing.Type.STANDARDIZED, 60, List.of(1.0, 1.0))),
            new Indexing(Indexing.AUTO, ModelName.BUILT_IN, new Chunk(null, null, Chunk.By.STRUCTURE)),
            new Reranking(ModelName.BUILT_IN, List.of(),
                    new Mixing(Mixing.Type.STANDARDIZED, List.of(0.6, 1.0, 1.0), 0.2, 0.5),
                    new ByteSize(64L << 20)),
            new Prompt(ContextOptions.DEFAULT.tokens(), Prompt.Order.BEST, ContextOptions.DEFAULT.nearDuplicate()),
            Serving.DEFAULTS, Map.of(), null, null, null);

    /** How many candidates are retrieved. */
    int depth() {
        return search.depthOr(reranker.depth());
    }

    /** Whether searches need an encoder. */
    boolean wantsVectors() {
        return switch (search.retriever()) {
            case BM25, VECTOR, HYBRID -> true; // the index in a folder has them
            case OPENSEARCH -> opensearch != null && opensearch.search() != Cluster.Search.BM25;
            case ELASTICSEARCH -> elasticsearch != null && elasticsearch.search() != Cluster.Search.BM25;
            case POSTGRES -> postgres != null && postgres.search() != Database.Search.FULL_TEXT;
        };
    }

    /**
     * The models that rerank, as what they name.
     *
     * @throws UsageException if one can be none of a model
     */
    List<ModelName> rerankers() {
        return reranker.names(providers);
    }

    /** With another section. */
    Config with(Search other) {
        return new Config(other, index, reranker, context, server, providers, opensearch, elasticsearch,
                postgres);
    }

    /** With another section. */
    Config with(Indexing other) {
        return new Config(search, other, reranker, context, server, providers, opensearch, elasticsearch,
                postgres);
    }

    /** With another section. */
    Config with(Reranking other) {
        return new Config(search, index, other, context, server, providers, opensearch, elasticsearch,
                postgres);
    }

    /** With another section. */
    Config with(Serving other) {
        return new Config(search, index, reranker, context, other, providers, opensearch, elasticsearch,
                postgres);
    }

    /** With another section. */
    Config with(Prompt other) {
        return new Config(search, index, reranker, other, server, providers, opensearch, elasticsearch,
                postgres);
    }

    /** Which retrievers make the first stage: those of the index in a folder, or of an engine elsewhere. */
    enum Retrieval {
        BM25, VECTOR, HYBRID, OPENSEARCH, ELASTICSEARCH, POSTGRES;

        /** Those of the index in a folder. */
        static final List<Retrieval> EMBEDDED = List.of(BM25, VECTOR, HYBRID);

        boolean isEmbedded() {
            return EMBEDDED.contains(this);
        }

        /** As people write it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param depth how many candidates are reranked; if nobody says, fifty, or what the first model
     *        of a cascade reads, or as many as the limit
     * @param minProbability of a hit, 0 to 1; if nobody says, whatever is found is a hit
     */
    record Search(int limit, @Nullable Integer depth, @Nullable Double minProbability, SearchRequest.Unit unit,
            Duration timeout, Retrieval retriever,
            Fusing fusion) {

        Search {
            atLeastOne("limit", limit);
            if (depth != null && depth < limit) {
                throw new IllegalArgumentException("depth must be >= limit (" + limit + "), got " + depth);
            }
            if (minProbability != null && !(minProbability >= 0 && minProbability <= 1)) {
                throw new IllegalArgumentException("min-probability must be within 0 to 1, got " + minProbability);
            }
        }

        /** The depth; if nobody says, the usual one or as many as the limit. */
        int depthOr(int usual) {
            return depth == null ? Math.max(limit, usual) : depth;
        }

        /** With other hits: their unit, and how many. */
        Search hits(SearchRequest.Unit other, int most) {
            return new Search(most, depth == null ? null : Integer.valueOf(Math.max(most, depth)), minProbability,
                    other, timeout, retriever, fusion);
        }

        /** With another depth, and no more hits than that. */
        Search at(int other) {
            return new Search(Math.min(limit, other), other, minProbability, unit, timeout, retriever, fusion);
        }

        /** With another first stage. */
        Search first(Retrieval other, Fusing fusing) {
            return new Search(limit, depth, minProbability, unit, timeout, other, fusing);
        }
    }

    /**
     * How the rankings of two retrievers become one.
     *
     * @param k of reciprocal rank fusion
     * @param weights of the other two: of bm25, then of vector
     */
    record Fusing(Type type, int k, List<Double> weights) {

        enum Type {
            RRF, WEIGHTED, STANDARDIZED
        }

        Fusing {
            atLeastOne("k", k);
            weights = type == Type.RRF
                    ? List.copyOf(weights)
                    : checked(weights, 2, "two numbers, of bm25 and of vector");
        }

        Fusion fusion() {
            return switch (type) {
                case RRF -> Fusion.reciprocalRank(k);
                case WEIGHTED -> Fusion.weighted(numbers(weights));
                case STANDARDIZED -> Fusion.standardized(numbers(weights));
            };
        }
    }

    /**
     * How the model's scores are weighed against what the retrievers said, and when it may stop reading.
     *
     * @param type {@code NONE}: the model alone decides, and reads all candidates
     * @param weights of the model, then of bm25, then of vector
     * @param neighbours how much of a candidate's score those have that are like it, 0 to 1
     * @param margin in standard deviations; if nobody says, all candidates are read
     */
    record Mixing(Type type, List<Double> weights, double neighbours, @Nullable Double margin) {

        enum Type {
            NONE, STANDARDIZED
        }

        Mixing {
            weights = checked(weights, 3, "three numbers, of the model, of bm25 and of vector");
            if (!(neighbours >= 0 && neighbours <= 1)) {
                throw new IllegalArgumentException("neighbours must be within 0 to 1, got " + neighbours);
            }
            if (margin != null && margin.isNaN()) {
                throw new IllegalArgumentException("margin must be a number, got NaN");
            }
        }

        /** The reranker of a search for so many hits. */
        Reranker reranker(StageScorer model, int limit, SearchRequest.Unit unit) {
            AdaptiveDepth usual = AdaptiveDepth.DEFAULT;
            return switch (model.reads()) {
                case IN_BLOCKS -> mixed(model, new AdaptiveDepth(usual.first(), usual.block(),
                        margin == null ? Double.POSITIVE_INFINITY : margin, limit, unit));
                case AT_ONCE -> mixed(model, new AdaptiveDepth(Integer.MAX_VALUE, usual.block(),
                        Double.POSITIVE_INFINITY, limit, unit));
                // Places are no scores that could be weighed.
                case AS_LIST -> Reranker.of(model.scorer());
            };
        }

        private Reranker mixed(StageScorer model, AdaptiveDepth depth) {
            return switch (type) {
                case NONE -> Reranker.of(model.scorer());
                // A stage elsewhere weighs as the embedded one of its kind, and what has both in it as both.
                case STANDARDIZED -> Reranker.adaptive(model.scorer(), weights.get(0),
                        Map.of("bm25", weights.get(1), "full-text", weights.get(1), "vector", weights.get(2),
                                "hybrid", weights.get(1) + weights.get(2)),
                        neighbours, depth);
            };
        }
    }

    /**
     * @param language of the texts, as a code such as {@code en} or {@code de}; empty for none in particular; {@code
     *        auto} for what most of the texts are in when an index is made
     * @param encoder {@code built-in}, a folder with an encoder, or {@code owner/name} of one
     */
    record Indexing(String language, String encoder, Chunk chunk) {

        static final String AUTO = "auto";

        Indexing {
            if (encoder.isBlank()) {
                throw new IllegalArgumentException("encoder must be built-in, a folder or a model's name, got nothing");
            }
        }

        Indexing withLanguage(String other) {
            return new Indexing(other, encoder, chunk);
        }

        Indexing withEncoder(String other) {
            return new Indexing(language, other, chunk);
        }

        Indexing withChunk(Chunk other) {
            return new Indexing(language, encoder, other);
        }
    }

    /**
     * How documents are cut into passages.
     *
     * @param size tokens of a passage at most; if nobody says, what the reranker reads beside a query
     * @param overlap tokens that neighbours share; if nobody says, an eighth of the size
     */
    record Chunk(@Nullable Integer size, @Nullable Integer overlap, By by) {

        /** Tokens: smaller passages say nothing. */
        static final int LEAST = 16;

        /** Sections of the document, running text, or whole sentences of it. */
        enum By {
            STRUCTURE, TOKENS, SENTENCES
        }

        Chunk {
            if (size != null && size < LEAST) {
                throw new IllegalArgumentException("size must be >= " + LEAST + ", got " + size);
            }
            if (overlap != null && (overlap < 0 || size != null && overlap > size / 2)) {
                throw new IllegalArgumentException("overlap must be >= 0 and at most half the size, got " + overlap);
            }
        }
    }

    /**
     * How hits become a block for a prompt.
     *
     * @param tokens of the block at most
     * @param nearDuplicate from which resemblance to a better one on a passage is left out, above 0 to 1
     */
    record Prompt(int tokens, Order order, double nearDuplicate) {

        enum Order {
            BEST, DOCUMENT, ENDS
        }

        Prompt {
            atLeastOne("tokens", tokens);
            if (!(nearDuplicate > 0 && nearDuplicate <= 1)) {
                throw new IllegalArgumentException("near-duplicate must be > 0 and <= 1, got " + nearDuplicate);
            }
        }

        ContextOptions options() {
            return new ContextOptions(tokens, TokenCounter.approximate(), switch (order) {
                case BEST -> ContextOptions.Order.BEST_FIRST;
                case DOCUMENT -> ContextOptions.Order.DOCUMENT;
                case ENDS -> ContextOptions.Order.ENDS;
            }, nearDuplicate);
        }
    }

    private static List<Double> checked(List<Double> weights, int count, String what) {
        if (weights.stream().anyMatch(Objects::isNull)) { // YAML has empty places
            throw new IllegalArgumentException("weights must be " + what + ", got nothing for one of them");
        }
        if (weights.size() != count) {
            throw new IllegalArgumentException("weights must be " + what + ", got " + weights.size());
        }
        Fusion.weighted(numbers(weights)); // refuses what is no weight
        return List.copyOf(weights);
    }

    private static double[] numbers(List<Double> weights) {
        return weights.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }
}
