package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.HttpService.Call;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The circuit breaker, and calls that wait, are interrupted or lose their service. */
@Timeout(60)
class RunningCallsTest {

    private static final Call CALL = Call.post("/v1", HttpService.JSON.createObjectNode());
    private static final Duration LONG = Duration.ofHours(1);
    private static final int CLOSINGS = 300;

    private final Heard heard = new Heard();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.close();
    }

    private HttpService service(URI address, int retries, int concurrent, Duration rest) {
        return new HttpService("acme", RemoteOptions.at(address).withPatience(Duration.ofSeconds(30), retries)
                .withLimits(10_000, concurrent).withListener(heard), Map.of(), Advice.GENERAL, rest);
    }

    private static Kind failure(HttpService service) {
        return assertThrows(RerankException.class, () -> service.send(CALL, Deadline.none())).kind();
    }

    @Test
    void aServiceThatIsDownIsLeftAlone() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(503, ""));
                HttpService service = service(server.address(), 0, 1, LONG)) {
            for (int i = 0; i < 5; i++) {
                assertEquals(Kind.UNAVAILABLE, failure(service));
            }
            RerankException e = assertThrows(RerankException.class, () -> service.send(CALL, Deadline.none()));
            assertEquals("acme failed 5 times in a row and is left alone: it is asked again in a few seconds",
                    e.getMessage());
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertEquals(5, server.received().size());
            assertEquals(0, heard.calls().getLast().attempts());
            assertEquals(6, heard.calls().size());
        }
    }

    @Test
    void aCallThatWasTriedSaysWhatFailedAndNotThatItIsLeftAlone() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(500, "").with("Retry-After", "0"));
                HttpService service = service(server.address(), 9, 1, LONG)) {
            RerankException e = assertThrows(RerankException.class, () -> service.send(CALL, Deadline.none()));
            assertEquals("acme failed (status 500): try again later; it was tried 5 times", e.getMessage());
            assertEquals(5, server.received().size());
        }
    }

    @Test
    void aServiceThatRecoversIsAskedAgainByItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.by(request -> asked.incrementAndGet() > 6
                ? Answer.json("{}")
                : Answer.json(500, ""));
                HttpService service = service(server.address(), 0, 1, Duration.ofMillis(20))) {
            boolean answered = false;
            while (!answered) { // the timeout says when it should have
                try {
                    service.send(CALL, Deadline.none());
                    answered = true;
                } catch (RerankException e) {
                    assertEquals(Kind.UNAVAILABLE, e.kind());
                }
            }
            assertEquals(7, asked.get());
            service.send(CALL, Deadline.none());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 422, 429})
    void refusalsAreNoReasonToLeaveAServiceAlone(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(status, ""));
                HttpService service = service(server.address(), 0, 1, LONG)) {
            for (int i = 0; i < 12; i++) {
                failure(service);
            }
            assertEquals(12, server.received().size());
        }
    }

    /** A caller with no patience says nothing about the service. */
    @Test
    void deadlinesOfMillisecondsAreNoReasonEither() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.by(request -> {
            asked.incrementAndGet();
            await(late);
            return Answer.json("{}");
        }); HttpService service = service(server.address(), 0, 1, LONG)) {
            for (int i = 0; i < 12; i++) {
                Kind kind = assertThrows(RerankException.class,
                        () -> service.send(CALL, Deadline.in(Duration.ofMillis(10)))).kind();
                assertEquals(Kind.TIMEOUT, kind);
            }
            late.countDown();
            assertEquals(200, service.send(CALL, Deadline.none()).status());
        }
    }

    @Test
    void noMoreCallsRunThanMayAndTheOthersWait() throws Exception {
        Semaphore running = new Semaphore(0);
        Semaphore answer = new Semaphore(0);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.by(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            running.release();
            answer.acquireUninterruptibly();
            now.decrementAndGet();
            return Answer.json("{}");
        }); HttpService service = service(server.address(), 0, 2, LONG)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(threads.submit(() -> service.send(CALL, Deadline.none())));
            }
            running.acquire(2);
            RerankException e = assertThrows(RerankException.class,
                    () -> service.send(CALL, Deadline.in(Duration.ofMillis(50))));
            assertEquals(Kind.TIMEOUT, e.kind());
            assertEquals("acme was not asked before the deadline: 2 calls are running already", e.getMessage());
            answer.release(6);
            for (Future<?> call : calls) {
                call.get();
            }
            assertEquals(2, most.get());
        }
    }

    @Test
    void anInterruptEndsACallAndIsKept() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = held(asked, late); HttpService service = service(server.address(), 2, 1, LONG)) {
            Future<Boolean> call = threads.submit(() -> {
                RerankException e = assertThrows(RerankException.class, () -> service.send(CALL, Deadline.none()));
                assertEquals(Kind.UNAVAILABLE, e.kind());
                return Thread.interrupted();
            });
            asked.await();
            threads.shutdownNow(); // interrupts
            assertTrue(call.get(), "the interrupt is still there");
            late.countDown();
        }
        assertEquals(Optional.of(Kind.UNAVAILABLE), heard.call().failure());
    }

    @Test
    void closingEndsWhatRuns() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = held(asked, late)) {
            HttpService service = service(server.address(), 2, 1, LONG);
            Future<?> running = threads.submit(() -> service.send(CALL, Deadline.none()));
            Future<?> waiting = threads.submit(() -> service.send(CALL, Deadline.none()));
            asked.await();
            service.close();
            for (Future<?> call : List.of(running, waiting)) {
                Throwable end = assertThrows(ExecutionException.class, call::get).getCause();
                assertTrue(end instanceof IllegalStateException || end instanceof RerankException e
                        && e.kind() == Kind.UNAVAILABLE, end::toString);
            }
            service.close();
            assertEquals("acme is closed", assertThrows(IllegalStateException.class,
                    () -> service.send(CALL, Deadline.none())).getMessage());
            late.countDown();
        }
    }

    /** Calls that are just being sent: whatever the JDK's client makes of it, the caller hears that it was closed. */
    @Test
    void closingBetweenCallsEndsThemToo() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(request -> Answer.json("{}"))) {
            for (int round = 0; round < CLOSINGS; round++) {
                HttpService service = service(server.address(), 0, 4, LONG);
                CountDownLatch busy = new CountDownLatch(4);
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    calls.add(threads.submit(() -> {
                        while (true) {
                            service.send(CALL, Deadline.none());
                            busy.countDown();
                        }
                    }));
                }
                busy.await();
                service.close();
                for (Future<?> call : calls) {
                    Throwable end = assertThrows(ExecutionException.class, call::get).getCause();
                    assertTrue(end instanceof IllegalStateException || end instanceof RerankException e
                            && e.kind() == Kind.UNAVAILABLE, end::toString);
                }
            }
        }
    }

    /** Were the pause slept through, the test would not end in time. */
    @Test
    void closingEndsAPause() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.by(request -> {
            asked.countDown();
            return Answer.json(503, "").with("Retry-After", "100");
        })) {
            HttpService service = service(server.address(), 2, 1, LONG);
            Future<?> pausing = threads.submit(() -> service.send(CALL, Deadline.none()));
            asked.await();
            service.close();
            RerankException e = (RerankException) assertThrows(ExecutionException.class, pausing::get).getCause();
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertEquals("acme was closed while it was being asked", e.getMessage());
        }
    }

    private static ScriptedServer held(CountDownLatch asked, CountDownLatch late) throws IOException {
        return ScriptedServer.by(request -> {
            asked.countDown();
            await(late);
            return Answer.json("{}");
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
