package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds of every {@link Context}, of passages cut at random out of random documents. */
class ContextPropertyTest {

    private static final List<TokenCounter> COUNTERS = List.of(
            TokenCounter.approximate(),
            String::length,
            text -> text.isBlank() ? 0 : text.strip().split("\\s+").length,
            text -> text.length() * 3 / 2 - text.length() / 7, // longer texts count less than their parts
            text -> text.length() + (int) text.chars().filter(c -> c == '\n').count() * 5);

    @Test
    void theBudgetHolds() {
        Seeded.check(400, random -> {
            ContextOptions options = options(random);
            Context context = Context.of(ranking(random), options);
            assertEquals(options.counter().count(context.text()), context.tokens());
            assertTrue(context.tokens() <= options.tokens(), () -> context.tokens() + " of " + options.tokens());
        });
    }

    @Test
    void theBlockIsItsCitations() {
        Seeded.check(400, random -> {
            Context context = Context.of(ranking(random), options(random));
            assertEquals(context.citations().stream()
                    .map(citation -> citation.header() + (citation.text().isEmpty() ? "" : "\n" + citation.text()))
                    .collect(Collectors.joining("\n\n")), context.text());
            assertEquals(IntStream.rangeClosed(1, context.citations().size()).boxed().toList(),
                    context.citations().stream().map(Citation::number).toList());
            String answer = context.citations().reversed().stream().map(Citation::mark).collect(Collectors.joining());
            assertEquals(context.citations().reversed(), context.cited(answer));
        });
    }

    @Test
    void eachHitIsCitedOrOmittedOnce() {
        Seeded.check(400, random -> {
            Ranking ranking = ranking(random);
            Context context = Context.of(ranking, options(random));
            List<Hit> all = new ArrayList<>();
            context.citations().forEach(citation -> all.addAll(citation.hits()));
            context.omitted().forEach(omitted -> all.add(omitted.hit()));
            all.sort(Comparator.comparingInt(hit -> hit.evidence().getLast().rank()));
            assertEquals(ranking.hits(), all);
            context.citations().forEach(citation -> assertEquals(Set.of(citation.documentId()),
                    citation.hits().stream().map(hit -> hit.passage().documentId()).collect(Collectors.toSet())));
        });
    }

    @Test
    void aCitationsTextIsTheDocumentsAtItsLocation() {
        Seeded.check(400, random -> {
            Map<String, String> documents = documents(random);
            for (Citation citation : Context.of(ranking(random, documents), options(random)).citations()) {
                String document = documents.get(citation.documentId());
                Location at = citation.location();
                assertEquals(plain(document.substring(at.start(), at.end())), plain(citation.text()));
                assertFalse(citation.cut() && citation.text().isEmpty());
            }
        });
    }

    @Test
    void noCharacterOfADocumentIsWrittenTwice() {
        Seeded.check(400, random -> {
            Set<String> seen = new HashSet<>();
            Context.of(ranking(random), options(random)).citations().forEach(citation -> IntStream
                    .range(citation.location().start(), citation.location().end())
                    .forEach(i -> assertTrue(seen.add(citation.documentId() + " " + i))));
        });
    }

    @Test
    void theOrderChangesNothingButTheOrder() {
        // Of a counter that adds up: otherwise another order may leave room for another hit.
        TokenCounter adding = text -> (int) text.chars().filter(Character::isLetterOrDigit).count();
        Seeded.check(200, random -> {
            Ranking ranking = ranking(random);
            int tokens = 1 + random.nextInt(400);
            List<Set<List<Hit>>> sets = Arrays.stream(ContextOptions.Order.values()).map(order -> Context
                    .of(ranking, ContextOptions.DEFAULT.within(tokens, adding).in(order)).citations().stream()
                    .map(Citation::hits).collect(Collectors.toSet())).toList();
            // Ten citations have longer numbers, which another order gives to others; the sum is the same.
            assertEquals(Set.of(sets.getFirst()), Set.copyOf(sets));
        });
    }

    @Test
    void theSameHitsMakeTheSameBlock() {
        Seeded.check(100, random -> {
            ContextOptions options = options(random);
            Ranking ranking = ranking(random);
            assertEquals(Context.of(ranking, options), Context.of(ranking, options));
        });
    }

    @Test
    void moreRoomNeverLosesTheBestHit() {
        Seeded.check(40, random -> {
            Ranking ranking = ranking(random);
            ContextOptions options = options(random);
            boolean had = false;
            for (int tokens = 1; tokens < 200; tokens += 7) {
                Context context = Context.of(ranking, options.within(tokens, options.counter()));
                boolean has = !ranking.isEmpty() && context.citations().stream()
                        .anyMatch(citation -> citation.hits().contains(ranking.hits().getFirst()));
                assertTrue(has || !had);
                had = has;
            }
        });
    }

    /** Without what may differ: between neighbours a blank may have become a line break, after that a bracket round. */
    private static String plain(String text) {
        return text.replaceAll("\\s", " ").replace('[', '(').replace(']', ')');
    }

    private static ContextOptions options(Random random) {
        ContextOptions.Order[] orders = ContextOptions.Order.values();
        return new ContextOptions(1 + random.nextInt(random.nextBoolean() ? 60 : 1_500),
                COUNTERS.get(random.nextInt(COUNTERS.size())), orders[random.nextInt(orders.length)],
                random.nextBoolean() ? 1 : 0.3 + 0.7 * random.nextDouble());
    }

    private static Ranking ranking(Random random) {
        return ranking(random, documents(random));
    }

    private static Ranking ranking(Random random, Map<String, String> documents) {
        Ranking.Builder ranking = Ranking.builder("test");
        List<String> ids = documents.keySet().stream().sorted().toList();
        for (int i = random.nextInt(25); i > 0; i--) {
            String id = ids.get(random.nextInt(ids.size()));
            String document = documents.get(id);
            int from = wordStart(document, random.nextInt(document.length()));
            int to = wordEnd(document, Math.min(document.length(), from + 1 + random.nextInt(80)));
            Location at = new Location(id + ".md", random.nextInt(5) == 0 ? List.of("Part") : List.of(),
                    random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + from / 50), from, to);
            ranking.add(new Passage(id + "#" + i, id, "Title of " + id, document.substring(from, to), at, Map.of()),
                    random.nextInt(10));
        }
        return ranking.build();
    }

    private static int wordStart(String text, int at) {
        return at == 0 || !blank(text, at) && blank(text, at - 1) ? at : wordStart(text, at - 1);
    }

    private static int wordEnd(String text, int at) {
        return at == text.length() || !blank(text, at - 1) && blank(text, at) ? at : wordEnd(text, at + 1);
    }

    private static boolean blank(String text, int at) {
        return Character.isWhitespace(text.charAt(at));
    }

    private static Map<String, String> documents(Random random) {
        return IntStream.range(0, 1 + random.nextInt(4)).boxed()
                .collect(Collectors.toMap(i -> "d" + i, i -> document(random)));
    }

    /** Sentences, paragraphs, some of them repeated, some like citations. */
    private static String document(Random random) {
        String[] pieces = {"leave", "days", "until", "March", "5", "[2] rule", "\n[3]", "a", ".", "Zürich", "日本", "😀"};
        StringBuilder text = new StringBuilder("The");
        for (int i = random.nextInt(120); i > 0; i--) {
            text.append(switch (random.nextInt(8)) {
                case 0 -> "\n\n";
                case 1 -> "\n";
                default -> " ";
            }).append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
