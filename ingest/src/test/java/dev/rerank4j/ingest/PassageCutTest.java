package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Document;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.Value;
import dev.rerank4j.WordScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link Chunker#cut}, and long documents that win by their best piece. */
class PassageCutTest {

    private static final Tokens TOKENS = TestTokens.PIECES;
    private static final String ANSWER = "Whoever leaves the company hands the laptop back on the last day.";

    private static String filler(int sentences) {
        return "The garden behind the house is open to everybody in summer. ".repeat(sentences);
    }

    @Test
    void aLongDocumentWinsByAPieceFromItsMiddleAndSaysWhereThatStands() {
        String text = filler(60) + ANSWER + " " + filler(60);
        Passage whole = new Passage("handbook", "handbook", "Handbook", text, new Location("handbook.txt", List.of(),
                OptionalInt.empty(), 0, text.length()), Map.of("year", Value.of(2024)));
        Ranking candidates = Ranking.builder("bm25")
                .add(Passage.of("bikes", "The company has bikes. Hand the key back when you leave."), 3)
                .add(Passage.of("garden", filler(3)), 2)
                .add(whole, 1).build();
        Query query = Query.of("who hands the laptop back on the last day");
        Reranker alone = Reranker.of(new WordScorer());
        assertEquals("bikes", alone.rerank(query, candidates, 1, Deadline.none()).hits().getFirst().passage().id(),
                "the model reads the beginning and does not see the answer");

        for (Chunker chunker : List.of(Chunker.structured(TOKENS, 64, 8), Chunker.tokens(TOKENS, 64, 8),
                Chunker.sentences(TOKENS, 64))) {
            Hit best = Reranker.bestPiece(alone, chunker::cut).rerank(query, candidates, 3, Deadline.none()).hits()
                    .getFirst();
            assertEquals("handbook", best.passage().id());
            assertEquals("Handbook", best.passage().title());
            assertEquals(Map.of("year", Value.of(2024)), best.passage().metadata());
            assertTrue(best.passage().text().contains("hands the laptop back"), best.passage().text());
            Location location = best.passage().location();
            assertEquals("handbook.txt", location.file());
            assertEquals(text.substring(location.start(), location.end()), best.passage().text());
            assertTrue(location.end() - location.start() < text.length() / 10, location::toString);
            assertTrue(location.start() > text.length() / 3 && location.end() < 2 * text.length() / 3,
                    location::toString);
            assertEquals(3, best.evidence("bm25").orElseThrow().rank());
        }
    }

    @Test
    void piecesStandWhereTheyStandInTheDocument() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(400); i > 0; i--) {
                text.append("word").append(random.nextInt(1000)).append(random.nextInt(8) == 0 ? ".\n" : " ");
            }
            SectionedDocument document = SectionedDocument
                    .plain(new Document("d", "Title", text.toString(), Map.of()), "d.txt");
            List<Passage> pieces = new ArrayList<>();
            for (Passage passage : Chunker.structured(TOKENS, 200, 0).chunk(document)) {
                List<Passage> cut = Chunker.sentences(TOKENS, 30).cut(passage);
                assertTrue(!cut.isEmpty(), "seed " + seed);
                pieces.addAll(cut);
            }
            StringBuilder joined = new StringBuilder();
            for (Passage piece : pieces) {
                assertEquals(text.substring(piece.location().start(), piece.location().end()), piece.text(),
                        "seed " + seed);
                assertTrue(TOKENS.starts(piece.content()).length <= 30, "seed " + seed);
                assertEquals("d", piece.documentId());
                joined.append(piece.text());
            }
            assertEquals(text.toString().replaceAll("\\s", ""), joined.toString().replaceAll("\\s", ""),
                    "seed " + seed);
        }
    }

    @Test
    void headingsPageFileTitleAndMetadataStay() {
        Passage passage = new Passage("d#3", "d", "Title", filler(20).strip(), new Location("d.pdf", List.of("A", "B"),
                OptionalInt.of(7), 1000, 1000 + filler(20).strip().length()), Map.of("k", Value.of("v")));
        List<Passage> pieces = Chunker.tokens(TOKENS, 40, 0).cut(passage);
        assertTrue(pieces.size() > 3, "" + pieces.size());
        assertEquals(1000, pieces.getFirst().location().start());
        assertEquals(passage.location().end(), pieces.getLast().location().end());
        assertEquals(pieces.size(), pieces.stream().map(Passage::id).distinct().count());
        for (Passage piece : pieces) {
            assertEquals("d", piece.documentId());
            assertEquals("Title", piece.title());
            assertEquals(List.of("A", "B"), piece.location().headings());
            assertEquals(OptionalInt.of(7), piece.location().page());
            assertEquals("d.pdf", piece.location().file());
            assertEquals(Map.of("k", Value.of("v")), piece.metadata());
        }
    }

    @Test
    void whatFitsOrHasNoTextIsThePassageItself() {
        for (Passage passage : List.of(Passage.of("a", "Short."), Passage.of("b", ""), Passage.of("c", " \n "),
                Passage.of("d", "  Blanks around.  "),
                new Passage("e", "d", "Only a title", "", Location.NONE, Map.of()))) {
            for (Chunker chunker : List.of(Chunker.structured(TOKENS, 32, 4), Chunker.tokens(TOKENS, 32, 4),
                    Chunker.sentences(TOKENS, 32))) {
                assertEquals(List.of(passage), chunker.cut(passage), passage.id());
            }
        }
    }

    /** The title would leave no room: so it is cut, as in all passages. */
    @Test
    void aTitleTooLongIsCutInASinglePieceToo() {
        Passage passage = new Passage("p", "d", "word ".repeat(100).strip(), "Short.", Location.NONE, Map.of());
        List<Passage> pieces = Chunker.structured(TOKENS, 32, 4).cut(passage);
        assertEquals(1, pieces.size());
        assertEquals("Short.", pieces.getFirst().text());
        assertTrue(TOKENS.starts(pieces.getFirst().content()).length <= 32);
    }
}
