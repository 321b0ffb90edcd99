package dev.rerank4j.examples.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Ranking;
import dev.rerank4j.onnx.OnnxEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The judged queries, and what the README says of them. */
@Timeout(300)
class QueriesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code queries.jsonl} is what the program makes of {@code pasted.jsonl}; the environment variable {@code WRITE_QUERIES} writes it. */
    @Test
    void whatIsEvaluatedIsWhatTheProgramSearchesFor() throws IOException {
        List<String> shortened = new ArrayList<>();
        try (OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            for (JsonNode pasted : lines("pasted.jsonl")) {
                ObjectNode query = JSON.createObjectNode().put("_id", pasted.get("_id").asText());
                query.put("text", ErrorReport.of(pasted.get("text").asText(),
                        text -> encoder.tokenStarts(text).length, Support.TOKENS).text());
                shortened.add(JSON.writeValueAsString(query));
            }
        }
        if (System.getenv("WRITE_QUERIES") != null) {
            Files.write(Path.of("queries.jsonl"), shortened);
        }
        assertEquals(shortened, Files.readAllLines(Path.of("queries.jsonl")));
    }

    @Test
    void idsAreThereAndEveryQueryHasAnAnswer() throws IOException {
        Set<String> tickets = ids("corpus.jsonl");
        Set<String> queries = ids("pasted.jsonl");
        Set<String> nothing = ids("queries-nothing.jsonl");
        Map<String, Set<String>> answers = answers();
        assertEquals(queries, answers.keySet());
        assertTrue(answers.values().stream().allMatch(tickets::containsAll));
        assertTrue(nothing.stream().noneMatch(queries::contains));
    }

    /** What the README says of the threshold; int8 differs between processors, hence the room. */
    @Test
    void someAreRefusedThatHaveAnAnswerAndFewThatHaveNone() throws IOException {
        Map<String, Set<String>> answers = answers();
        List<JsonNode> answerable = lines("pasted.jsonl");
        List<JsonNode> nothing = lines("queries-nothing.jsonl");
        Support.open(Path.of("."), System.err, support -> {
            int answered = 0;
            int right = 0;
            for (JsonNode query : answerable) {
                Ranking found = support.relevant(query.get("text").asText(), Ask.AT_LEAST);
                answered += found.isEmpty() ? 0 : 1;
                right += found.hits().stream().limit(1).anyMatch(
                        hit -> answers.get(query.get("_id").asText()).contains(hit.passage().documentId())) ? 1 : 0;
            }
            long refused = nothing.stream()
                    .filter(query -> support.relevant(query.get("text").asText(), Ask.AT_LEAST).isEmpty()).count();
            System.out.println(answered + " of 27 answered, " + right + " of them with the right ticket first; "
                    + refused + " of 25 refused");
            assertEquals(19.0, answered, 2);
            assertTrue(right >= answered - 4, right + " of " + answered);
            assertEquals(21.0, refused, 2);
        });
    }

    private static Map<String, Set<String>> answers() throws IOException {
        Map<String, Set<String>> answers = new HashMap<>();
        Files.readAllLines(Path.of("qrels/test.tsv")).stream().skip(1).map(line -> line.split("\t"))
                .forEach(parts -> answers.computeIfAbsent(parts[0], query -> new HashSet<>()).add(parts[1]));
        return answers;
    }

    private static Set<String> ids(String file) throws IOException {
        Set<String> ids = new HashSet<>();
        for (JsonNode line : lines(file)) {
            assertTrue(ids.add(line.get("_id").asText()), line.get("_id").asText());
        }
        return ids;
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(file))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
