package consumer.search;

import dev.rerank4j.Passage;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.List;

/** The program of the README: an index in the folder that is named, both stages, the built-in models. */
public final class Main {

    private Main() {
    }

    public static void main(String[] args) {
        try (OnnxEncoder encoder = OnnxEncoder.builtIn();
                OnnxScorer scorer = OnnxScorer.builtIn();
                LuceneIndex index = LuceneIndex.open(Path.of(args[0]), encoder, "en");
                SearchPipeline search = SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                        .reranker(Reranker.of(scorer)).build()) {
            index.add(List.of(
                    Passage.of("leave", "Full-time employees receive 25 days of paid leave per calendar year."),
                    Passage.of("parking", "Leave your laptop at the front desk when you get a paid parking permit.")));
            index.commit();
            SearchResult result = search.search(SearchRequest.of("how many days off do I get"));
            System.out.println(result.ranking().hits().getFirst().passage().id() + " first, "
                    + result.stages().size() + " stages, " + (result.degraded() ? "degraded" : "whole"));
        }
    }
}
