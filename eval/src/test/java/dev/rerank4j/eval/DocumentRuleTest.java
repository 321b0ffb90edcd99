package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.eval.DocumentRule.Scored;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DocumentRuleTest {

    private static final Ranking RANKING = Ranking.builder("rerank").add(passage("a", 500), 3).add(passage("b", 0), 2)
            .add(passage("b", 100), 1.5).add(passage("b", 200), 1).add(passage("a", 0), -1).add(passage("c", 50), -2)
            .build();

    @Test
    void theBestPassageStandsForItsDocument() {
        assertEquals(List.of(new Scored("a", 3), new Scored("b", 2), new Scored("c", -2)),
                DocumentRule.BEST.documents(RANKING));
    }

    @Test
    void theFirstPassageStandsForItsDocument() {
        assertEquals(List.of(new Scored("b", 2), new Scored("a", -1), new Scored("c", -2)),
                DocumentRule.FIRST.documents(RANKING));
    }

    @Test
    void theRestIsDecayedAndCountedFromTheLowestScore() {
        assertEquals(List.of(new Scored("b", 4 + 3.5 / 2 + 3.0 / 4), new Scored("a", 5 + 1.0 / 2), new Scored("c", 0)),
                DocumentRule.DECAYED.documents(RANKING));
        assertEquals(List.of(new Scored("b", 10.5), new Scored("a", 6), new Scored("c", 0)),
                DocumentRule.decayed(1).documents(RANKING));
    }

    @Test
    void withoutTheRestTheBestPassageDecides() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Ranking.Builder builder = Ranking.builder("rerank");
            for (int i = 0; i < 50; i++) {
                builder.add(passage("d" + random.nextInt(10), i), Math.round(random.nextGaussian() * 4));
            }
            Ranking ranking = builder.build();
            assertEquals(DocumentRule.BEST.documents(ranking).stream().map(Scored::id).toList(),
                    DocumentRule.decayed(0).documents(ranking).stream().map(Scored::id).toList(), "seed " + seed);
            assertEquals(ranking.byDocument().hits().stream().map(hit -> hit.passage().documentId()).toList(),
                    DocumentRule.BEST.documents(ranking).stream().map(Scored::id).toList(), "seed " + seed);
        }
    }

    @Test
    void aFurtherPassageNeverLowersItsDocument() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Ranking.Builder builder = Ranking.builder("rerank").add(passage("other", 0), -100);
            for (int i = 0; i < 10; i++) {
                builder.add(passage("d" + random.nextInt(3), i), random.nextGaussian() - 5);
            }
            builder.add(passage("d", 0), -4);
            double before = score("d", builder.build());
            builder.add(passage("d", 1), -99);
            assertEquals(before + 0.5, score("d", builder.build()), 1e-9, "seed " + seed);
        }
    }

    private static double score(String document, Ranking ranking) {
        return DocumentRule.DECAYED.documents(ranking).stream().filter(scored -> scored.id().equals(document))
                .findFirst().orElseThrow().score();
    }

    @Test
    void anEmptyRankingHasNoDocuments() {
        assertEquals(List.of(), DocumentRule.DECAYED.documents(Ranking.builder("rerank").build()));
    }

    @Test
    void aRunTakesTheDocumentsOfARanking() {
        Run run = new Run.Builder("x").add("q", RANKING, DocumentRule.FIRST).build();
        assertEquals(List.of("b", "a", "c"), run.documents("q"));
    }

    @Test
    void rulesHaveNames() {
        for (DocumentRule rule : List.of(DocumentRule.BEST, DocumentRule.FIRST, DocumentRule.DECAYED)) {
            assertEquals(rule, DocumentRule.parse(rule.name().toUpperCase(Locale.ROOT)));
        }
        assertEquals("document rule must be one of best, first, decayed, got worst",
                assertThrows(IllegalArgumentException.class, () -> DocumentRule.parse("worst")).getMessage());
        assertEquals("decay must be within 0 to 1, got 1.5",
                assertThrows(IllegalArgumentException.class, () -> DocumentRule.decayed(1.5)).getMessage());
    }

    private static Passage passage(String document, int start) {
        return new Passage(document + "#" + start, document, "", "text",
                new Location("", List.of(), OptionalInt.empty(), start, start + 4), Map.of());
    }
}
