package dev.rerank4j;

import java.util.stream.IntStream;

/** A retriever that does what its test says. */
record FakeRetriever(String name, Work work) implements Retriever {

    @FunctionalInterface
    interface Work {
        Ranking retrieve(Query query, int limit, Deadline deadline);
    }

    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        return work.retrieve(query, limit, deadline);
    }

    /** Gives passages of these ids, best first. */
    static FakeRetriever of(String name, String... ids) {
        return new FakeRetriever(name, (query, limit, deadline) -> ranking(name, ids));
    }

    /** Fails with this. */
    static FakeRetriever failing(String name, RuntimeException failure) {
        return new FakeRetriever(name, (query, limit, deadline) -> {
            throw failure;
        });
    }

    static Ranking ranking(String stage, String... ids) {
        Ranking.Builder ranking = Ranking.builder(stage);
        IntStream.range(0, ids.length).forEach(i -> ranking.add(Passage.of(ids[i], ids[i]), ids.length - i));
        return ranking.build();
    }
}
