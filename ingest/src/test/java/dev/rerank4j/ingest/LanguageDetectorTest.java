package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Document;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LanguageDetectorTest {

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("en", "Every evening the ferry crosses the bay and brings the workers back to the island."),
            Map.entry("de", "Jeden Abend überquert die Fähre die Bucht und bringt die Arbeiter zurück auf die Insel."),
            Map.entry("es",
                    "Cada tarde el transbordador cruza la bahía y lleva a los trabajadores de vuelta a la isla, "
                            + "donde los esperan sus hijos."),
            Map.entry("fr", "Chaque soir, le bac traverse la baie et ramène les ouvriers sur l'île où ils habitent."),
            Map.entry("it", "Ogni sera il traghetto attraversa la baia e riporta gli operai sull'isola dove abitano."),
            Map.entry("no", "Hver kveld krysser fergen bukta og bringer arbeiderne tilbake til øya der de bor, og "
                    + "ingen vet hvorfor det ikke finnes en bro."),
            Map.entry("et", "Igal õhtul ületab praam lahe ja toob töölised tagasi saarele, kus nad elavad."),
            Map.entry("ru", "Каждый вечер паром пересекает залив и привозит рабочих обратно на остров."),
            Map.entry("he", "בכל ערב חוצה המעבורת את המפרץ ומחזירה את הפועלים אל האי שבו הם גרים."),
            Map.entry("zh", "每天晚上，渡船都会穿过海湾，把工人们送回岛上。"),
            Map.entry("ja", "毎晩、フェリーが湾を渡り、労働者たちを島へ連れて帰ります。"),
            Map.entry("ko", "매일 저녁 연락선이 만을 건너 노동자들을 섬으로 데려다줍니다."));

    private final LanguageDetector detector = new LanguageDetector();

    @Test
    void aSentenceTellsItsLanguage() {
        TEXTS.forEach((language, text) -> assertEquals(Optional.of(language), detector.detect(text), text));
    }

    @Test
    void whatDoesNotTellIsEmpty() {
        for (String text : List.of("", " \n", "4711 - 0815 / 2.50", "\uD83D\uDE00\uD83D\uDE00", "\uD83D", "OK", "a",
                "\u0000")) {
            assertEquals(Optional.empty(), detector.detect(text), text);
        }
    }

    @Test
    void onlyTheBeginningOfALongTextCounts() {
        String english = TEXTS.get("en") + " ";
        assertEquals(Optional.of("en"), detector.detect(english.repeat(6) + TEXTS.get("zh").repeat(10_000)));
    }

    @Test
    void amongKnownLanguagesAFewWordsTell() {
        assertEquals(Optional.empty(), detector.detect("Ferien oder Feiertage"));
        assertEquals(Optional.of("de"), detector.detect("Ferien oder Feiertage", Set.of("de", "en")));
        assertEquals(Optional.of("en"), detector.detect("where is the bank", Set.of("de", "en")));
        assertEquals(Optional.empty(), detector.detect("Berlin", Set.of("de", "en")));
    }

    @Test
    void ofFewerThanTwoKnownLanguagesNothingIsTold() {
        assertEquals(Optional.empty(), detector.detect(TEXTS.get("de"), Set.of()));
        assertEquals(Optional.empty(), detector.detect(TEXTS.get("de"), Set.of("de")));
        assertEquals(Optional.empty(), detector.detect(TEXTS.get("de"), Set.of("de", "tlh")));
    }

    @Test
    void severalThreadsAgree() throws Exception {
        List<Future<Optional<String>>> answers = new ArrayList<>();
        List<Optional<String>> expected = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 20; i++) {
                TEXTS.forEach((language, text) -> {
                    expected.add(Optional.of(language));
                    answers.add(threads.submit(() -> detector.detect(text)));
                });
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(expected.get(i), answers.get(i).get());
        }
    }

    @Test
    void aChunkerNamesTheLanguageOfEachPassage() {
        String text = TEXTS.get("en") + "\n\n" + TEXTS.get("de");
        List<Passage> plain = chunker().chunk(document(text, Map.of("k", Value.of("v"))));
        List<Passage> named = Chunker.namingLanguages(chunker(), detector)
                .chunk(document(text, Map.of("k", Value.of("v"))));
        assertEquals(plain.stream().map(Passage::text).toList(), named.stream().map(Passage::text).toList());
        assertEquals(plain.stream().map(Passage::location).toList(), named.stream().map(Passage::location).toList());
        assertEquals(Map.of("k", Value.of("v"), "language", Value.of("en")), named.getFirst().metadata());
        assertEquals(Map.of("k", Value.of("v"), "language", Value.of("de")), named.get(1).metadata());
    }

    @Test
    void aPassageThatDoesNotTellHasNoLanguage() {
        assertEquals(Map.of(), Chunker.namingLanguages(chunker(), detector)
                .chunk(document("4711 0815", Map.of())).getFirst().metadata());
    }

    @Test
    void aTitleHelpsAShortText() {
        SectionedDocument document = SectionedDocument.plain(new Document("d", TEXTS.get("de"), "OK", Map.of()), "");
        Passage passage = Chunker.namingLanguages(Chunker.tokens(TestTokens.PIECES, 1000, 0), detector)
                .chunk(document).getFirst();
        assertEquals(Map.of("language", Value.of("de")), passage.metadata());
    }

    @Test
    void aFieldOfTheDocumentStays() {
        Map<String, Value> metadata = Map.of("language", Value.of("Plattdüütsch"));
        List<Passage> passages = Chunker.namingLanguages(chunker(), detector)
                .chunk(document(TEXTS.get("de"), metadata));
        assertTrue(passages.stream().allMatch(passage -> passage.metadata().equals(metadata)));
    }

    private static Chunker chunker() {
        return Chunker.sentences(TestTokens.PIECES, 40);
    }

    private static SectionedDocument document(String text, Map<String, Value> metadata) {
        return SectionedDocument.plain(new Document("d", "", text, metadata), "d.txt");
    }
}
