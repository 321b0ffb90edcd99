package consumer.core;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import java.util.List;

/** A search with stages of its own, on the module path: the types and the pipeline are all that it needs. */
public final class Main {

    private Main() {
    }

    private static final List<Passage> PASSAGES = List.of(Passage.of("parking", "a permit for the day"),
            Passage.of("leave", "25 days of leave"));

    private static final class ShortestFirst implements Retriever {

        @Override
        public String name() {
            return "shortest";
        }

        @Override
        public Ranking retrieve(Query query, int limit, Deadline deadline) {
            Ranking.Builder ranking = Ranking.builder(name());
            PASSAGES.forEach(passage -> ranking.add(passage, -passage.text().length()));
            return ranking.build().top(limit);
        }
    }

    private static final class ByLetter implements Reranker {

        @Override
        public String name() {
            return "letter";
        }

        @Override
        public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
            Ranking.Builder ranking = Ranking.builder(name());
            candidates.forEach(hit -> ranking.add(new dev.rerank4j.Hit(hit.passage(), hit.passage().id().charAt(0),
                    hit.probability(), hit.evidence())));
            return ranking.build().top(limit);
        }
    }

    public static void main(String[] args) {
        try (SearchPipeline search = SearchPipeline.builder().retriever(new ShortestFirst()).reranker(new ByLetter())
                .build()) {
            SearchResult result = search.search(SearchRequest.of("days of leave"));
            System.out.println(result.ranking().hits().getFirst().passage().id() + " first, "
                    + result.stages().size() + " stages, module " + SearchPipeline.class.getModule().getName());
        }
    }
}
