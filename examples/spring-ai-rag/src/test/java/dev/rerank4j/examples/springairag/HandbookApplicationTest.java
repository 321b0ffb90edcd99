package dev.rerank4j.examples.springairag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** The whole application, with the models that come with it. */
@ExtendWith(OutputCaptureExtension.class)
class HandbookApplicationTest {

    @Test
    void offlineTheAnswerIsMadeOfSentencesAndRerankingFindsABetterPassage(CapturedOutput output) {
        assertThat(run()).isZero();
        String[] halves = output.getOut().split("\nWith reranking:\n");
        assertThat(halves[0]).startsWith("a reporter called me with questions about us\n\nWithout reranking:\n  [1] ");
        assertThat(halves[0].lines().filter(line -> line.startsWith("  [1] ")).findFirst().orElseThrow())
                .doesNotContain("conduct.md");
        assertThat(halves[1])
                .startsWith("  [1] How we treat each other and others › Talking in public (conduct.md)  0.");
        assertThat(halves[1]).contains("Journalists who ask about the company are passed on to the press office. [1]");
        assertThat(output.getErr()).isEmpty();
    }

    @Test
    void aChatModelIsToldThePassagesAndItsCitationsAreShown(CapturedOutput output) {
        try (ChatServer server = ChatServer.answering("Pass them on to the press office [1], as [7] says.")) {
            assertThat(
                    run("who talks", "to journalists?", "--chat.open-ai=" + server.address() + "/v1/", "--chat.key=k",
                            "--chat.model=tiny"))
                    .isZero();
            assertThat(output.getOut()).startsWith("who talks to journalists?\n")
                    .contains("\n  Pass them on to the press office [1], as [7] says.\n\n  [1] ");
            assertThat(output.getErr()).isEqualTo("spring-ai-rag: the answer cites [7], and there is no such passage\n"
                    .repeat(2));
            assertThat(server.keys()).containsExactly("Bearer k", "Bearer k");
            JsonNode request = server.requests().get(1);
            assertThat(request.get("model").asString()).isEqualTo("tiny");
            JsonNode message = request.get("messages").get(0);
            assertThat(message.get("role").asString()).isEqualTo("user");
            assertThat(message.get("content").asString()).contains("\n[1] ", "\n[3] ", "press office",
                    "Question: who talks to journalists?");
        }
    }

    @Test
    void anOllamaIsAskedUnderItsOwnPath(CapturedOutput output) {
        try (ChatServer server = ChatServer.answering("Nobody knows.")) {
            assertThat(run("--chat.ollama=" + server.address())).isZero();
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().getFirst().get("model").asString()).isEqualTo("llama3.2");
            assertThat(output.getOut()).contains("\n  Nobody knows.\n");
        }
    }

    @Test
    void aChatModelThatFailsIsASentenceAndTheAnswerComesAllTheSame(CapturedOutput output) {
        List<String> reasons = new ArrayList<>();
        try (ChatServer failing = ChatServer.responding(500, "oops");
                ChatServer babbling = ChatServer.responding(200, "<html>");
                ChatServer silent = ChatServer.responding(200, "{\"choices\":[]}")) {
            for (ChatServer server : List.of(failing, babbling, silent)) {
                assertThat(run("--chat.open-ai=" + server.address() + "/v1")).isZero();
                reasons.add(
                        "spring-ai-rag: llama3.2 at " + server.address() + "/v1/chat/completions does not answer (");
            }
        }
        assertThat(output.getErr().lines().toList()).hasSize(6).allMatch(
                line -> line.endsWith("); this answer is made of the passages' sentences"));
        assertThat(reasons).allMatch(reason -> output.getErr().contains(reason));
        assertThat(output.getErr()).contains("(status 500)", "(an answer that is not JSON)",
                "(an answer without text)");
        assertThat(output.getOut().split("are passed on to the press office. \\[", -1)).hasSizeGreaterThanOrEqualTo(4);
        assertThat(output.getAll()).doesNotContain("\tat ", "Exception");
    }

    @Test
    void aServerThatIsNotThereIsASentence(CapturedOutput output) {
        String address;
        try (ChatServer gone = ChatServer.answering("gone")) {
            address = gone.address();
        }
        assertThat(run("--chat.ollama=" + address)).isZero();
        assertThat(output.getErr()).contains("does not answer (ConnectException); this answer is made of");
        assertThat(output.getAll()).doesNotContain("\tat ");
    }

    @Test
    void aWrongSettingIsASentence(CapturedOutput output) {
        assertThat(run("--chat.ollama=localhost")).isEqualTo(1);
        assertThat(output.getAll())
                .contains("chat.ollama", "It must be an http address, such as http://localhost:11434.")
                .doesNotContain("\tat ");
    }

    @Test
    void helpIsGiven(CapturedOutput output) {
        assertThat(HandbookApplication.run("--help")).isZero();
        assertThat(output.getOut()).contains("examples/run spring-ai-rag [QUESTION]");
    }

    private static int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        for (String unlessSaid : List.of("--example=.", "--chat.open-ai=", "--chat.ollama=")) {
            if (all.stream().noneMatch(argument -> argument.startsWith(unlessSaid.replaceAll("=.*", "=")))) {
                all.add(unlessSaid); // whatever the environment says
            }
        }
        return HandbookApplication.run(all.toArray(String[]::new));
    }
}
