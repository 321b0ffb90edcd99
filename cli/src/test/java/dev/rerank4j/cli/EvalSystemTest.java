package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.eval.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvalSystemTest {

    private static List<String> names(List<EvalSystem.AtDepth> systems) {
        return systems.stream().map(system -> system.name() + ":" + system.depth()).toList();
    }

    private static List<EvalSystem.AtDepth> systems(List<Integer> depths, String... names) {
        return EvalSystem.atDepths(List.of(names).stream().map(EvalSystem::parse).toList(), depths, 50);
    }

    @Test
    void ofSeveralDepthsThePlainNameIsTheUsualOne() {
        assertEquals(List.of("bm25:50", "hybrid+rerank:50", "hybrid+rerank@10:10", "hybrid+rerank@50:50",
                "hybrid+rerank@100:100"), names(systems(List.of(100, 10, 50, 10), "bm25", "hybrid+rerank")));
    }

    @Test
    void whereTheUsualDepthIsNotAmongThemItIsTheDeepest() {
        assertEquals(List.of("hybrid+rerank:20", "hybrid+rerank@10:10", "hybrid+rerank@20:20"),
                names(systems(List.of(10, 20), "hybrid+rerank")));
    }

    @Test
    void aSingleDepthNeedsNoName() {
        assertEquals(List.of("hybrid:7", "hybrid+model:7"), names(systems(List.of(7), "hybrid", "Hybrid+Model")));
    }

    @Test
    void whatIsNamedTwiceIsMeasuredOnce() {
        assertEquals(List.of("bm25:5"), names(systems(List.of(5), "bm25", "bm25")));
    }

    @Test
    void anUnknownSystemNamesTheNearest() {
        UsageException error = assertThrows(UsageException.class, () -> EvalSystem.parse("hybird+rerank"));
        assertEquals("--systems must be some of bm25, vector, hybrid, bm25+rerank, vector+rerank, hybrid+rerank, "
                + "bm25+model, vector+model, hybrid+model, got hybird+rerank; did you mean hybrid+rerank?",
                error.getMessage());
    }

    @Test
    void whatReranksIsComparedWithItsFirstStageAndEverythingWithBm25() {
        List<EvalSystem.AtDepth> systems = systems(List.of(10, 50), "bm25", "hybrid", "bm25+rerank", "hybrid+rerank");
        assertEquals(List.of(new Evaluation.Pair("bm25", "bm25+rerank"), new Evaluation.Pair("hybrid", "hybrid+rerank"),
                new Evaluation.Pair("bm25", "hybrid"), new Evaluation.Pair("bm25", "hybrid+rerank")),
                EvalReport.pairs(systems));
        assertEquals(Optional.of(new Evaluation.Pair("hybrid", "hybrid+rerank")),
                EvalReport.shown(systems, system -> 0));
    }

    @Test
    void aSingleSystemIsComparedWithNothing() {
        assertEquals(List.of(), EvalReport.pairs(systems(List.of(10), "hybrid+rerank")));
        assertEquals(Optional.empty(), EvalReport.shown(systems(List.of(10), "hybrid+rerank"), system -> 0));
    }

    @Test
    void modelsByNameAreComparedWithEachOther() {
        List<EvalSystem.AtDepth> systems = systems(List.of(10), "hybrid+rerank:built-in",
                "hybrid+rerank:cohere:rerank-v3.5", "hybrid+model:BAAI/bge-reranker-base");
        assertEquals(List.of(new Evaluation.Pair("hybrid+rerank:built-in", "hybrid+rerank:cohere:rerank-v3.5"),
                new Evaluation.Pair("hybrid+rerank:built-in", "hybrid+model:BAAI/bge-reranker-base")),
                EvalReport.pairs(systems));
        List<EvalSystem.AtDepth> more = systems(List.of(10), "hybrid", "hybrid+rerank:a", "hybrid+rerank:b");
        assertEquals(Optional.of(new Evaluation.Pair("hybrid", "hybrid+rerank:a")),
                EvalReport.shown(more, system -> system.endsWith(":a") ? 0.7 : 0.6));
    }

    @Test
    void aModelInAFolderIsCalledByTheFoldersLastNameUnlessAnotherIs(@TempDir Path folder) throws IOException {
        Path one = Files.createDirectories(folder.resolve("one/mine"));
        Path other = Files.createDirectories(folder.resolve("other/mine"));
        Path named = Files.createDirectories(folder.resolve("built-in"));
        assertEquals(List.of("hybrid+rerank:built-in", "hybrid+rerank:mine", "bm25+model:mine", "hybrid"),
                called("hybrid+rerank:built-in", "hybrid+rerank:" + one, "bm25+model:" + one, "hybrid"));
        assertEquals(List.of("hybrid+rerank:mine", "hybrid+rerank:acme/mine"),
                called("hybrid+rerank:" + one + "/", "hybrid+rerank:acme/mine"));
        assertEquals(List.of("hybrid+rerank:" + one, "hybrid+rerank:" + other),
                called("hybrid+rerank:" + one, "hybrid+rerank:" + other));
        assertEquals(List.of("hybrid+rerank:built-in", "hybrid+rerank:" + named),
                called("hybrid+rerank:built-in", "hybrid+rerank:" + named));
    }

    private static List<String> called(String... systems) {
        return EvalSystem.parse(List.of(systems)).stream().map(EvalSystem::name).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hybrid:cohere", "hybrid+rerank:", "hybrid+rerank: ", "hybrid+model:none"})
    void aModelStandsBehindWhatAsksIt(String name) {
        assertTrue(assertThrows(UsageException.class, () -> EvalSystem.parse(name)).getMessage()
                .contains("such as hybrid+rerank:cohere"));
    }
}
