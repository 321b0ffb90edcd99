package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.function.Executable;

/** Files for tests, and what must be said of bad ones. */
final class Texts {

    private Texts() {
    }

    static Path file(Path folder, String name, String text) {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The reader must refuse the file as the user's mistake, and name its line. */
    static void assertRefused(Path file, int line, String reason, Executable reader) {
        RerankException refused = assertThrows(RerankException.class, reader);
        assertEquals(RerankException.Kind.INVALID_REQUEST, refused.kind());
        assertTrue(refused.getMessage().startsWith(file + ":" + line + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    static void assertRefused(RerankException.Kind kind, String reason, Executable reader) {
        RerankException refused = assertThrows(RerankException.class, reader);
        assertEquals(kind, refused.kind());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }
}
