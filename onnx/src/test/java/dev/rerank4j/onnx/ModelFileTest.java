package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {

    @TempDir
    Path folder;

    @Test
    void weightsInAFileBesideTheModelAreRead() throws IOException {
        withWeightsIn("model.onnx_data");
        Files.write(folder.resolve("onnx/model.onnx_data"), TinyOnnx.bytes(new float[]{2}));
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            int sum = scorer.ids("a", "b").stream().mapToInt(id -> id).sum();
            assertEquals(2 * sum, scorer.score(ScoreRequest.of("a", List.of("b"))).logits()[0]);
        }
    }

    @Test
    void whereTheCacheLinksToBlobsTheyAreFoundToo() throws IOException {
        withWeightsIn("model.onnx_data");
        Files.write(folder.resolve("onnx/model.onnx_data"), TinyOnnx.bytes(new float[]{2}));
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/one/onnx"));
        int number = 0;
        for (String name : List.of("config.json", "tokenizer.json", "onnx/model.onnx", "onnx/model.onnx_data")) {
            Path blob = blobs.resolve("blob" + number++);
            Files.move(folder.resolve(name), blob);
            Path link = snapshot.getParent().resolve(name);
            Files.createSymbolicLink(link, link.getParent().relativize(blob));
        }
        try (OnnxScorer scorer = OnnxScorer.load(snapshot.getParent())) {
            assertEquals(1, scorer.score(ScoreRequest.of("a", List.of("b"))).size());
        }
    }

    @Test
    void weightsThatAreMissingAreNamed() throws IOException {
        withWeightsIn("model.onnx_data");
        assertRefused(RerankException.Kind.UNAVAILABLE, "has its weights in model.onnx_data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../weights", "a/../../b", "..", "", "..\\weights"})
    void weightsOutsideTheFolderAreNotRead(String location) throws IOException {
        withWeightsIn(location);
        assertRefused(RerankException.Kind.MODEL, "outside its folder");
    }

    @Test
    void weightsThatAreTooShortAreRefused() throws IOException {
        withWeightsIn("model.onnx_data");
        Files.write(folder.resolve("onnx/model.onnx_data"), new byte[2]);
        assertRefused(RerankException.Kind.MODEL, "fetch it again");
    }

    private void withWeightsIn(String location) throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64).sums("sums")
                .externalWeights("scale", location, Float.BYTES, 1).node("Mul", "sums scale", "logits")
                .output("logits", TinyOnnx.FLOAT, -1, 1));
    }

    @Test
    void scalesThatAreTakenOverAllRowsAreNoticedByTheOperator() throws IOException {
        assertTrue(read(new TinyOnnx().node("DynamicQuantizeLinear", "a", "b c d")).batchDependent());
        assertTrue(read(new TinyOnnx().node("DynamicQuantizeMatMul", "a", "b")).batchDependent());
        assertFalse(read(new TinyOnnx().node("MatMul", "DynamicQuantizeLinear", "b")).batchDependent(), "a name");
        ModelFiles files = TestModels.files(TestModels.CROSS_ENCODER);
        assertTrue(ModelFile.read(files, "model_int8.onnx", Optional.empty()).batchDependent());
        assertFalse(ModelFile.read(files, "model.onnx", Optional.empty()).batchDependent());
    }

    @Test
    void aFileOfItsOwnIsNotHeldInMemory() throws IOException {
        ModelFolders.reranker(folder);
        ModelFiles files = ModelFiles.folder(folder);
        assertEquals(Optional.empty(), ModelFile.read(files, "onnx/model.onnx", Optional.empty()).bytes());
    }

    /** Of five gigabytes, read from nowhere: longer than an array can be. */
    @Test
    void weightsOfAnyLengthArePassedOver() throws IOException {
        long length = 5L << 30;
        byte[] weights = new TinyOnnx().bytes();
        InputStream zeros = new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] bytes, int from, int count) {
                int read = (int) Math.min(left, count);
                left -= read;
                return read > 0 ? read : -1;
            }

            @Override
            public long skip(long count) {
                long skipped = Math.clamp(count, 0, left);
                left -= skipped;
                return skipped;
            }
        };
        byte[] tensor = join(new byte[]{0x4a}, variable(length)); // raw_data
        byte[] graph = join(new byte[]{0x2a}, variable(tensor.length + length), tensor); // initializer
        byte[] before = join(new byte[]{0x3a}, variable(graph.length + length), graph);
        InputStream after = new ByteArrayInputStream(new TinyOnnx().node("Last", "a", "b").bytes());
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(join(weights, before)),
                new SequenceInputStream(zeros, after));
        assertEquals(Set.of("Last"), OnnxGraph.read(all).operators());
    }

    private static byte[] variable(long value) {
        byte[] bytes = new byte[10];
        int count = 0;
        for (long rest = value; rest != 0; rest >>>= 7) {
            bytes[count++] = (byte) (rest & 0x7f | (rest > 0x7f ? 0x80 : 0));
        }
        return Arrays.copyOf(bytes, count);
    }

    private static byte[] join(byte[]... parts) {
        byte[] joined = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    @Test
    void whatIsDamagedIsSaidToBeOrReadButNeverMore() throws IOException {
        byte[] whole = TinyOnnx.scorer("logits", 1).externalWeights("w", "data", 4, 1).bytes();
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
            for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                OnnxGraph.read(new ByteArrayInputStream(bytes));
            } catch (StreamCorruptedException e) {
                continue; // as it should be; anything else fails the test, with the seed in its place
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void graphsNestedWithoutEndAreRefused() {
        byte[] graph = {};
        for (int depth = 0; depth < 200; depth++) {
            byte[] attribute = join(new byte[]{0x32}, variable(graph.length), graph);
            byte[] node = join(new byte[]{0x2a}, variable(attribute.length), attribute);
            graph = join(new byte[]{0x0a}, variable(node.length), node);
        }
        byte[] model = join(new byte[]{0x3a}, variable(graph.length), graph);
        StreamCorruptedException e = assertThrows(StreamCorruptedException.class,
                () -> OnnxGraph.read(new ByteArrayInputStream(model)));
        assertTrue(e.getMessage().contains("nested"), e.getMessage());
    }

    @Test
    void operatorsOfNestedGraphsAndFunctionsCountToo() throws IOException {
        byte[] name = "DynamicQuantizeLinear".getBytes(StandardCharsets.US_ASCII);
        byte[] inner = field(1, field(4, name)); // a graph with one node
        byte[] outer = field(7, field(1, field(5, field(6, inner)))); // of an attribute of a node
        assertTrue(OnnxGraph.read(new ByteArrayInputStream(outer)).batchDependent());
        byte[] function = field(25, field(7, field(4, name)));
        assertTrue(OnnxGraph.read(new ByteArrayInputStream(function)).batchDependent());
    }

    private static byte[] field(int number, byte[] bytes) {
        return join(variable((long) number << 3 | 2), variable(bytes.length), bytes);
    }

    private static OnnxGraph read(TinyOnnx onnx) throws IOException {
        return OnnxGraph.read(new ByteArrayInputStream(onnx.bytes()));
    }

    private void assertRefused(RerankException.Kind kind, String words) {
        RerankException e = assertThrows(RerankException.class, () -> OnnxScorer.load(folder));
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(kind, e.kind(), e.getMessage());
    }
}
