package dev.rerank4j.examples.langchain4jrag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is run, with the built-in models and the handbook. */
@Timeout(300)
class RagTest {

    private static final String ANSWER = "you may buy it for 15 percent of its original price";

    @Test
    void withoutChatModelTheAnswerIsMadeOfSentences() {
        Run run = run(Map.of());
        assertEquals(0, run.exit(), run.err());
        assertEquals("", run.err());
        assertEquals(Settings.QUESTION, run.out().lines().findFirst().orElseThrow());
        assertFalse(run.without().contains(ANSWER), "the first stage alone does not find it: " + run.out());
        assertTrue(run.with().contains(ANSWER), run.out());
        assertTrue(run.with().contains("Buying a retired device (equipment.md)"), run.out());
        assertTrue(run.with().lines().anyMatch(line -> line.matches("  \\[1] .* 0\\.\\d\\d")), "with probabilities");
        assertFalse(run.without().lines().anyMatch(line -> line.matches("  \\[1] .* 0\\.\\d\\d")),
                "of the model alone");
    }

    @Test
    void aQuestionOfOnesOwn() {
        Run run = run(Map.of(), "how long", "may I work", "from another country");
        assertTrue(run.out().startsWith("how long may I work from another country\n"), run.out());
        assertTrue(run.with().contains("up to 20 working days per calendar year"), run.out());
    }

    @Test
    void aChatModelWithOpenAisFormatIsGivenNumberedPassages() {
        try (ChatServer server = ChatServer.openAi("For 15 percent [1]. See also [9].")) {
            Run run = run(Map.of("OPENAI_BASE_URL", server.url() + "/v1", "OPENAI_API_KEY", "key-1", "CHAT_MODEL",
                    "small"));
            assertEquals(0, run.exit(), run.err());
            assertEquals("", run.err());
            assertTrue(run.with().contains("  For 15 percent [1]. See also [9].\n"), run.out());
            assertTrue(run.with().contains(ANSWER), "the text of the passage that is cited");
            assertTrue(run.with().contains("[9] is not among the passages: do not trust this answer"), run.out());
            assertEquals(2, server.asked().size());
            String last = server.asked().getLast();
            assertTrue(last.startsWith("Bearer key-1 "), last);
            for (String part : List.of("\"small\"", "[1] Laptops", "[2] Leaving the company", ANSWER,
                    "Question: " + Settings.QUESTION)) {
                assertTrue(last.contains(part), part + " is not in " + last);
            }
            assertFalse(server.asked().getFirst().contains(ANSWER), "without reranking it is not given the passage");
        }
    }

    @Test
    void aChatModelOfOllama() {
        try (ChatServer server = ChatServer.ollama("For 15 percent [1].")) {
            Run run = run(Map.of("OLLAMA_BASE_URL", server.url()));
            assertEquals(0, run.exit(), run.err());
            assertTrue(run.with().contains("  For 15 percent [1].\n"), run.out());
            assertTrue(server.asked().getLast().contains("llama3.2"), server.asked().getLast());
        }
    }

    @Test
    void aChatModelThatFailsIsASentenceAndSentencesAnswer() {
        try (ChatServer server = ChatServer.failing()) {
            String gone = "http://localhost:1"; // nobody listens there
            for (Map<String, String> environment : List.of(
                    Map.of("OPENAI_BASE_URL", server.url() + "/v1", "CHAT_MODEL", "small"),
                    Map.of("OLLAMA_BASE_URL", gone, "CHAT_MODEL", "small"))) {
                Run run = run(environment);
                assertEquals(0, run.exit());
                assertTrue(run.with().contains(ANSWER), run.out());
                List<String> complaints = run.err().lines().toList();
                assertEquals(2, complaints.size(), run.err());
                for (String complaint : complaints) {
                    assertTrue(complaint.matches("langchain4j-rag: small at http://localhost:\\d+(/v1)? does not answer"
                            + " \\((HttpException|ConnectException|ClosedChannelException)\\); this answer is made of the passages' sentences"),
                            complaint);
                }
            }
        }
    }

    @Test
    void misuseIsASentence() {
        assertMisuse("there is no option --model; see --help", Map.of(), "--model", "x");
        assertMisuse("OPENAI_BASE_URL needs CHAT_MODEL, the name of a model there",
                Map.of("OPENAI_BASE_URL", "http://localhost:1/v1"));
        for (String address : List.of("localhost:11434", "ftp://localhost", "http://", "not an address")) {
            assertMisuse("OLLAMA_BASE_URL must be an http address, got " + address,
                    Map.of("OLLAMA_BASE_URL", address));
        }
    }

    @Test
    void withoutHandbookItSaysWhereItLooked(@TempDir Path folder) {
        Run run = run(folder.resolve("example"), Map.of());
        assertEquals(1, run.exit());
        assertEquals("langchain4j-rag: there is no folder " + folder.resolve("handbook/docs") + "\n", run.err());
    }

    @Test
    void aChangedHandbookIsReadAgainAndWhatCannotBeReadIsAWarning(@TempDir Path folder) throws IOException {
        Path docs = Files.createDirectories(folder.resolve("handbook/docs"));
        Path example = Files.createDirectories(folder.resolve("example"));
        Files.writeString(docs.resolve("laptop.md"), "# Laptop\n\nYou may keep your old laptop.\n");
        Files.writeString(docs.resolve("broken.pdf"), "no PDF");
        Run first = run(example, Map.of());
        assertEquals(0, first.exit(), first.err());
        assertTrue(first.err().startsWith("broken.pdf: "), first.err());
        assertTrue(first.with().contains("You may keep your old laptop. [1]"), first.out());
        Files.writeString(docs.resolve("desk.md"),
                "# Desk\n\nAn old laptop can be kept for a new one, says the desk.\n");
        Files.delete(docs.resolve("broken.pdf"));
        Run second = run(example, Map.of());
        assertEquals("", second.err());
        assertTrue(second.out().contains("Desk (desk.md)"), second.out());
    }

    @Test
    void helpSaysWhatTheEnvironmentCanSay() {
        Run run = run(Map.of(), "--help");
        assertEquals(0, run.exit());
        assertTrue(run.out().contains("OPENAI_BASE_URL"), run.out());
    }

    private static void assertMisuse(String complaint, Map<String, String> environment, String... arguments) {
        Run run = run(environment, arguments);
        assertEquals(2, run.exit());
        assertEquals("langchain4j-rag: " + complaint + "\n", run.err());
        assertEquals("", run.out());
    }

    private static Run run(Map<String, String> environment, String... arguments) {
        return run(Path.of("").toAbsolutePath(), environment, arguments);
    }

    private static Run run(Path folder, Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Rag.run(folder, List.of(arguments), environment,
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Run(int exit, String out, String err) {

        String without() {
            return out.substring(0, out.indexOf("With reranking:"));
        }

        String with() {
            return out.substring(out.indexOf("With reranking:"));
        }
    }
}
