package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    @Test
    void whatFitsIsLetInAndTheRestRefusedUntilThereIsRoom() {
        Admission admission = new Admission(100);
        try (Admission.Permit first = admission.admit(25);
                Admission.Permit second = admission.admit(25);
                Admission.Permit third = admission.admit(25);
                Admission.Permit fourth = admission.admit(25)) {
            RerankException e = assertThrows(RerankException.class, () -> admission.admit(1));
            assertEquals(RerankException.Kind.OVERLOADED, e.kind());
        }
        admission.admit(25).close();
    }

    @Test
    void aGiantIsTakenAndLeavesRoomForOthers() {
        Admission admission = new Admission(100);
        try (Admission.Permit giant = admission.admit(1_000_000)) {
            admission.admit(75).close();
        }
    }

    @Test
    void aBusyModelSaysSoAndAnswersOthersLater() {
        try (OnnxScorer scorer = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER),
                new EngineOptions(1, 1, 64, 1))) {
            ScoreRequest large = ScoreRequest.of("query", Collections.nCopies(5_000, "some words to read"));
            ScoreRequest small = ScoreRequest.of("query", List.of("text"));
            CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
                while (kindOfRefusal(scorer, large).isPresent()) {
                    Thread.onSpinWait();
                }
            });
            Optional<RerankException.Kind> refusal = Optional.empty();
            while (refusal.isEmpty() && !busy.isDone()) {
                refusal = kindOfRefusal(scorer, small);
            }
            assertEquals(Optional.of(RerankException.Kind.OVERLOADED), refusal);
            busy.join();
            assertEquals(1, scorer.score(ScoreRequest.of("query", List.of("text"))).size());
        }
    }

    private static Optional<RerankException.Kind> kindOfRefusal(OnnxScorer scorer, ScoreRequest request) {
        try {
            scorer.score(request);
            return Optional.empty();
        } catch (RerankException e) {
            return Optional.of(e.kind());
        }
    }
}
