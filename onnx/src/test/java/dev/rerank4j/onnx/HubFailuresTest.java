package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break, and hubs that refuse, fail, lie or fall silent. */
class HubFailuresTest extends HubTests {

    private static final int SIZE = 3_000_000;
    private static final byte[] ONNX = HubRepository.noise(7, SIZE);

    private HubServer server;

    private HubServer serve() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("onnx/model.onnx", ONNX);
        repository.commit("main");
        server = HubServer.start(repository);
        return server;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void assertWhole(HubModel model) throws IOException {
        assertArrayEquals(ONNX, Files.readAllBytes(model.folder().resolve(model.modelFile())));
        assertEquals(List.of(), partial());
    }

    /** What was asked for: all of the file, or the rest of it from a byte on. */
    private List<Long> starts() {
        return server.calls().stream().filter(call -> call.path().startsWith("/lfs/")).map(call -> call.range()
                .map(range -> Long.parseLong(range.replaceAll("\\D", ""))).orElse(0L)).toList();
    }

    /** As {@link #starts}, in words: of a connection that is cut, the last bytes may be lost. */
    private List<String> parts() {
        return starts().stream().map(from -> from == 0 ? "all" : "rest").toList();
    }

    @Test
    void aConnectionThatIsCutGoesOnWhereItWas() throws IOException {
        serve().next("/lfs/", HubAnswer.cut(2_000_000));
        assertWhole(pull(server));
        assertEquals(2, starts().size());
        assertTrue(starts().getLast() > 1_500_000 && starts().getLast() <= 2_000_000, starts().toString());
    }

    @Test
    void asLongAsMuchComesItMayBeCutMoreOftenThanItFails() throws IOException {
        byte[] large = HubRepository.noise(8, 13_000_000);
        HubRepository repository = HubRepository.small(NAME).put("onnx/model.onnx", large);
        repository.commit("main");
        server = HubServer.start(repository);
        for (int i = 0; i < 9; i++) {
            server.next("/lfs/", HubAnswer.cut(1_300_000));
        }
        HubModel model = pull(server);
        assertArrayEquals(large, Files.readAllBytes(model.folder().resolve(model.modelFile())));
        assertEquals(10, starts().size());
        assertTrue(starts().getLast() > 9_000_000, starts().toString());
    }

    @Test
    void ifTooLittleComesTooOftenItFailsAndTheNextAttemptGoesOn() throws IOException {
        serve();
        for (int i = 0; i < 6; i++) {
            server.next("/lfs/", HubAnswer.cut(50_000));
        }
        RerankException e = fails(Kind.UNAVAILABLE, () -> pull(server), "was cut");
        assertFalse(e.getMessage().contains("signature"), e.getMessage());
        assertEquals(6, starts().size());
        long left = Files.size(partial().getFirst());
        assertTrue(left > 0 && left <= 6 * 50_000, "bytes " + left);
        assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
        assertFalse(Files.exists(repository().resolve("refs/main")));
        server.forget();
        assertWhole(pull(server));
        assertEquals(List.of(left), starts());
    }

    @Test
    void aWholePartThatIsLeftIsNotFetchedAgain() throws IOException {
        serve();
        pull(server);
        Path blob = repository().resolve("blobs").resolve(HubRepository.Content.of("a.onnx", ONNX).sha256());
        Files.move(blob, blob.resolveSibling(blob.getFileName() + ".rerank4j.12345678.incomplete"));
        server.forget();
        assertWhole(pull(server));
        assertEquals(List.of(), parts());
    }

    /** Nothing is known of what other programs have left: it may be growing. */
    @Test
    void whatPythonHasLeftIsNotTouched() throws IOException {
        serve();
        pull(server);
        Path blob = repository().resolve("blobs").resolve(HubRepository.Content.of("a.onnx", ONNX).sha256());
        Files.delete(blob);
        Path left = Files.write(blob.resolveSibling(blob.getFileName() + ".1a2b3c4d.incomplete"), new byte[5]);
        server.forget();
        pull(server);
        assertEquals(List.of("all"), parts());
        assertEquals(5, Files.size(left));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aHubThatFailsForAMomentIsAskedAgain(int status) throws IOException {
        UnaryOperator<HubAnswer> wrong = HubAnswer.status(status);
        serve().next("/revision/", wrong, wrong).next("/resolve/", wrong).next("/lfs/", wrong, wrong);
        assertWhole(pull(server));
        assertEquals(3, server.calls("/revision/"));
    }

    @Test
    void aHubThatFailsForLongerIsNot() throws IOException {
        serve();
        for (int i = 0; i < 6; i++) {
            server.next("/revision/", HubAnswer.status(503));
        }
        fails(Kind.UNAVAILABLE, () -> pull(server), server.endpoint() + " fails with status 503: try again later");
        assertEquals(6, server.calls().size());
    }

    @Test
    void aPlaceForLargeFilesThatFailsIsNamedWithoutItsSignature() throws IOException {
        serve();
        for (int i = 0; i < 6; i++) {
            server.next("/lfs/", HubAnswer.status(500));
        }
        RerankException e = fails(Kind.UNAVAILABLE, () -> pull(server), server.elsewhere().getAuthority()
                + ", where the hub sends for this file, answers with status 500");
        assertSaysNot(e, "secret-signature");
        server.next("/lfs/", HubAnswer.status(404));
        fails(Kind.UNAVAILABLE, () -> pull(server), "answers with status 404");
    }

    /** Their addresses are valid for some minutes. */
    @Test
    void anAddressThatIsTooOldIsAskedForAnew() throws IOException {
        serve().next("/lfs/", HubAnswer.cut(2_000_000), HubAnswer.status(403));
        assertWhole(pull(server));
        assertEquals(List.of("all", "rest", "rest"), parts());
    }

    @ParameterizedTest
    @CsvSource({"Retry-After, 0", "Retry-After, 'Wed, 21 Oct 2015 07:28:00 GMT'", "Retry-After, nonsense",
            "RateLimit, '\"api\";r=0;t=0'"})
    void aPauseThatTheHubAsksForIsMade(String header, String value) throws IOException {
        serve().next("/revision/", HubAnswer.status(429, header, value));
        assertWhole(pull(server));
    }

    @ParameterizedTest
    @CsvSource({"Retry-After, 3600", "Retry-After, 'Wed, 21 Oct 2195 07:28:00 GMT'", "RateLimit, '\"api\";r=0;t=3600'"})
    void aPauseThatIsTooLongIsSaidAndNotMade(String header, String value) throws IOException {
        serve().next("/revision/", HubAnswer.status(429, header, value));
        fails(Kind.UNAVAILABLE, () -> pull(server), server.endpoint() + " is asked too often from here (429)",
                "it asks to come again in ", "with HF_TOKEN set it allows more");
        assertEquals(1, server.calls().size());
    }

    @Test
    void aServerThatKnowsNoRangesSendsItAllAgain() throws IOException {
        serve().next("/lfs/", HubAnswer.cut(2_000_000), HubAnswer.whole());
        assertWhole(pull(server));
        assertEquals(List.of("all", "rest"), parts());
    }

    @Test
    void aServerThatKnowsNoRangesAndIsCutIsNotAskedForEver() throws IOException {
        UnaryOperator<HubAnswer> all = HubAnswer.whole().andThen(HubAnswer.cut(1_500_000))::apply;
        serve().next("/lfs/", all, all, all, HubAnswer.whole());
        assertWhole(pull(server));
        hub(server).remove(NAME);
        for (int i = 0; i < 50; i++) {
            server.next("/lfs/", all);
        }
        server.forget();
        fails(Kind.UNAVAILABLE, () -> pull(server), "was cut");
        assertEquals(7, starts().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 17-2999999/3000000", "bytes 0-2999999/3000000", "nonsense"})
    void anotherPartThanWasAskedForIsNotTaken(String part) throws IOException {
        serve().next("/lfs/", HubAnswer.cut(2_000_000), answer -> answer.with("Content-Range", part));
        assertWhole(pull(server));
        assertEquals(List.of("all", "rest", "all"), parts());
    }

    @Test
    void aServerThatHasNoSuchPartIsAskedForAllOfIt() throws IOException {
        serve().next("/lfs/", HubAnswer.cut(2_000_000), HubAnswer.status(416, "Content-Range", "bytes */5"));
        assertWhole(pull(server));
        assertEquals(List.of("all", "rest", "all"), parts());
    }

    @Test
    void aWrongChecksumIsSaidAndNothingIsKept() throws IOException {
        serve().next("/lfs/", HubAnswer.body(HubRepository.noise(9, SIZE)));
        fails(Kind.MODEL, () -> pull(server),
                "onnx/model.onnx is damaged or is another file: its checksum is not the one"
                        + " that the hub names");
        assertEquals(List.of(), partial());
        assertEquals(3, blobs().size());
        assertWhole(pull(server));
    }

    @Test
    void aWrongChecksumOfASmallFileIsSaidToo() throws IOException {
        serve().next("/resolve-cache/", HubAnswer.body("{\"model_type\": \"berx\"}".getBytes(StandardCharsets.UTF_8)));
        fails(Kind.MODEL, () -> pull(server), "config.json is damaged");
        assertEquals(List.of(), blobs());
    }

    @Test
    void ifTheBeginningThatWasLeftIsWrongAllOfItIsFetched() throws IOException {
        serve().next("/lfs/", HubAnswer.cut(2_000_000), HubAnswer.status(404));
        fails(Kind.UNAVAILABLE, () -> pull(server));
        Path left = partial().getFirst();
        byte[] bytes = Files.readAllBytes(left);
        bytes[17]++;
        Files.write(left, bytes);
        server.forget();
        assertWhole(pull(server));
        assertEquals(List.of("rest", "all"), parts());
    }

    @Test
    void whatWasLeftAndIsTooLongIsThrownAway() throws IOException {
        serve();
        pull(server);
        Path blob = repository().resolve("blobs").resolve(HubRepository.Content.of("a.onnx", ONNX).sha256());
        Files.delete(blob);
        Files.write(blob.resolveSibling(blob.getFileName() + ".rerank4j.12345678.incomplete"), new byte[SIZE + 1]);
        assertWhole(pull(server));
    }

    @Test
    void aFileThatIsLongerThanAnnouncedIsRefused() throws IOException {
        serve().next("/lfs/", HubAnswer.body(Arrays.copyOf(ONNX, SIZE + 1)));
        fails(Kind.MODEL, () -> pull(server),
                "onnx/model.onnx is longer than the 3000000 bytes that the hub announced");
        assertEquals(List.of(), partial());
    }

    @Test
    void aFileThatIsShorterThanAnnouncedIsAskedForAgain() throws IOException {
        serve().next("/lfs/", HubAnswer.body(Arrays.copyOf(ONNX, 500)));
        assertWhole(pull(server));
        assertEquals(List.of(0L, 500L), starts());
    }

    @Test
    void whatARefusalSaysIsNotShown() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        repository.commit("main");
        server = HubServer.start(repository);
        ModelHub hub = new ModelHub(new HubOptions(server.endpoint(), Optional.of("hf_a_wrong_one"), cache(), false),
                SHORT, true);
        RerankException e = fails(Kind.INVALID_REQUEST, () -> hub.get(ID),
                server.endpoint() + " does not accept the token: check HF_TOKEN");
        assertSaysNot(e, "hf_a_wrong_one");
        server.next("/revision/", answer -> HubAnswer.text(401, Map.of("X-Error-Message", "key sk-12345"), "text/plain",
                "key sk-12345 is not valid"));
        assertSaysNot(fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID), "there is no model acme/small"),
                "sk-12345");
        server.next("/revision/", answer -> HubAnswer.text(403, Map.of("X-Error-Message", "key sk-12345"), "text/plain",
                "key sk-12345 is not valid"));
        assertSaysNot(fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID), "refuses access to acme/small (403)"),
                "sk-12345");
    }

    private static void assertSaysNot(Throwable e, String secret) {
        for (Throwable next = e; next != null; next = next.getCause()) {
            assertFalse(next.toString().contains(secret), next.toString());
        }
    }

    @Test
    void whoMustAcceptALicenceAtTheHubIsToldWhere() throws IOException {
        HubRepository repository = HubRepository.small(NAME).access(HubRepository.Access.GATED);
        repository.commit("main");
        server = HubServer.start(repository);
        fails(Kind.INVALID_REQUEST, () -> pull(server), "accept it at " + server.endpoint() + "/acme/small, then set"
                + " HF_TOKEN to a token of that account");
        server.next("/resolve/", HubAnswer.status(403, "X-Error-Code", "GatedRepo"));
        fails(Kind.INVALID_REQUEST, () -> new ModelHub(withToken(server), SHORT, true).get(ID), "accept it at ",
                "the one that is set does not do");
        new ModelHub(withToken(server), SHORT, true).get(ID);
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        serve();
        fails(Kind.INVALID_REQUEST, () -> hub(server).get(ModelId.of("acme/smal")),
                "there is no model acme/smal at " + server.endpoint(), "check its name");
        fails(Kind.INVALID_REQUEST, () -> hub(server).get(ModelId.of("acme/small@v9")), "there is no revision v9 of"
                + " acme/small at " + server.endpoint(), server.endpoint() + "/acme/small/tree/main");
        server.next("/resolve/", HubAnswer.status(404, "X-Error-Code", "EntryNotFound"));
        fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID), "a file of acme/small is not at");
        assertEquals(3, server.calls("/revision/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Log in to the network</html>", "", "[]", "{}", "null",
            "{\"sha\": \"main\", \"siblings\": []}",
            "{\"sha\": 1, \"siblings\": []}",
            "{\"sha\": \"../../../../../../etc/cron.d/0123456789abcdef01\", \"siblings\": []}",
            "{\"sha\": \"0123456789012345678901234567890123456789\"}",
            "{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": [{}]}",
            "{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": [{\"rfilename\": [1, 2]}]}",
            "{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": [{\"rfilename\": \"a\", \"size\": {}}]}",
            "{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": [{\"rfilename\": \"a\", \"size\": \"x\"}]}"})
    void whatIsNoHubIsSaidToBeNone(String body) throws IOException {
        serve().next("/revision/", HubAnswer.body(body.getBytes(StandardCharsets.UTF_8)));
        fails(Kind.UNAVAILABLE, () -> pull(server), "is not what a Hugging Face Hub does: check HF_ENDPOINT");
    }

    @Test
    void aDeeplyNestedListIsNoHubsEither() throws IOException {
        serve().next("/revision/", HubAnswer.body("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)));
        fails(Kind.UNAVAILABLE, () -> pull(server), "is not what a Hugging Face Hub does");
    }

    @Test
    void aListWithoutAnEndIsNotReadToItsEnd() throws IOException {
        serve().next("/revision/", HubAnswer.body(" ".repeat((16 << 20) + 1).getBytes(StandardCharsets.UTF_8)));
        fails(Kind.UNAVAILABLE, () -> pull(server), "the list of the files of acme/small at " + server.endpoint()
                + " has no end");
    }

    @Test
    void addressesThatSendToOneAnotherEndSomewhere() throws IOException {
        serve();
        for (int i = 0; i < 20; i++) {
            server.next("/revision/", HubAnswer.status(302, "Location", "/api/models/acme/small/revision/main"));
        }
        fails(Kind.UNAVAILABLE, () -> pull(server), "sends from one address to the next, more than 10 times");
        assertEquals(11, server.calls().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/model", "jar:file:///a!/b", "http:///nowhere",
            "mailto:a@b"})
    void onlyTheWebIsFollowed(String location) throws IOException {
        serve().next("/resolve/", HubAnswer.status(302, "Location", location));
        fails(Kind.UNAVAILABLE, () -> pull(server), "sends to an address that is not http or https");
    }

    @Test
    void anAddressThatIsNoneIsSaid() throws IOException {
        serve().next("/resolve/", HubAnswer.status(302, "Location", "http://[secret"));
        assertSaysNot(fails(Kind.UNAVAILABLE, () -> pull(server), "sends to an address that is none"), "secret");
    }

    /** As the Hub does for a model that has a new name. */
    @Test
    void aRenamedModelIsFoundAndTheTokenGoesAlong() throws IOException {
        HubRepository repository = HubRepository.small("acme/new").access(HubRepository.Access.PRIVATE);
        String commit = repository.commit("main");
        server = HubServer.start(repository);
        server.next("/acme/small/revision/", HubAnswer.status(307, "Location", "/api/models/acme/new/revision/main"));
        for (int i = 0; i < 10; i++) {
            server.next("/acme/small/resolve/", answer -> answer);
        }
        HubListing listing;
        try (HubClient client = new HubClient(ID, withToken(server), SHORT)) {
            listing = client.listing("main", true);
        } catch (HubTrouble | InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals(commit, listing.commit());
    }

    @Test
    void theTokenGoesToNoOtherPlace() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        repository.commit("main");
        server = HubServer.start(repository);
        try (HubServer other = HubServer.start(repository)) {
            server.next("/resolve-cache/", HubAnswer.status(302, "Location",
                    other.endpoint() + "/api/resolve-cache/models/acme/small/" + repository.commit("main")
                            + "/config.json"));
            server.next("/revision/",
                    HubAnswer.status(302, "Location", other.endpoint() + "/api/models/acme/small/revision/main"));
            new ModelHub(withToken(server), SHORT, true).get(ID);
            assertEquals(2, other.calls().size());
            assertTrue(other.calls().stream().allMatch(call -> call.authorization().isEmpty()));
            assertTrue(server.calls().stream().filter(HubServer.Call::hub)
                    .allMatch(call -> call.authorization().equals(Optional.of("Bearer " + TOKEN))));
            assertTrue(server.calls().stream().filter(call -> !call.hub())
                    .allMatch(call -> call.authorization().isEmpty()));
        }
    }

    @Test
    void aHubThatFallsSilentIsGivenUpAndAskedAgain() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Patience impatient = new Patience(2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(5),
                Duration.ofSeconds(10), Duration.ofMillis(200));
        UnaryOperator<HubAnswer> silent = HubAnswer.pause(1000, () -> await(over));
        serve().next("/lfs/", silent, silent, silent);
        try {
            fails(Kind.UNAVAILABLE, () -> new ModelHub(options(server), impatient, true).get(ID),
                    "did not answer in time");
            assertEquals(List.of(0L, 1000L, 2000L), starts());
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPullThatIsInterruptedWhileItReadsKeepsWhatCame() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        serve().next("/lfs/", HubAnswer.pause(2_000_000, () -> {
            sent.countDown();
            await(over);
        }));
        assertInterrupted(() -> pull(server), sent);
        over.countDown();
        long kept = Files.size(partial().getFirst());
        server.forget();
        assertWhole(pull(server));
        assertEquals(List.of(kept), starts());
    }

    @Test
    void aPullThatIsInterruptedWhileItWaitsForAnAnswerEnds() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        serve().next("/revision/", answer -> {
            asked.countDown();
            await(over);
            return answer;
        });
        assertInterrupted(() -> pull(server), asked);
        over.countDown();
    }

    @Test
    void aPullThatIsInterruptedBetweenTwoAttemptsEnds() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        serve().next("/revision/", answer -> {
            failed.countDown();
            return HubAnswer.status(503, "Retry-After", "50").apply(answer);
        });
        ModelHub patient = new ModelHub(options(server), Patience.STANDARD, true);
        assertInterrupted(() -> patient.get(ID), failed);
    }

    @Test
    void aPullThatIsInterruptedWhileItWaitsForAnotherEnds() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        serve().next("/lfs/", HubAnswer.pause(2_000_000, () -> {
            sent.countDown();
            await(over);
        }));
        FutureTask<HubModel> first = new FutureTask<>(() -> pull(server));
        Thread.ofPlatform().start(first);
        sent.await();
        CountDownLatch here = new CountDownLatch(1);
        assertInterrupted(() -> hub(server).pull(ID, PullOptions.DEFAULT, (file, done, size) -> here.countDown()),
                null);
        over.countDown();
        assertWhole(first.get());
    }

    /** Interrupts once the latch is open, or at once, which is as good as at any time. */
    private static void assertInterrupted(Runnable pull, CountDownLatch when) throws Exception {
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
            RerankException e = assertThrows(RerankException.class, pull::run);
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertEquals("interrupted; what has been downloaded is kept", e.getMessage());
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = Thread.ofPlatform().start(interrupted);
        if (when != null) {
            when.await();
        }
        thread.interrupt();
        assertTrue(interrupted.get());
    }

    @Test
    void whatAListenerThrowsEndsThePullAndWhatCameIsKept() throws IOException {
        serve();
        IllegalStateException enough = new IllegalStateException("enough");
        assertSame(enough, assertThrows(IllegalStateException.class,
                () -> hub(server).pull(ID, PullOptions.DEFAULT, (file, done, size) -> {
                    if (done > 1_000_000) {
                        throw enough;
                    }
                })));
        assertTrue(Files.size(partial().getFirst()) > 1_000_000);
        assertWhole(pull(server));
    }

    @Test
    void aHostThatDoesNotExistIsNotAskedTwice() {
        fails(Kind.UNAVAILABLE,
                () -> new ModelHub(options(URI.create("http://hub.invalid")), Patience.STANDARD, true).get(ID),
                "there is no host hub.invalid: check HF_ENDPOINT, HTTPS_PROXY and the network", "HF_HUB_OFFLINE=1");
    }

    @Test
    void aHostThatDoesNotListenIsSaid() throws IOException {
        int port = freePort();
        fails(Kind.UNAVAILABLE,
                () -> new ModelHub(options(URI.create("http://127.0.0.1:" + port)), SHORT, true).get(ID),
                "127.0.0.1:" + port + " cannot be reached: check HF_ENDPOINT, HTTPS_PROXY and the network");
    }

    @Test
    void offlineNothingIsAskedFor() throws IOException {
        serve();
        ModelHub offline = new ModelHub(offline(server));
        fails(Kind.UNAVAILABLE, () -> offline.get(ID), "acme/small is not, or not as a whole, in the cache " + cache(),
                "HF_HUB_OFFLINE forbids to ask " + server.endpoint());
        HubModel model = pull(server);
        assertEquals(model, offline.get(ID));
        fails(Kind.UNAVAILABLE, () -> offline.pull(ID, PullOptions.DEFAULT, HubProgress.NONE), "HF_HUB_OFFLINE");
        Files.delete(model.folder().resolve("tokenizer_config.json"));
        fails(Kind.UNAVAILABLE, () -> offline.get(ID), "not as a whole");
    }

    @Test
    void whatOnlyPythonKnowsIsUsedIfTheHubCannotBeReached() throws IOException {
        serve();
        HubModel model = pull(server);
        Files.delete(repository().resolve(".rerank4j").resolve(model.commit() + ".json"));
        server.forget();
        assertEquals(model, hub(server).get(ID));
        assertEquals(1, server.calls().size());
        Files.delete(repository().resolve(".rerank4j").resolve(model.commit() + ".json"));
        for (int i = 0; i < 6; i++) {
            server.next("/revision/", HubAnswer.status(503));
        }
        server.forget();
        assertEquals(model, hub(server).get(ID));
        assertEquals(1, server.calls().size());
        server.next("/revision/", HubAnswer.status(401));
        assertEquals(model, hub(server).get(ID));
        assertEquals(model, new ModelHub(offline(server)).get(ID));
    }

    @Test
    void whatOnlyPythonKnowsIsCompletedAndNotMoved() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("special_tokens_map.json", "{ }");
        String before = repository.commit("main");
        server = HubServer.start(repository);
        HubModel model = pull(server);
        Files.delete(repository().resolve(".rerank4j").resolve(before + ".json"));
        Files.delete(model.folder().resolve("special_tokens_map.json"));
        repository.put("config.json", "{}");
        repository.commit("main");
        assertEquals(model, hub(server).get(ID));
        assertEquals("{ }", Files.readString(model.folder().resolve("special_tokens_map.json")));
        server.forget();
        assertEquals(model, hub(server).get(ID));
        assertEquals(List.of(), server.calls());
    }
}
