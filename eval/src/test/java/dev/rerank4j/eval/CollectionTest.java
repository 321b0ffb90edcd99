package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectionTest {

    @TempDir
    private Path folder;

    @Test
    void opensTheProjectsOwnExamples() {
        for (String name : List.of("products", "tickets", "handbook")) {
            Path example = Path.of("../examples", name);
            Collection collection = Collection.open(example);
            assertEquals(name, collection.name());
            assertEquals(example.resolve(name.equals("handbook") ? "docs" : "corpus.jsonl"), collection.documents());
            assertEquals(collection.qrels().queries(), collection.judgedQueries().keySet());
            assertEquals(List.of(), collection.notes());
        }
    }

    @Test
    void judgmentsAreTheTestsThenTheOnlyFileThenTheDevelopers() {
        write("corpus.jsonl", "");
        write("queries.jsonl", "{\"_id\": \"q1\", \"text\": \"boots\"}\n");
        write("qrels/train.tsv", "train\td\t1\n");
        write("qrels/.hidden", "nothing");
        assertEquals(Set.of("train"), Collection.open(folder).qrels().queries());
        write("qrels/other.tsv", "other\td\t1\n");
        Texts.assertRefused(Kind.INVALID_REQUEST, "has 2 files and none is test.tsv or dev.tsv",
                () -> Collection.open(folder));
        write("qrels/dev.tsv", "dev\td\t1\n");
        assertEquals(Set.of("dev"), Collection.open(folder).qrels().queries());
        write("qrels/test.tsv", "test\td\t1\n");
        assertEquals(Set.of("test"), Collection.open(folder).qrels().queries());
    }

    @Test
    void whatIsMissingIsSaidWithWhatIsExpected() throws IOException {
        Texts.assertRefused(Kind.UNAVAILABLE, "there is no folder", () -> Collection.open(folder.resolve("none")));
        String expected = "; expected are corpus.jsonl or a folder docs, queries.jsonl, and qrels/test.tsv";
        Texts.assertRefused(Kind.INVALID_REQUEST, folder + " has no documents" + expected,
                () -> Collection.open(folder));
        Files.createDirectory(folder.resolve("docs"));
        Texts.assertRefused(Kind.INVALID_REQUEST, folder + " has no queries" + expected, () -> Collection.open(folder));
        write("queries.jsonl", "");
        Texts.assertRefused(Kind.INVALID_REQUEST, folder + " has no judgments" + expected,
                () -> Collection.open(folder));
        Files.createDirectory(folder.resolve("qrels"));
        Texts.assertRefused(Kind.INVALID_REQUEST, folder + " has no judgments" + expected,
                () -> Collection.open(folder));
    }

    @Test
    void queriesAndJudgmentsThatDoNotBelongTogetherAreNoted() {
        Path queries = write("topics.tsv", "q1\tboots\nq2\ttents\nq9\t\n");
        Path qrels = write("qrels.txt", "q2 0 d 1\nq3 0 d 1\nq1 0 d 1\nq9 0 d 1\nq2 0 d 1\n");
        Path documents = write("docs.jsonl", "");
        Collection collection = Collection.open(documents, queries, qrels);
        assertEquals(List.of("q2", "q1"), List.copyOf(collection.judgedQueries().keySet()));
        assertEquals(Map.of("q2", "tents", "q1", "boots"), collection.judgedQueries());
        assertEquals(List.of(queries + ":3: query q9 has no text and is left out",
                qrels + ":5: query q2 and document d are judged twice; that counts once",
                "judged queries without a text, which cannot be asked: 2 (q3, q9)"), collection.notes());
        Texts.assertRefused(Kind.UNAVAILABLE, "there are no documents at",
                () -> Collection.open(folder.resolve("none"), queries, qrels));
    }

    private Path write(String name, String text) {
        Path file = folder.resolve(name);
        return Texts.file(file.getParent(), String.valueOf(file.getFileName()), text);
    }
}
