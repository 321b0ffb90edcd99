package dev.rerank4j.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;

/** What tests of contents share. */
final class Contents {

    private Contents() {
    }

    /** As their retriever of an embedding store makes them. */
    static Content stored(String text, double score, String id) {
        return Content.from(TextSegment.from(text, Metadata.from("source", "store")),
                Map.of(ContentMetadata.SCORE, score, ContentMetadata.EMBEDDING_ID, id));
    }

    static List<Content> contents(String... texts) {
        return List.of(texts).stream().map(Content::from).toList();
    }

    @SafeVarargs
    static Map<Query, Collection<List<Content>>> found(String query, List<Content>... lists) {
        Map<Query, Collection<List<Content>>> found = new LinkedHashMap<>();
        List<List<Content>> all = new ArrayList<>();
        for (List<Content> list : lists) {
            all.add(list);
        }
        found.put(Query.from(query), all);
        return found;
    }

    static List<String> texts(List<Content> contents) {
        return contents.stream().map(content -> content.textSegment().text()).toList();
    }

    static EvidenceContent evidence(Content content) {
        return (EvidenceContent) content;
    }

    /** Gives each text the logit that the test says; no probabilities. */
    static Scorer scorer(ToDoubleBiFunction<String, String> logit) {
        return answering((query, texts) -> {
            float[] logits = new float[texts.size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) logit.applyAsDouble(query, texts.get(i));
            }
            return new Scores(logits, new float[0], new int[logits.length], new BitSet(), Scores.Timings.ZERO);
        });
    }

    static Scorer failing(RuntimeException failure) {
        return answering((query, texts) -> {
            throw failure;
        });
    }

    /** Says when it is asked and waits, whatever the deadline, until it is let go or interrupted. */
    static Scorer waiting(CountDownLatch asked, CountDownLatch go) {
        return answering((query, texts) -> {
            asked.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return new Scores(new float[texts.size()], new float[0], new int[texts.size()], new BitSet(),
                    Scores.Timings.ZERO);
        });
    }

    static Scorer answering(BiFunction<String, List<String>, Scores> answer) {
        return new Scorer() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public Scores score(dev.rerank4j.ScoreRequest request) {
                return answer.apply(request.query(), request.texts());
            }

            @Override
            public void close() {
            }
        };
    }
}
