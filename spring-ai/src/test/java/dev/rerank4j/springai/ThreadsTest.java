package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.WordScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Whatever thread calls: interrupted, virtual, or one of Reactor's. */
class ThreadsTest {

    private static final Query LEAVE = new Query("annual leave");
    private static final List<Document> DOCUMENTS = List.of(new Document("parking", "Parking is free.", Map.of()),
            new Document("leave", "annual leave", Map.of()));

    @Test
    void anInterruptedThreadThatWouldHaveToWaitIsToldAndStaysInterrupted() {
        Gate gate = new Gate();
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new ScriptedScorer(text -> {
            gate.pass();
            return 0;
        }));
                SearchPipeline pipeline = SearchPipeline.builder().retriever(new VectorStoreFirstStage(request -> {
                    gate.pass();
                    return DOCUMENTS;
                })).build()) {
            TwoStageDocumentRetriever retriever = TwoStageDocumentRetriever.builder(pipeline).build();
            for (Callable<List<Document>> call : List.<Callable<List<Document>>>of(
                    () -> reranking.process(LEAVE, DOCUMENTS), () -> retriever.retrieve(LEAVE))) {
                Thread.currentThread().interrupt();
                RerankException e = assertThrows(RerankException.class, call::call);
                assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
                assertTrue(Thread.interrupted(), "the flag is kept");
            }
            gate.open();
            assertEquals(2, reranking.process(LEAVE, DOCUMENTS).size(), "and we go on");
            assertEquals(2, retriever.retrieve(LEAVE).size());
        }
    }

    @Test
    void anInterruptedThreadThatGetsAnAnswerStaysInterrupted() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer())) {
            Thread.currentThread().interrupt();
            try {
                reranking.process(LEAVE, DOCUMENTS); // answers if the model is quicker than we look
            } catch (RerankException e) {
                assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
            }
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aThreadInterruptedWhileItWaitsStaysInterrupted() throws InterruptedException {
        Gate gate = new Gate();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new ScriptedScorer(text -> {
            gate.pass();
            return 0;
        }))) {
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    reranking.process(LEAVE, DOCUMENTS);
                } catch (RerankException e) {
                    failure.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            gate.awaitReached();
            waiting.interrupt();
            waiting.join();
        }
        assertEquals("search was interrupted", failure.get().getMessage());
        assertEquals(true, flag.get());
    }

    @Test
    void manyVirtualThreadsGetWhatOneGets() throws Exception {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Document> alone = reranking.process(LEAVE, DOCUMENTS);
            List<Callable<List<Document>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> reranking.process(LEAVE, DOCUMENTS));
            }
            for (Future<List<Document>> answer : threads.invokeAll(calls)) {
                assertEquals(alone, answer.get());
            }
        }
    }

    @Test
    void reactorsThreadsMayCall() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer());
                SearchPipeline pipeline = SearchPipeline.builder().retriever(store()).build()) {
            TwoStageDocumentRetriever retriever = TwoStageDocumentRetriever.builder(pipeline).build();
            for (Scheduler scheduler : List.of(Schedulers.boundedElastic(), Schedulers.parallel(),
                    Schedulers.single())) {
                AtomicReference<Boolean> nonBlocking = new AtomicReference<>();
                List<Document> documents = Mono.fromCallable(() -> {
                    nonBlocking.set(Schedulers.isInNonBlockingThread());
                    return reranking.process(LEAVE, retriever.retrieve(LEAVE));
                }).subscribeOn(scheduler).block();
                assertEquals("leave", documents.getFirst().getId(), scheduler.toString());
                assertEquals(scheduler != Schedulers.boundedElastic(), nonBlocking.get(), "what is tested");
            }
        }
    }

    @Test
    void aSubscriberWhoGoesAwayInterruptsTheSearch() throws InterruptedException {
        Gate gate = new Gate();
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new ScriptedScorer(text -> {
            gate.pass();
            return 0;
        }))) {
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Disposable subscription = Mono.fromCallable(() -> {
                try {
                    return reranking.process(LEAVE, DOCUMENTS);
                } finally {
                    interrupted.set(Thread.currentThread().isInterrupted());
                    ended.countDown();
                }
            }).subscribeOn(Schedulers.boundedElastic()).onErrorComplete().subscribe();
            gate.awaitReached();
            subscription.dispose();
            ended.await();
            assertEquals(true, interrupted.get());
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    private static VectorStoreFirstStage store() {
        return new VectorStoreFirstStage(request -> DOCUMENTS);
    }
}
