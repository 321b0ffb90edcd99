package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.eval.Judgment.Kind;
import dev.rerank4j.eval.JudgmentResolver.Lookup;
import dev.rerank4j.eval.JudgmentResolver.Resolved;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class JudgmentResolverTest {

    private static final Path FILE = Path.of("my.csv");

    private final List<Passage> passages = new ArrayList<>();

    private final Lookup lookup = new Lookup() {

        @Override
        public Optional<String> byId(String id) {
            return passages.stream().filter(passage -> passage.id().equals(id) || passage.documentId().equals(id))
                    .map(Passage::documentId).findFirst();
        }

        @Override
        public List<String> byFile(String file) {
            return passages.stream().filter(passage -> Path.of(passage.location().file()).endsWith(file))
                    .map(Passage::documentId).distinct().toList();
        }

        @Override
        public List<Passage> likely(String quotation) {
            return passages;
        }

        @Override
        public Optional<String> nearest(String name) {
            return name.equals("leav.md") ? Optional.of("leave.md") : Optional.empty();
        }
    };

    @Test
    void idsOfDocumentsAndPassagesAndFilesAreFound() {
        add("leave", "docs/leave.md", "You have 25 days of paid leave.");
        add("pay", "docs/pay.md", "Salaries are paid on the 25th.");
        Resolved resolved = resolve(judgment("days off", Kind.ID, "leave", 2),
                judgment("days off", Kind.ID, "pay#0", 0),
                judgment("payday", Kind.FILE, "pay.md", 1), judgment("payday", Kind.ID, "docs/leave.md", 1));
        assertEquals(Map.of("q1", "days off", "q2", "payday"), resolved.queries().texts());
        assertEquals(Map.of("leave", 2, "pay", 0), resolved.qrels().grades("q1"));
        assertEquals(Map.of("pay", 1, "leave", 1), resolved.qrels().grades("q2"));
        assertEquals(List.of(), resolved.unresolved());
        assertEquals(List.of(), resolved.ambiguous());
    }

    @Test
    void whiteSpaceAndCapitalsOfAQuotationDoNotMatter() {
        add("leave", "leave.md", "You have\n  25 days\u00a0of PAID leave.");
        assertFound("leave", Kind.QUOTE, "you have 25  days of paid");
        assertFound("leave", Kind.QUOTE, "leave");
        assertFound("leave", Kind.ID, "25 days of");
    }

    @Test
    void aQuotationMayRunFromOnePassageIntoTheNext() {
        String text = "First sentence here. Second sentence follows. Third one ends it.";
        add("near", 45, text.substring(45));
        add("near", 0, text.substring(0, 20));
        add("near", 21, text.substring(21, 45).strip());
        assertFound("near", Kind.QUOTE, "sentence here. Second sentence follows. Third one");
        passages.clear();
        add("overlap", 0, text.substring(0, 30));
        add("overlap", 15, text.substring(15, 50));
        add("overlap", 20, text.substring(20, 40));
        add("overlap", 38, text.substring(38));
        assertFound("overlap", Kind.QUOTE, text);
    }

    @Test
    void passagesWithoutLocationsAreReadOneByOne() {
        passages.add(Passage.of("a", "one two three"));
        assertFound("a", Kind.QUOTE, "TWO three");
    }

    @Test
    void whatIsNotFoundCountsForNothingAndIsNamedWithoutTheQuotation() {
        add("leave", "leave.md", "You have 25 days of paid leave.");
        Resolved resolved = resolve(judgment("a", Kind.FILE, "leav.md", 1), judgment("a", Kind.ID, "none", 1),
                judgment("b", Kind.QUOTE, "thirty days", 1), judgment("c", Kind.FILE, "leave.md", 1));
        assertEquals(List.of("my.csv:2: there is no document, passage or file leav.md; did you mean leave.md?",
                "my.csv:3: there is no document, passage or file none",
                "my.csv:4: no document has the quoted text of 11 characters; copy a shorter stretch of it"),
                resolved.unresolved());
        assertEquals(List.of("q3"), List.copyOf(resolved.qrels().queries()));
        assertEquals(Map.of("q1", "a", "q2", "b", "q3", "c"), resolved.queries().texts());
    }

    @Test
    void aFileOfManyDocumentsNamesNone() {
        add("t1", "tickets.jsonl", "one");
        add("t2", "tickets.jsonl", "two");
        assertEquals(List.of("my.csv:2: tickets.jsonl names 2 documents; name one by its id"),
                resolve(judgment("a", Kind.FILE, "tickets.jsonl", 1)).unresolved());
    }

    @Test
    void aQuotationInSeveralDocumentsJudgesAllUpToFiveAndSaysSo() {
        IntStream.range(0, 5).forEach(i -> add("d" + i, "d" + i + ".md", "ask your manager first"));
        Resolved resolved = resolve(judgment("a", Kind.QUOTE, "ask your manager", 1));
        assertEquals(Map.of("d0", 1, "d1", 1, "d2", 1, "d3", 1, "d4", 1), resolved.qrels().grades("q1"));
        assertEquals(List.of("my.csv:2: the quoted text stands in 5 documents (d0, d1, d2, d3, d4); all of them count "
                + "as judged"), resolved.ambiguous());
        add("d5", "d5.md", "ask your manager first");
        resolved = resolve(judgment("a", Kind.QUOTE, "ask your manager", 1));
        assertEquals(Map.of(), resolved.qrels().grades("q1"));
        assertEquals(List.of("my.csv:2: the quoted text stands in at least 6 documents; quote more of it, or name the "
                + "document"), resolved.unresolved());
    }

    @Test
    void ofADocumentJudgedTwiceTheHighestGradeCounts() {
        add("leave", "leave.md", "You have 25 days of paid leave.");
        assertEquals(Map.of("leave", 2), resolve(judgment("a", Kind.ID, "leave", 1),
                judgment(" a ", Kind.ID, "leave#0", 2), judgment("a", Kind.FILE, "leave.md", 0)).qrels().grades("q1"));
    }

    @Test
    void otherGradesForTheSameThingContradictEachOther() {
        add("leave", "docs/leave.md", "You have 25 days of paid leave.");
        assertEquals(List.of("my.csv:3: grade 0 contradicts line 2, which gives leave grade 2 for the same query"),
                resolve(judgment("a", Kind.ID, "leave", 2), judgment(" a", Kind.FILE, "leave.md", 0))
                        .contradictions());
        assertEquals(List.of("my.csv:3: grade 2 contradicts line 2, which gives leave grade 0 for the same query"),
                resolve(judgment("a", Kind.ID, "docs/leave.md", 0), judgment("a", Kind.ID, "leave", 2))
                        .contradictions());
        assertEquals(List.of("my.csv:3: grade 1 contradicts line 2, which gives leave grade 0 for the same query"),
                resolve(judgment("a", Kind.QUOTE, "25 days", 0), judgment("a", Kind.QUOTE, "25 days ", 1))
                        .contradictions());
    }

    @Test
    void partsOfADocumentMayDifferAndSoMayQueries() {
        add("leave", "docs/leave.md", "You have 25 days of paid leave.");
        assertEquals(List.of(), resolve(judgment("a", Kind.ID, "leave", 2), judgment("a", Kind.ID, "leave", 2),
                judgment("a", Kind.ID, "leave#0", 0), judgment("a", Kind.QUOTE, "leave", 1),
                judgment("a", Kind.QUOTE, "25 days", 0), judgment("b", Kind.ID, "leave", 0),
                judgment("a", Kind.FILE, "none.md", 1), judgment("a", Kind.FILE, "none.md", 0)).contradictions());
    }

    private void assertFound(String document, Kind kind, String target) {
        Resolved resolved = resolve(judgment("a", kind, target, 1));
        assertEquals(List.of(), resolved.unresolved());
        assertEquals(Map.of(document, 1), resolved.qrels().grades("q1"));
    }

    private Resolved resolve(Judgment... judgments) {
        List<Judgment> numbered = IntStream.range(0, judgments.length).mapToObj(i -> new Judgment(judgments[i].query(),
                judgments[i].kind(), judgments[i].target(), judgments[i].grade(), FILE, i + 2)).toList();
        return JudgmentResolver.resolve(numbered, lookup);
    }

    private static Judgment judgment(String query, Kind kind, String target, int grade) {
        return new Judgment(query, kind, target, grade, FILE, 1);
    }

    private void add(String document, String file, String text) {
        passages.add(new Passage(document + "#0", document, "", text,
                new Location(file, List.of(), OptionalInt.empty(), 0, text.length()), Map.of()));
    }

    private void add(String document, int start, String text) {
        passages.add(new Passage(document + "#" + start, document, "Title", text,
                new Location("f.md", List.of(), OptionalInt.empty(), start, start + text.length()), Map.of()));
    }
}
