package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.eval.Judgment.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClicksTest {

    private static final int SEEDS = 300;

    @TempDir
    private Path folder;

    /** One search of a log. */
    private record Search(String query, List<String> shown, Set<String> clicked) {

        /** Random, of few queries and documents, so that they meet again and again. */
        static Search of(Random random) {
            List<String> documents = new ArrayList<>(IntStream.range(0, 6).mapToObj(i -> "d" + i).toList());
            Collections.shuffle(documents, random);
            List<String> shown = documents.subList(0, 1 + random.nextInt(documents.size()));
            Set<String> clicked = new HashSet<>(shown);
            clicked.removeIf(document -> random.nextInt(4) > 0);
            return new Search("q" + random.nextInt(4), List.copyOf(shown), clicked);
        }

        /** From 0; -1 without a click. */
        int lastClick() {
            return IntStream.range(0, shown.size()).filter(at -> clicked.contains(shown.get(at))).max().orElse(-1);
        }

        String row() {
            return query + "," + String.join(" | ", shown) + "," + String.join("|", clicked) + "\n";
        }
    }

    private static List<Search> log(Random random) {
        return IntStream.range(0, 1 + random.nextInt(25)).mapToObj(i -> Search.of(random)).toList();
    }

    private Clicks read(List<Search> log) {
        StringBuilder rows = new StringBuilder("query,shown,clicked\n");
        log.forEach(search -> rows.append(search.row()));
        return read(rows.toString());
    }

    private Clicks read(String text) {
        return Clicks.read(Texts.file(folder, "clicks.csv", text));
    }

    private static Map<String, Map<String, Integer>> grades(Clicks clicks) {
        Map<String, Map<String, Integer>> grades = new HashMap<>();
        for (Judgment judgment : clicks.judgments()) {
            assertEquals(Kind.ID, judgment.kind());
            Integer before = grades.computeIfAbsent(judgment.query(), query -> new HashMap<>())
                    .put(judgment.target(), judgment.grade());
            assertEquals(null, before, "a query and document are judged once");
        }
        return grades;
    }

    @Test
    void whoClicksOnTheThirdHasPassedOverTheFirstTwo() {
        assertEquals(Map.of("days off", Map.of("pay.md", 0, "travel.md", 0, "leave.md", 1)), grades(read("""
                query,shown,clicked
                days off,pay.md | travel.md | leave.md | sickness.md,leave.md
                """)));
    }

    @Test
    void aDocumentIsRelevantIfItWasClickedInHalfOfTheSearchesInWhichItCounts() {
        String passedOver = "days off,leave.md|pay.md,pay.md\n";
        String clicked = "days off,leave.md|pay.md,leave.md\n";
        String header = "query,shown,clicked\n";
        assertEquals(1, grades(read(header + passedOver + clicked)).get("days off").get("leave.md"));
        assertEquals(0, grades(read(header + passedOver + passedOver + clicked)).get("days off").get("leave.md"));
        assertEquals(1, grades(read(header + passedOver + passedOver + clicked)).get("days off").get("pay.md"),
                "below the last click it does not count");
    }

    @Test
    void queriesWithoutAClickAreCountedAndLeftOut() {
        Clicks clicks = read("""
                query;shown;clicked
                days off;leave.md|pay.md;
                payday;pay.md;pay.md
                 days off ;leave.md;
                """);
        assertEquals(Set.of("payday"), grades(clicks).keySet());
        assertEquals(List.of(3, 2, 1), List.of(clicks.searches(), clicks.queries(), clicks.unclicked()));
    }

    @Test
    void aJudgmentHasTheLineOfTheFirstSearchThatSaysSomethingOfIt() {
        Clicks clicks = read("query,shown,clicked\na,x|y,x\na,x|y,y\n");
        assertEquals(List.of(new Judgment("a", Kind.ID, "x", 1, folder.resolve("clicks.csv"), 2),
                new Judgment("a", Kind.ID, "y", 1, folder.resolve("clicks.csv"), 3)), clicks.judgments());
    }

    @Test
    void onlyWhatStandsAtOrAboveALastClickIsJudged() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Search> log = log(new Random(seed));
            Map<String, Set<String>> seen = new HashMap<>();
            log.forEach(search -> {
                Set<String> documents = new HashSet<>(search.shown().subList(0, search.lastClick() + 1));
                if (!documents.isEmpty()) {
                    seen.computeIfAbsent(search.query(), query -> new HashSet<>()).addAll(documents);
                }
            });
            Map<String, Set<String>> judged = new HashMap<>();
            grades(read(log)).forEach((query, documents) -> judged.put(query, documents.keySet()));
            assertEquals(seen, judged, "seed " + seed);
        }
    }

    @Test
    void gradesAreThoseOfCountingByHand() {
        for (int seed = 0; seed < SEEDS; seed++) {
            String where = "seed " + seed + ", ";
            List<Search> log = log(new Random(seed));
            grades(read(log)).forEach((query, documents) -> documents.forEach((document, grade) -> {
                List<Search> counting = log.stream().filter(search -> search.query().equals(query))
                        .filter(search -> search.shown().contains(document))
                        .filter(search -> search.shown().indexOf(document) <= search.lastClick()).toList();
                long clicks = counting.stream().filter(search -> search.clicked().contains(document)).count();
                assertEquals(clicks * 2 >= counting.size() ? 1 : 0, grade, where + document);
            }));
        }
    }

    @Test
    void theOrderOfTheSearchesDoesNotMatter() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Search> log = log(random);
            List<Search> other = new ArrayList<>(log);
            Collections.shuffle(other, random);
            assertEquals(grades(read(log)), grades(read(other)), "seed " + seed);
        }
    }

    @Test
    void oneMoreClickNeverMakesItsDocumentIrrelevant() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Search> log = new ArrayList<>(log(random));
            int at = random.nextInt(log.size());
            Search search = log.get(at);
            String document = search.shown().get(random.nextInt(search.shown().size()));
            Map<String, Map<String, Integer>> before = grades(read(log));
            Set<String> clicked = new HashSet<>(search.clicked());
            clicked.add(document);
            log.set(at, new Search(search.query(), search.shown(), clicked));
            int after = grades(read(log)).get(search.query()).get(document);
            assertTrue(after >= before.getOrDefault(search.query(), Map.of()).getOrDefault(document, 0),
                    "seed " + seed);
        }
    }

    @Test
    void theCountsAddUp() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Search> log = log(new Random(seed));
            Clicks clicks = read(log);
            Map<String, Boolean> clicked = new LinkedHashMap<>();
            log.forEach(search -> clicked.merge(search.query(), !search.clicked().isEmpty(), Boolean::logicalOr));
            assertEquals(log.size(), clicks.searches(), "seed " + seed);
            assertEquals(clicked.size(), clicks.queries(), "seed " + seed);
            assertEquals(clicked.values().stream().filter(any -> !any).count(), clicks.unclicked(), "seed " + seed);
            assertEquals(clicks.queries() - clicks.unclicked(), grades(clicks).size(), "seed " + seed);
        }
    }

    @Test
    void badLinesAreNamed() {
        assertRefused(1, "the first line must name the columns query, shown and clicked", "");
        assertRefused(1, "the first line must name the columns query, shown and clicked", "query,document,grade\n");
        assertRefused(1, "the first line must name the columns query, shown and clicked", "query,shown\na,b\n");
        assertRefused(3, "a search must have a query", "query,shown,clicked\na,b,b\n,b,b\n");
        assertRefused(2, "a search must have shown something", "query,shown,clicked\na,,b\n");
        assertRefused(3, "clicked must be among shown, c is not", "query,shown,clicked\na,b,b\na,a|b,c\n");
        assertRefused(2, "the quotation marks from here on do not pair up", "query,shown,clicked\n\"a,b,c\n");
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "there is no file",
                () -> Clicks.read(folder.resolve("none.csv")));
    }

    private void assertRefused(int line, String reason, String text) {
        Path file = Texts.file(folder, "clicks.csv", text);
        Texts.assertRefused(file, line, reason, () -> Clicks.read(file));
    }
}
