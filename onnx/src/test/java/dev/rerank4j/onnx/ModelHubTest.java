package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a hub and a cache are for, where nothing goes wrong. */
class ModelHubTest extends HubTests {

    @Test
    void aModelIsWhatItIsReadFromAndNotPyTorchsWeights() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        String commit = repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = hub(server).get(ID);
            assertEquals(ID, model.id());
            assertEquals(commit, model.commit());
            assertEquals("onnx/model.onnx", model.modelFile());
            assertTrue(model.why().startsWith("float32"), model.why());
            assertEquals(repository().resolve("snapshots").resolve(commit), model.folder());
            assertEquals(List.of("config.json", "onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"),
                    hub(server).list().getFirst().revisions().getFirst().files());
            assertArrayEquals(HubRepository.noise(NAME.hashCode(), 10_000),
                    Files.readAllBytes(model.folder().resolve("onnx/model.onnx")));
            assertEquals(List.of(), partial());
        }
    }

    @Test
    void theCacheIsLaidOutAsPythonsIs() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        String commit = repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            pull(server);
            assertEquals(commit, Files.readString(repository().resolve("refs/main")));
            Path snapshot = repository().resolve("snapshots").resolve(commit);
            HubRepository.Content onnx = repository.files(commit).get("onnx/model.onnx");
            HubRepository.Content config = repository.files(commit).get("config.json");
            assertEquals(Path.of("../../../blobs", onnx.sha256()),
                    Files.readSymbolicLink(snapshot.resolve("onnx/model.onnx")));
            assertEquals(Path.of("../../blobs", config.sha1()),
                    Files.readSymbolicLink(snapshot.resolve("config.json")));
            assertEquals(4, blobs().size());
        }
    }

    /** Git's own name for these bytes: {@code printf '{}' | git hash-object --stdin}. */
    @Test
    void aSmallFileIsKnownByGitsChecksum() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            pull(server);
            assertTrue(blobs().contains("9e26dfeeb6e641a33dae4961196235bdb965b21b"), blobs().toString());
        }
    }

    @Test
    void whatIsInTheCacheIsNotAskedFor() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        repository.commit("main");
        HubModel model;
        HubServer server = HubServer.start(repository);
        try (server) {
            model = hub(server).get(ID);
            server.forget();
            assertEquals(model, hub(server).get(ID));
            assertEquals(Optional.of(model), hub(server).cached(ID, PullOptions.DEFAULT));
            assertEquals(List.of(), server.calls());
        }
        assertEquals(model, hub(server).get(ID));
        assertEquals(model, new ModelHub(offline(server)).get(ID));
    }

    @Test
    void aPullSeesThatABranchHasMovedAndFetchesOnlyWhatIsNew() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        String before = repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel old = pull(server);
            repository.put("config.json", "{\"model_type\": \"roberta\"}");
            String after = repository.commit("main");
            assertEquals(old, hub(server).get(ID));
            server.forget();
            HubModel fresh = pull(server);
            assertNotEquals(before, after);
            assertEquals(after, fresh.commit());
            assertEquals(1, server.calls("resolve/"), server.calls().toString());
            assertEquals(fresh, hub(server).get(ID));
            assertEquals("{\"model_type\": \"bert\"}", Files.readString(old.folder().resolve("config.json")));
            assertEquals(old.folder(), hub(server).get(new ModelId(NAME, before)).folder());
            CachedRepository cached = hub(server).list().getFirst();
            assertEquals(Set.of(before, after), Set.copyOf(cached.revisions().stream()
                    .map(CachedRepository.Revision::commit).toList()));
            assertEquals(List.of(List.of(), List.of("main")), cached.revisions().stream()
                    .map(CachedRepository.Revision::names).sorted((a, b) -> a.size() - b.size()).toList());
            server.forget();
            assertEquals(after, pull(server).commit());
            assertEquals(0, server.calls("resolve/"));
        }
    }

    @ParameterizedTest
    @CsvSource({"v1.0, refs/v1.0", "refs/pr/3, refs/refs/pr/3"})
    void aRevisionIsABranchATagOrACommit(String revision, String ref) throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        repository.commit("main");
        repository.put("config.json", "{\"model_type\": \"roberta\"}");
        String commit = repository.commit(revision);
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = hub(server).get(new ModelId(NAME, revision));
            assertEquals(commit, model.commit());
            assertEquals(commit, Files.readString(repository().resolve(ref)));
            assertEquals(List.of(revision), hub(server).list().getFirst().revisions().getFirst().names());
            server.forget();
            assertEquals(commit, hub(server).get(new ModelId(NAME, commit)).commit());
            assertEquals(List.of(), server.calls());
            assertFalse(Files.exists(repository().resolve("refs").resolve(commit)));
        }
    }

    @Test
    void theFileThatIsAskedForIsTaken() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("onnx/model_fp16.onnx", "half");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = hub(server).get(ID, new PullOptions(Optional.of("onnx/model_fp16.onnx"), false),
                    HubProgress.NONE);
            assertEquals("onnx/model_fp16.onnx", model.modelFile());
            assertFalse(Files.exists(model.folder().resolve("onnx/model.onnx")));
            assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
            assertEquals("onnx/model.onnx", hub(server).get(ID).modelFile());
        }
    }

    @Test
    void theModulesOfSentenceTransformersBelongToIt() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("modules.json", """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Dense/", "type": "sentence_transformers.models.Dense"},
                 {"idx": 3, "name": "3", "path": "3_Normalize", "type": "sentence_transformers.models.Normalize"}]""")
                .put("1_Pooling/config.json", "{}").put("2_Dense/config.json", "{ }")
                .put("2_Dense/model.safetensors", "a layer").put("2_Dense/pytorch_model.bin", "the same")
                .put("4_Dense/config.json", "{  }").put("sentence_bert_config.json", "{\"max_seq_length\": 256}")
                .put("config_sentence_transformers.json", "{\"prompts\": {}}").put("special_tokens_map.json", "{   }");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            pull(server);
            assertEquals(List.of("1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors",
                    "config.json", "config_sentence_transformers.json", "modules.json", "onnx/model.onnx",
                    "sentence_bert_config.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"),
                    hub(server).list().getFirst().revisions().getFirst().files());
            server.forget();
            hub(server).get(ID);
            assertEquals(List.of(), server.calls());
        }
    }

    @Test
    void aTransformerInAFolderOfItsOwnHasItsDescriptionsThere() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("modules.json", """
                [{"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"}]""")
                .drop("tokenizer.json").put("0_Transformer/tokenizer.json", "{}")
                .put("0_Transformer/config.json", "{}").put("0_Transformer/model.safetensors", "weights");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = pull(server);
            assertTrue(Files.exists(model.folder().resolve("0_Transformer/tokenizer.json")));
            assertFalse(Files.exists(model.folder().resolve("0_Transformer/model.safetensors")));
        }
    }

    @Test
    void theLastBytesAreReportedAndNoneTwice() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("onnx/model.onnx", HubRepository.noise(1, 3_000_000));
        repository.commit("main");
        List<String> files = new ArrayList<>();
        List<Long> onnx = new ArrayList<>();
        try (HubServer server = HubServer.start(repository)) {
            Thread here = Thread.currentThread();
            hub(server).pull(ID, PullOptions.DEFAULT, (file, done, size) -> {
                assertSame(here, Thread.currentThread());
                files.add(file);
                if (file.equals("onnx/model.onnx")) {
                    assertEquals(3_000_000, size);
                    onnx.add(done);
                }
            });
        }
        assertEquals(Set.of("config.json", "onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"),
                new HashSet<>(files));
        assertEquals(0, onnx.getFirst());
        assertEquals(3_000_000, onnx.getLast());
        assertEquals(onnx.stream().sorted().toList(), onnx);
        assertTrue(onnx.size() > 5 && onnx.size() < 20, onnx.toString());
    }

    @Test
    void manyThreadsThatWantTheSameModelDownloadItOnce() throws Exception {
        HubRepository repository = HubRepository.small(NAME).put("onnx/model.onnx", HubRepository.noise(1, 2_000_000));
        repository.commit("main");
        try (HubServer server = HubServer.start(repository);
                ExecutorService executor = Executors.newFixedThreadPool(8)) {
            ModelHub hub = hub(server);
            List<Future<HubModel>> models = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                models.add(executor.submit(() -> hub.get(ID)));
            }
            Set<HubModel> different = new HashSet<>();
            for (Future<HubModel> model : models) {
                different.add(model.get());
            }
            assertEquals(1, different.size());
            assertEquals(1, server.calls("/lfs/"));
            assertEquals(List.of(), partial());
            assertEquals(List.of(), hub.verify(NAME));
        }
    }

    @Test
    void aPrivateModelIsThereForWhoHasTheToken() throws IOException {
        HubRepository repository = HubRepository.small(NAME).access(HubRepository.Access.PRIVATE);
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            fails(Kind.INVALID_REQUEST, () -> pull(server), "there is no model acme/small at " + server.endpoint(),
                    "set HF_TOKEN");
            new ModelHub(withToken(server), SHORT, true).get(ID);
            assertTrue(server.calls().stream().filter(call -> !call.hub()).allMatch(
                    call -> call.authorization().isEmpty()), server.calls().toString());
            assertTrue(server.calls().stream().anyMatch(call -> call.path().startsWith("/api/resolve-cache/")
                    && call.authorization().equals(Optional.of("Bearer " + TOKEN))), server.calls().toString());
        }
    }

    /** As on Windows, where links need a right. */
    @Test
    void aCacheWithoutLinksHasTheFilesThemselves() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("special_tokens_map.json", "{}");
        String before = repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            ModelHub hub = new ModelHub(options(server), SHORT, false);
            HubModel model = hub.get(ID);
            assertTrue(Files.isRegularFile(model.folder().resolve("onnx/model.onnx"), LinkOption.NOFOLLOW_LINKS));
            assertEquals(List.of(), blobs());
            server.forget();
            assertEquals(model, hub.get(ID));
            assertEquals(model, hub(server).get(ID));
            assertEquals(List.of(), server.calls());
            assertEquals(List.of(), hub.verify(NAME));
            repository.put("config.json", "{\"model_type\": \"roberta\"}");
            String after = repository.commit("main");
            assertEquals(after, pull(server).commit());
            assertEquals(before, hub.get(new ModelId(NAME, before)).commit());
            Files.writeString(model.folder().resolve("config.json"), "{\"model_type\": \"berx\"}");
            assertEquals(List.of("snapshots/" + before + "/config.json"), hub.verify(NAME));
            Files.delete(model.folder().resolve("tokenizer.json"));
            assertEquals(model.folder(), hub.get(new ModelId(NAME, before)).folder());
            assertEquals("{}", Files.readString(model.folder().resolve("tokenizer.json")));
            assertEquals(List.of("snapshots/" + before + "/config.json"), hub(server).verify(NAME));
        }
    }

    @Test
    void aHubThatDoesNotListChecksumsIsAskedForThem() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        String commit = repository.commit("main");
        String list = "{\"sha\": \"" + commit + "\", \"siblings\": [{\"rfilename\": \"config.json\"}, {\"rfilename\":"
                + " \"tokenizer.json\"}, {\"rfilename\": \"onnx/model.onnx\"}]}";
        try (HubServer server = HubServer.start(repository)) {
            server.next("/revision/", HubAnswer.body(list.getBytes(StandardCharsets.UTF_8)));
            pull(server);
            assertEquals(3, server.calls().stream().filter(call -> call.method().equals("HEAD")
                    && call.path().contains("/resolve/")).count());
            assertTrue(blobs().contains(repository.files(commit).get("onnx/model.onnx").sha256()));
            server.forget();
            hub(server).get(ID);
            assertEquals(List.of(), server.calls());
        }
    }

    @Test
    void namesOfFilesMayHoldMoreThanLetters() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("onnx/modèle n°1 +100%.onnx", "strange");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = hub(server).get(ID, new PullOptions(Optional.of("onnx/modèle n°1 +100%.onnx"), false),
                    HubProgress.NONE);
            assertEquals("strange", Files.readString(model.folder().resolve(model.modelFile())));
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("special_tokens_map.json", "");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            assertEquals(0, Files.size(pull(server).folder().resolve("special_tokens_map.json")));
        }
    }

    @Test
    void theListTellsOfAllModelsAlsoOfThoseThatPythonLeft() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        String commit = repository.commit("main");
        Files.createDirectories(cache().resolve("datasets--acme--texts/snapshots"));
        Files.createDirectories(cache().resolve("models--bert-base/snapshots/" + "a".repeat(40)));
        Files.createDirectories(cache().resolve("models--nothing--inside"));
        Files.writeString(cache().resolve("CACHEDIR.TAG"), "");
        try (HubServer server = HubServer.start(repository)) {
            pull(server);
            List<CachedRepository> list = hub(server).list();
            assertEquals(List.of(NAME, "bert-base", "nothing/inside"),
                    list.stream().map(CachedRepository::repository).toList());
            CachedRepository ours = list.getFirst();
            assertEquals(repository(), ours.folder());
            assertEquals(new CachedRepository.Revision(commit, List.of("main"),
                    repository().resolve("snapshots").resolve(commit),
                    List.of("config.json", "onnx/model.onnx", "tokenizer.json", "tokenizer_config.json")),
                    ours.revisions().getFirst());
            assertTrue(ours.bytes() > 10_000 && ours.bytes() < 12_000, "bytes " + ours.bytes());
            FileTime later = FileTime.from(Instant.parse("2100-01-01T00:00:00Z"));
            Files.setLastModifiedTime(repository().resolve("refs/main"), later);
            assertEquals(later.toInstant(), hub(server).list().getFirst().lastUsed());
        }
    }

    @Test
    void whereThereIsNoCacheThereIsNoModel() {
        ModelHub hub = new ModelHub(options(URI.create("http://127.0.0.1:1")));
        assertEquals(List.of(), hub.list());
        assertEquals(Optional.empty(), hub.cached(ID, PullOptions.DEFAULT));
        fails(Kind.INVALID_REQUEST, () -> hub.remove(NAME), "acme/small is not in the cache " + cache());
        fails(Kind.INVALID_REQUEST, () -> hub.verify(NAME), "acme/small is not in the cache " + cache());
        assertEquals("repository must be owner/name, got ../etc",
                assertThrows(IllegalArgumentException.class, () -> hub.remove("../etc")).getMessage());
        assertFalse(Files.exists(cache()));
    }

    @Test
    void whatIsRemovedIsGoneWithItsLocksAndTheRestStays() throws IOException {
        HubRepository one = HubRepository.small(NAME);
        HubRepository other = HubRepository.small("acme/other");
        one.commit("main");
        other.commit("main");
        try (HubServer server = HubServer.start(one, other)) {
            pull(server);
            HubModel kept = hub(server).get(ModelId.of("acme/other"));
            long bytes = hub(server).list().getLast().bytes();
            assertEquals(bytes, hub(server).remove(NAME));
            assertFalse(Files.exists(repository()));
            assertFalse(Files.exists(cache().resolve(".locks/models--acme--small")));
            assertEquals(List.of("acme/other"),
                    hub(server).list().stream().map(CachedRepository::repository).toList());
            assertEquals(Optional.of(kept), hub(server).cached(kept.id(), PullOptions.DEFAULT));
            assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
        }
    }

    @Test
    void aModelOfAHubScores() throws IOException {
        HubRepository repository = new HubRepository(NAME);
        Path model = Files.createDirectory(folder.resolve("model"));
        TestModels.copy(TestModels.CROSS_ENCODER, model);
        for (String file : List.of("tokenizer.json", "config.json", "golden.json", "model.onnx")) {
            repository.put(file, model.resolve(file));
        }
        repository.commit("main");
        ScoreRequest request = ScoreRequest.of("the cat", List.of("a cat", "a dog", "the cat sat"));
        try (HubServer server = HubServer.start(repository);
                OnnxScorer named = OnnxScorer.load(hub(server).get(ID), EngineOptions.defaults());
                OnnxScorer local = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER),
                        EngineOptions.defaults())) {
            assertArrayEquals(local.score(request).logits(), named.score(request).logits(), 1e-5f);
            assertTrue(named.name().matches("acme/small@[0-9a-f]{12}/model.*"), named.name());
        }
    }

    @Test
    void aLicenceThatForbidsCommercialUseIsAskedFor() throws IOException {
        HubRepository repository = HubRepository.small(NAME).licence("cc-by-nc-4.0");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID),
                    "the licence of acme/small, cc-by-nc-4.0, forbids commercial use", "--accept-licence",
                    "PullOptions.acceptLicence");
            assertEquals(0, server.calls("/resolve/"));
            HubModel model = hub(server).get(ID, new PullOptions(Optional.empty(), true), HubProgress.NONE);
            assertEquals(model, hub(server).get(ID));
            assertEquals(model, pull(server));
        }
    }

    @Test
    void theListOfKnownModelsSaysOfALicenceWhatTheHubDoesNot() throws IOException {
        KnownModel restricted = KnownModel.all().stream().filter(model -> !model.commercial()).findFirst()
                .orElseThrow();
        HubRepository repository = HubRepository.small(restricted.repository());
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            fails(Kind.INVALID_REQUEST, () -> hub(server).get(ModelId.of(restricted.repository())),
                    "forbids commercial use", restricted.licence());
        }
    }

    @Test
    void withoutAnOnnxFileTheMessageSaysHowToMakeOne() throws IOException {
        HubRepository repository = HubRepository.small(NAME).drop("onnx/model.onnx");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID), "acme/small has no ONNX file",
                    "python training/export.py acme/small FOLDER", "--reranker FOLDER", "--encoder FOLDER");
            assertEquals(0, server.calls("/resolve/"));
            repository.put("onnx/model_fp16.onnx", "half");
            repository.commit("main");
            fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID), "onnx/model_fp16.onnx (half precision)",
                    "python training/export.py acme/small FOLDER");
        }
    }

    @Test
    void withoutATokenizerFileTheMessageSaysHowToMakeOne() throws IOException {
        HubRepository repository = HubRepository.small(NAME).drop("tokenizer.json").put("vocab.txt", "a");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID), "acme/small has no tokenizer.json",
                    "python training/export.py acme/small FOLDER");
        }
    }

    @Test
    void aFileThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        HubRepository repository = HubRepository.small(NAME);
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            RerankException e = fails(Kind.INVALID_REQUEST, () -> hub(server).get(ID,
                    new PullOptions(Optional.of("onnx/modle.onnx"), false), HubProgress.NONE));
            assertEquals("acme/small has no file onnx/modle.onnx; its ONNX files are onnx/model.onnx", e.getMessage());
        }
    }
}
