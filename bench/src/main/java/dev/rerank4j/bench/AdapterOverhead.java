package dev.rerank4j.bench;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.langchain4j.EvidenceContentAggregator;
import dev.rerank4j.langchain4j.RerankScoringModel;
import dev.rerank4j.langchain4j.TwoStageContentRetriever;
import dev.rerank4j.springai.RerankingDocumentPostProcessor;
import dev.rerank4j.springai.TwoStageDocumentRetriever;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the adapters add to the call of the core that they stand for, with a model that answers at once and a retriever
 * that has its ranking ready: the whole time is ours. {@code java -jar} is not needed: {@code org.openjdk.jmh.Main
 * AdapterOverhead}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AdapterOverhead {

    /** How many passages. */
    @Param({"50"})
    public int passages;

    private final Scorer scorer = new InstantScorer();
    private SearchRequest request;
    private ScoreRequest pairs;
    private Ranking ranking;
    private SearchPipeline search;
    private List<TextSegment> segments;
    private Map<dev.langchain4j.rag.query.Query, Collection<List<Content>>> contents;
    private dev.langchain4j.rag.query.Query langchain4jQuery;
    private List<org.springframework.ai.document.Document> documents;
    private org.springframework.ai.rag.Query springQuery;
    private RerankScoringModel scoringModel;
    private EvidenceContentAggregator aggregator;
    private TwoStageContentRetriever contentRetriever;
    private RerankingDocumentPostProcessor postProcessor;
    private TwoStageDocumentRetriever documentRetriever;

    /** Makes the passages, once as each framework has them. */
    @Setup
    public void setUp() {
        Pairs texts = Pairs.spread(passages, 20, 300, 1);
        request = new SearchRequest(Query.of(texts.query()), SearchRequest.Unit.PASSAGE, passages, passages,
                SearchRequest.DEFAULT_TIMEOUT);
        pairs = ScoreRequest.of(texts.query(), texts.texts());
        Ranking.Builder found = Ranking.builder("found");
        for (int i = 0; i < passages; i++) {
            found.add(Passage.of("p" + i, texts.texts().get(i)), passages - i);
        }
        ranking = found.build();
        search = SearchPipeline.builder().retriever(new ReadyRetriever(ranking)).reranker(Reranker.of(scorer)).build();
        segments = texts.texts().stream().map(TextSegment::from).toList();
        langchain4jQuery = dev.langchain4j.rag.query.Query.from(texts.query());
        contents = Map.of(langchain4jQuery, List.of(segments.stream().map(Content::from).toList()));
        springQuery = new org.springframework.ai.rag.Query(texts.query());
        documents = ranking.hits().stream().map(hit -> org.springframework.ai.document.Document.builder()
                .id(hit.passage().id()).text(hit.passage().text()).score(hit.score()).build()).toList();
        scoringModel = RerankScoringModel.of(scorer);
        aggregator = EvidenceContentAggregator.of(scorer);
        contentRetriever = TwoStageContentRetriever.builder().pipeline(search).limit(passages).depth(passages).build();
        postProcessor = RerankingDocumentPostProcessor.of(scorer);
        documentRetriever = TwoStageDocumentRetriever.builder(search).limit(passages).depth(passages).build();
    }

    /** Closes what holds threads. */
    @TearDown
    public void tearDown() {
        search.close();
        aggregator.close();
        postProcessor.close();
    }

    /** What {@link #langchain4jScoringModel} stands for. */
    @Benchmark
    public Scores coreScore() {
        return scorer.score(pairs);
    }

    @Benchmark
    public Response<List<Double>> langchain4jScoringModel() {
        return scoringModel.scoreAll(segments, langchain4jQuery.text());
    }

    /** What {@link #langchain4jAggregator} and {@link #springAiPostProcessor} stand for. */
    @Benchmark
    public SearchResult coreRerank() {
        return search.rerank(request, ranking);
    }

    @Benchmark
    public List<Content> langchain4jAggregator() {
        return aggregator.aggregate(contents);
    }

    @Benchmark
    public List<org.springframework.ai.document.Document> springAiPostProcessor() {
        return postProcessor.process(springQuery, documents);
    }

    /** What {@link #langchain4jContentRetriever} and {@link #springAiDocumentRetriever} stand for. */
    @Benchmark
    public SearchResult coreSearch() {
        return search.search(request);
    }

    @Benchmark
    public List<Content> langchain4jContentRetriever() {
        return contentRetriever.retrieve(langchain4jQuery);
    }

    @Benchmark
    public List<org.springframework.ai.document.Document> springAiDocumentRetriever() {
        return documentRetriever.retrieve(springQuery);
    }

    /** Scores texts by their lengths. */
    private static final class InstantScorer implements Scorer {

        @Override
        public String name() {
            return "instant";
        }

        @Override
        public Scores score(ScoreRequest request) {
            int size = request.texts().size();
            float[] logits = new float[size];
            float[] probabilities = new float[size];
            for (int i = 0; i < size; i++) {
                logits[i] = request.texts().get(i).length();
                probabilities[i] = 1 - 1 / (1 + logits[i]);
            }
            return new Scores(logits, probabilities, new int[size], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
        }
    }

    /** Finds the same at once. */
    private record ReadyRetriever(Ranking ranking) implements Retriever {

        @Override
        public String name() {
            return ranking.stage();
        }

        @Override
        public Ranking retrieve(Query query, int limit, Deadline deadline) {
            return ranking.top(limit);
        }
    }
}
