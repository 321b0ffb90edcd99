package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists and caches that lead elsewhere, files that are damaged, disks that are full. */
class HubBadInputTest extends HubTests {

    private HubRepository repository;
    private HubServer server;

    @BeforeEach
    void serve() throws IOException {
        repository = HubRepository.small(NAME);
        repository.commit("main");
        server = HubServer.start(repository);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil", "a/../../evil", "..", ".", "./evil", "a/./b", "/etc/evil", "//evil", "a//b", "a/",
                    "\\evil", "..\\evil", "a\\..\\..\\evil", "C:evil", "c:/evil", "evil\u0000.json", "evil\n.json",
                    "\u001b[2J", ""})
    void aPathThatLeadsOutIsRefusedAndNothingIsWritten(String path) {
        server.next("/revision/", HubAnswer.body(new Gson().toJson(Map.of("sha", "0".repeat(40), "siblings",
                List.of(Map.of("rfilename", "config.json"), Map.of("rfilename", path))))
                .getBytes(StandardCharsets.UTF_8)));
        RerankException e = fails(Kind.UNAVAILABLE, () -> pull(server),
                "the hub names a file by a path that leads out of its folder, or is none: the model is not downloaded");
        assertFalse(e.getMessage().contains("\n") || e.getMessage().contains("\u001b"), e.getMessage());
        assertFalse(Files.exists(cache()));
        assertEquals(1, server.calls().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/b", "..", "evil\u0000"})
    void aChecksumThatIsAPathIsNone(String etag) throws IOException {
        server.next("/revision/", HubAnswer.body(new Gson().toJson(Map.of("sha", "0".repeat(40), "siblings", List.of(
                Map.of("rfilename", "config.json", "blobId", etag), Map.of("rfilename", "tokenizer.json"),
                Map.of("rfilename", "onnx/model.onnx")))).getBytes(StandardCharsets.UTF_8)));
        server.next("/resolve/", HubAnswer.status(200, "X-Linked-Etag", "\"../../evil\""));
        fails(Kind.UNAVAILABLE, () -> pull(server), "does not say what config.json of acme/small is known by");
        assertFalse(Files.exists(cache()));
    }

    @Test
    void aModulePathThatLeadsOutFindsNothing() throws IOException {
        repository.put("modules.json",
                "[{\"path\": \"../../..\", \"type\": \"a.Dense\"}, {\"path\": \"/etc\", \"type\":"
                        + " \"a.Dense\"}, {\"path\": 3, \"type\": \"a.Dense\"}]");
        repository.commit("main");
        pull(server);
        for (String broken : List.of("{}", "[[]]", "[{}]", "nonsense", "[{\"path\": {}, \"type\": []}]", "")) {
            repository.put("modules.json", broken);
            repository.commit("main");
            pull(server); // who loads it says what is wrong
        }
    }

    private Path secret() throws IOException {
        return Files.writeString(folder.resolve("secret"), "{\"a\": \"secret\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "onnx/model.onnx", "tokenizer.json"})
    void aLinkOutOfTheCacheIsNotReadAndNotFollowed(String path) throws IOException {
        HubModel model = pull(server);
        Path secret = secret();
        Path link = model.folder().resolve(path);
        Files.delete(link);
        Files.createSymbolicLink(link, secret);
        String known = "snapshots/" + model.commit() + "/" + path;
        Files.delete(repository().resolve(".rerank4j").resolve(model.commit() + ".json"));
        for (Runnable read : List.<Runnable>of(() -> hub(server).get(ID),
                () -> hub(server).cached(ID, PullOptions.DEFAULT), () -> new ModelHub(offline(server)).get(ID),
                () -> pull(server))) {
            RerankException e = fails(Kind.MODEL, read, known + " of acme/small in the cache " + cache()
                    + " is a link to a place outside of it, and is not read", "rerank models remove acme/small");
            assertFalse(e.getMessage().contains(secret.toString()));
        }
        assertEquals(List.of(known), hub(server).verify(NAME));
        assertTrue(hub(server).list().getFirst().bytes() < 12_000);
        hub(server).remove(NAME);
        assertEquals("{\"a\": \"secret\"}", Files.readString(secret));
        assertFalse(Files.exists(repository()));
    }

    @Test
    void aBlobThatIsALinkOutOfTheCacheIsNotReadEither() throws IOException {
        HubModel model = pull(server);
        Path blob = repository().resolve("blobs")
                .resolve(repository.files(model.commit()).get("onnx/model.onnx").sha256());
        Path outside = Files.move(blob, folder.resolve("outside"));
        Files.createSymbolicLink(blob, outside);
        fails(Kind.MODEL, () -> hub(server).get(ID), "is a link to a place outside of it");
        assertEquals(List.of("snapshots/" + model.commit() + "/onnx/model.onnx"), hub(server).verify(NAME));
        hub(server).remove(NAME);
        assertEquals(10_000, Files.size(outside));
    }

    @Test
    void aFolderThatIsALinkOutOfTheCacheIsNotReadAndNotFollowed() throws IOException {
        HubModel model = pull(server);
        Path outside = Files.move(model.folder(), folder.resolve("outside"));
        Files.createSymbolicLink(model.folder(), outside);
        List<String> before = tree(outside);
        fails(Kind.MODEL, () -> hub(server).get(ID), "snapshots/" + model.commit() + " of acme/small in the cache");
        assertEquals(before, tree(outside));
        assertEquals(List.of(), hub(server).list().getFirst().revisions().getFirst().files());
        hub(server).remove(NAME);
        assertTrue(Files.isSymbolicLink(outside.resolve("config.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs", "snapshots", "refs", ".rerank4j"})
    void nothingIsWrittenThroughALinkOutOfTheCache(String name) throws IOException {
        Files.createDirectories(repository());
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(repository().resolve(name), outside);
        fails(Kind.MODEL, () -> pull(server), name + " of acme/small in the cache " + cache() + " is a link");
        assertEquals(List.of("/"), tree(outside));
    }

    @Test
    void whatBranchesAreIsNotReadThroughALinkOutOfTheCache() throws IOException {
        HubModel model = pull(server);
        Path ref = repository().resolve("refs/main");
        Path outside = Files.move(ref, folder.resolve("outside"));
        Files.createSymbolicLink(ref, outside);
        fails(Kind.MODEL, () -> hub(server).get(ID), "refs/main of acme/small in the cache");
        assertEquals(List.of(), hub(server).list().getFirst().revisions().getFirst().names());
        assertEquals(model.folder(), hub(server).get(new ModelId(NAME, model.commit())).folder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "../../../../etc", "0123456789012345678901234567890123456789 and more"})
    void aBranchThatMeansNoCommitMeansNothing(String content) throws IOException {
        HubModel model = pull(server);
        Files.writeString(repository().resolve("refs/main"), content);
        assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
        assertEquals(model, hub(server).get(ID));
        assertEquals(model.commit(), Files.readString(repository().resolve("refs/main")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "{\"format_version\": 2, \"files\": {}}", "{\"format_version\": 1}",
            "{\"format_version\": 1, \"files\": {\"../evil\": {\"size\": 1, \"blob_id\": \"\"}}}"})
    void aListThatIsDamagedIsAskedForAgain(String content) throws IOException {
        HubModel model = pull(server);
        Files.writeString(repository().resolve(".rerank4j").resolve(model.commit() + ".json"), content);
        server.forget();
        assertEquals(model, hub(server).get(ID));
        assertEquals(1, server.calls().size());
        assertEquals(model, hub(server).get(ID));
        assertEquals(1, server.calls().size());
    }

    /** Whose owner keeps it on another disk. */
    @Test
    void aFolderOfACacheMayItselfBeALink() throws IOException {
        HubModel model = pull(server);
        Path moved = Files.move(repository(), folder.resolve("moved"));
        Files.createSymbolicLink(repository(), moved);
        server.forget();
        assertEquals(model, hub(server).get(ID));
        assertEquals(0, server.calls().size());
        assertEquals(List.of(), hub(server).verify(NAME));
        assertEquals(0, hub(server).remove(NAME));
        assertTrue(Files.exists(moved.resolve("refs/main")));
        assertFalse(Files.exists(repository()));
    }

    /** Newer versions of {@code huggingface_hub} keep large files of all repositories together. */
    @Test
    void blobsThatPythonSharesBetweenRepositoriesAreRead() throws IOException {
        HubModel model = pull(server);
        Path blob = repository().resolve("blobs")
                .resolve(repository.files(model.commit()).get("onnx/model.onnx").sha256());
        Path shared = Files.createDirectories(cache().resolve("blobs/ab")).resolve("ab" + "0".repeat(62));
        Files.move(blob, shared);
        Files.createSymbolicLink(blob, Path.of("../../blobs/ab", shared.getFileName().toString()));
        server.forget();
        assertEquals(model, hub(server).get(ID));
        assertEquals(0, server.calls().size());
        assertEquals(List.of(), hub(server).verify(NAME));
        hub(server).remove(NAME);
        assertTrue(Files.exists(shared));
    }

    @Test
    void aFileThatIsDamagedIsFound() throws IOException {
        HubModel model = pull(server);
        assertEquals(List.of(), hub(server).verify(NAME));
        Path onnx = model.folder().resolve("onnx/model.onnx").toRealPath();
        try (RandomAccessFile file = new RandomAccessFile(onnx.toFile(), "rw")) {
            file.seek(5000);
            int before = file.read();
            file.seek(5000);
            file.write(before + 1);
        }
        assertEquals(List.of("snapshots/" + model.commit() + "/onnx/model.onnx"), hub(server).verify(NAME));
        Files.delete(model.folder().resolve("config.json").toRealPath());
        assertEquals(List.of("snapshots/" + model.commit() + "/config.json",
                "snapshots/" + model.commit() + "/onnx/model.onnx"), hub(server).verify(NAME));
    }

    /** As after a power failure. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5000})
    void aFileThatIsCutIsFetchedAgain(int length) throws IOException {
        HubModel model = pull(server);
        Path onnx = model.folder().resolve("onnx/model.onnx").toRealPath();
        try (RandomAccessFile file = new RandomAccessFile(onnx.toFile(), "rw")) {
            file.setLength(length);
        }
        assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
        assertEquals(model, hub(server).get(ID));
        assertArrayEquals(HubRepository.noise(NAME.hashCode(), 10_000), Files.readAllBytes(onnx));
    }

    @Test
    void aFileThatIsMissingIsFetchedAgain() throws IOException {
        HubModel model = pull(server);
        Files.delete(model.folder().resolve("tokenizer_config.json"));
        assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
        assertEquals(model, hub(server).get(ID));
        Files.delete(model.folder().resolve("tokenizer_config.json").toRealPath());
        assertEquals(model, hub(server).get(ID));
        assertEquals(List.of(), hub(server).verify(NAME));
    }

    @Test
    void aCacheThatCannotBeWrittenIsSaid() throws IOException {
        Files.writeString(cache(), "a file where a folder should be");
        fails(Kind.UNAVAILABLE, () -> pull(server), "the cache " + cache() + " cannot be used", "HF_HOME");
        assertEquals(List.of(), hub(server).list());
    }

    @Test
    void aDiskThatIsTooSmallIsSaidBeforeAnythingIsDownloaded() throws IOException {
        repository.put("onnx/model.onnx", HubRepository.noise(3, 3_000_000));
        repository.commit("main");
        try (Mount mount = new Mount(cache(), "2m")) {
            fails(Kind.UNAVAILABLE, () -> pull(server), "the disk with the cache " + cache() + " is full",
                    "rerank models"
                            + " remove",
                    "HF_HOME", "acme/small needs 3 MB more there");
            assertEquals(0, server.calls("/lfs/"));
            mount.remount("size=16m");
            pull(server);
        }
    }

    @Test
    void aDiskThatGetsFullMeanwhileIsSaidAndWithMoreSpaceItGoesOn() throws IOException {
        byte[] onnx = HubRepository.noise(4, 6_000_000);
        repository.put("onnx/model.onnx", onnx);
        repository.commit("main");
        try (Mount mount = new Mount(cache(), "8m")) {
            server.next("/lfs/", HubAnswer.pause(100_000, () -> fill(cache().resolve("somebody-elses"), 5_000_000)));
            fails(Kind.UNAVAILABLE, () -> pull(server), "the disk with the cache " + cache() + " is full");
            assertTrue(Files.size(partial().getFirst()) > 1_000_000);
            Files.delete(cache().resolve("somebody-elses"));
            server.forget();
            HubModel model = pull(server);
            assertArrayEquals(onnx, Files.readAllBytes(model.folder().resolve("onnx/model.onnx")));
            assertTrue(server.calls().stream().anyMatch(call -> call.range().isPresent()), server.calls().toString());
        }
    }

    /** Python's, in an image of a container. */
    @Test
    void aCompleteCacheThatMayOnlyBeReadIsUsed() throws IOException {
        try (Mount mount = new Mount(cache(), "16m")) {
            HubModel model = pull(server);
            Files.delete(repository().resolve(".rerank4j").resolve(model.commit() + ".json"));
            mount.remount("ro");
            assertEquals(model, hub(server).get(ID));
            assertEquals(model, pull(server));
            repository.put("config.json", "{\"model_type\": \"roberta\"}");
            repository.commit("main");
            fails(Kind.UNAVAILABLE, () -> pull(server), "the cache " + cache() + " cannot be used", "HF_HOME");
            assertEquals(model, hub(server).get(ID));
            fails(Kind.UNAVAILABLE, () -> hub(server).remove(NAME), "the cache " + cache() + " cannot be used");
            assertEquals(model, hub(server).get(ID));
        }
    }

    private static void fill(Path file, int bytes) {
        try {
            Files.write(file, new byte[bytes]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A small file system in memory; the test is skipped where it may not be made. */
    private static final class Mount implements AutoCloseable {

        private final Path path;

        Mount(Path path, String size) throws IOException {
            this.path = Files.createDirectory(path);
            assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()),
                    "mounting is not allowed here");
        }

        void remount(String option) {
            assertTrue(run("mount", "-o", "remount," + option, path.toString()));
        }

        @Override
        public void close() {
            assertTrue(run("umount", path.toString()) || run("umount", "-l", path.toString()));
        }

        private static boolean run(String... command) {
            try {
                return new ProcessBuilder(command).redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
            } catch (IOException notThere) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
