package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.LanguageDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageSampleTest {

    private static final String ENGLISH = "Every evening the ferry brings the workers back to the island.\n\n";
    private static final String GERMAN = "Jeden Abend bringt die Fähre die Arbeiter zurück auf die Insel.\n\n";

    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Optional<String> language() {
        try (DocumentReader reader = new DocumentReader()) {
            return LanguageSample.of(List.of(folder), reader, new LanguageDetector());
        }
    }

    @Test
    void ofNothingThereIsNoLanguage() throws IOException {
        assertEquals(Optional.empty(), language());
        write("a.txt", "");
        write("b.txt", "4711 0815");
        assertEquals(Optional.empty(), language());
    }

    @Test
    void mostTextsDecide() throws IOException {
        write("README.md", ENGLISH);
        for (int i = 0; i < 20; i++) {
            write("text" + i + ".txt", GERMAN);
        }
        assertEquals(Optional.of("de"), language());
    }

    @Test
    void halfOfThemAreNotMost() throws IOException {
        write("a.txt", ENGLISH);
        write("b.txt", GERMAN);
        assertEquals(Optional.empty(), language());
    }

    @Test
    void aLongFileIsNotJudgedByItsBeginning() throws IOException {
        write("a.txt", ENGLISH.repeat(8) + GERMAN.repeat(100));
        assertEquals(Optional.of("de"), language());
    }

    @Test
    void aCollectionInOneFileIsReadUntilItIsEnough() throws IOException {
        String line = "{\"text\": \"" + GERMAN.strip() + "\"}\n";
        write("a.jsonl", line.repeat(100) + "this is no JSON\n".repeat(100));
        assertEquals(Optional.of("de"), language());
    }

    @Test
    void manyTooShortTextsTellTogether() throws IOException {
        write("a.jsonl", "{\"text\": \"Urlaub\"}\n{\"text\": \"Rechnungen\"}\n{\"text\": \"Arbeitszeit\"}\n"
                + "{\"text\": \"Krankheit\"}\n{\"text\": \"Verträge\"}\n{\"text\": \"Schlüssel\"}\n");
        assertEquals(Optional.of("de"), language());
    }

    @Test
    void aFileThatCannotBeReadIsLeftOut() throws IOException {
        write("a.pdf", "no PDF");
        write("b.txt", GERMAN);
        assertEquals(Optional.of("de"), language());
    }
}
