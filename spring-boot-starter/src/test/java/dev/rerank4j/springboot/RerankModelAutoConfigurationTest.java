package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rerank4j.Encoder;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.FilteredClassLoader;

class RerankModelAutoConfigurationTest {

    @Test
    void theBuiltInModelIsThereAndClosedWithTheApplication() {
        AtomicReference<Scorer> scorer = new AtomicReference<>();
        Contexts.withStarter().withPropertyValues("rerank4j.engine.threads=1", "rerank4j.engine.intra-op-threads=2",
                "rerank4j.engine.batch-tokens=256", "rerank4j.engine.queue-tokens=1000").run(context -> {
                    assertThat(context).hasSingleBean(Scorer.class).doesNotHaveBean(Encoder.class);
                    scorer.set(context.getBean(Scorer.class));
                    assertThat(scorer.get()).isInstanceOf(OnnxScorer.class);
                    assertThat(scorer.get().score(ScoreRequest.of("q", List.of("a", "b"))).size()).isEqualTo(2);
                });
        assertThatThrownBy(() -> scorer.get().score(ScoreRequest.of("q", List.of("a"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aModelInAFolderTakesItsPlace(@TempDir Path folder) throws IOException {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        for (String file : List.of("config.json", "tokenizer.json", "model_int8.onnx")) {
            try (InputStream in = OnnxScorer.class
                    .getResourceAsStream("/dev/rerank4j/model/rerank4j-minilm-l6-v1/" + file)) {
                Files.copy(in, mine.resolve(file));
            }
        }
        Contexts.withStarter().withPropertyValues("rerank4j.model=" + mine)
                .run(context -> assertThat(context.getBean(Scorer.class).name()).startsWith("mine"));
    }

    @Test
    void theApplicationsOwnScorerWins() {
        Contexts.withStarter().withBean("own", Scorer.class, WordScorer::new)
                .run(context -> assertThat(context).getBean(Scorer.class).isInstanceOf(WordScorer.class));
    }

    @Test
    void withoutOnnxThereIsNoModel() {
        Contexts.withStarter().withClassLoader(new FilteredClassLoader("dev.rerank4j.onnx"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Scorer.class));
    }

    @Test
    void switchedOffThereIsNothingAtAll(@TempDir Path folder) {
        Contexts.withStarter().withPropertyValues("rerank4j.enabled=false", "rerank4j.index.folder=" + folder,
                "spring.ai.model.embedding=rerank4j").run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeanDefinitionNames())
                            .noneMatch(name -> name.toLowerCase(Locale.ROOT)
                                    .contains("rerank"));
                });
    }

    @Test
    void anEncoderIsThereWhereItIsNeeded(@TempDir Path folder) {
        Contexts.withStarter().withBean("own", Scorer.class, WordScorer::new)
                .withPropertyValues("rerank4j.index.folder=" + folder)
                .run(context -> assertThat(context).getBean(Encoder.class).isInstanceOf(OnnxEncoder.class));
        Contexts.withStarter().withBean("own", Scorer.class, WordScorer::new)
                .withPropertyValues("spring.ai.model.embedding=rerank4j")
                .run(context -> assertThat(context).hasSingleBean(Encoder.class));
        Contexts.withStarter().withBean("own", Scorer.class, WordScorer::new)
                .withPropertyValues("spring.ai.model.embedding=openai")
                .run(context -> assertThat(context).doesNotHaveBean(Encoder.class));
    }

    @Test
    void theApplicationsOwnEncoderWins(@TempDir Path folder) {
        Contexts.withWords().withPropertyValues("rerank4j.index.folder=" + folder)
                .run(context -> assertThat(context).getBean(Encoder.class).isInstanceOf(WordEncoder.class));
    }
}
