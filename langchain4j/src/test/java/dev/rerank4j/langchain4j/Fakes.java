package dev.rerank4j.langchain4j;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Retrievers that do what their test says. */
final class Fakes {

    private Fakes() {
    }

    /** Gives these passages, best first. */
    static Retriever retriever(String name, Passage... passages) {
        return retriever(name, query -> {
            Ranking.Builder ranking = Ranking.builder(name);
            for (int i = 0; i < passages.length; i++) {
                ranking.add(passages[i], passages.length - i);
            }
            return ranking.build();
        });
    }

    static Retriever retriever(String name, Function<Query, Ranking> answer) {
        return new Retriever() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Ranking retrieve(Query query, int limit, Deadline deadline) {
                return answer.apply(query);
            }
        };
    }

    /** Gives nothing and notes what it was asked. */
    static Retriever noting(List<Query> asked) {
        return retriever("noting", query -> {
            asked.add(query);
            return Ranking.builder("noting").build();
        });
    }

    static List<Query> list() {
        return new ArrayList<>();
    }
}
