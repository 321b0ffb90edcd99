package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.RerankException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** Who brings a scorer may exclude the modules onnx and model from the class path. */
class WithoutBuiltInTest {

    private static final List<String> PUBLIC = List.of("EmbeddingModelEncoder", "EmbeddingStoreRetriever",
            "EncoderEmbeddingModel", "EvidenceContent", "EvidenceContentAggregator", "RerankScoringModel",
            "TwoStageContentRetriever");

    @Test
    void everythingLoadsAndWorksButTheBuiltInModel() throws Exception {
        List<URL> rest = new ArrayList<>();
        int left = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (holds(Path.of(entry), "dev/rerank4j/onnx/OnnxScorer.class")
                    || holds(Path.of(entry), "dev/rerank4j/model/")) {
                left++;
            } else {
                rest.add(Path.of(entry).toUri().toURL());
            }
        }
        assertEquals(2, left, "the modules onnx and model are on the class path of this test");
        try (URLClassLoader loader = new URLClassLoader(rest.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("dev.rerank4j.onnx.OnnxScorer"));
            for (String name : PUBLIC) {
                Class<?> type = Class.forName("dev.rerank4j.langchain4j." + name, true, loader);
                assertEquals(loader, type.getClassLoader());
                type.getMethods(); // resolves all signatures
                type.getDeclaredFields();
            }
            Class<?> scorer = loader.loadClass("dev.rerank4j.Scorer");
            Object words = loader.loadClass("dev.rerank4j.WordScorer").getConstructor().newInstance();
            Object aggregator = loader.loadClass("dev.rerank4j.langchain4j.EvidenceContentAggregator")
                    .getMethod("of", scorer).invoke(null, words);
            assertEquals(List.of(),
                    aggregator.getClass().getMethod("aggregate", Map.class).invoke(aggregator,
                            Map.of()));
            for (String name : List.of("RerankScoringModel", "EvidenceContentAggregator", "EncoderEmbeddingModel")) {
                Throwable e = assertThrows(InvocationTargetException.class,
                        () -> loader.loadClass("dev.rerank4j.langchain4j." + name).getMethod("builtIn").invoke(null))
                        .getCause();
                assertEquals(RerankException.class.getName(), e.getClass().getName());
                assertEquals("the built-in model is not on the class path: add rerank4j-onnx and rerank4j-model",
                        e.getMessage());
                assertInstanceOf(NoClassDefFoundError.class, e.getCause());
            }
        }
    }

    private static boolean holds(Path entry, String name) throws IOException {
        if (!Files.isRegularFile(entry)) {
            return Files.exists(entry.resolve(name));
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(name) != null;
        }
    }
}
