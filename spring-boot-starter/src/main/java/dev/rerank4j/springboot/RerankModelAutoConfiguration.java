package dev.rerank4j.springboot;

import dev.rerank4j.Encoder;
import dev.rerank4j.Scorer;
import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The models: a {@link Scorer}, and an {@link Encoder} where an index or an embedding model needs one. */
@AutoConfiguration
@ConditionalOnRerank4j
@ConditionalOnClass(OnnxScorer.class)
@EnableConfigurationProperties(Rerank4jProperties.class)
public final class RerankModelAutoConfiguration {

    RerankModelAutoConfiguration() {
    }

    @Bean
    @ConditionalOnMissingBean
    Scorer rerank4jScorer(Rerank4jProperties properties, ObjectProvider<ModelHub> hub) {
        EngineOptions options = options(properties.engine());
        return new NamedModel("model", properties.model(), "a cross-encoder").load(() -> OnnxScorer.builtIn(options),
                folder -> OnnxScorer.load(folder, options), model -> OnnxScorer.load(model, options), or(hub),
                properties.acceptLicence());
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(EncoderNeeded.class)
    Encoder rerank4jEncoder(Rerank4jProperties properties, ObjectProvider<ModelHub> hub) {
        EngineOptions options = options(properties.engine());
        return new NamedModel("encoder", properties.encoder(), "an encoder").load(() -> OnnxEncoder.builtIn(options),
                folder -> OnnxEncoder.load(folder, options), model -> OnnxEncoder.load(model, options), or(hub),
                properties.acceptLicence());
    }

    /** The application's own hub, with its own address and token, or the one that the environment names. */
    private static Supplier<ModelHub> or(ObjectProvider<ModelHub> hub) {
        return () -> hub.getIfUnique(ModelHub::standard);
    }

    private static EngineOptions options(Rerank4jProperties.Engine engine) {
        EngineOptions defaults = EngineOptions.defaults();
        return new EngineOptions(or(engine.threads(), defaults.threads()),
                or(engine.intraOpThreads(), defaults.intraOpThreads()),
                or(engine.batchTokens(), defaults.batchTokens()),
                or(engine.queueTokens(), defaults.queueTokens()));
    }

    private static int or(@Nullable Integer value, int unset) {
        return value == null ? unset : value;
    }

    static final class EncoderNeeded extends AnyNestedCondition {

        EncoderNeeded() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty("rerank4j.index.folder")
        static final class ForTheIndex {
        }

        @ConditionalOnProperty(name = "spring.ai.model.embedding", havingValue = "rerank4j")
        static final class ForTheEmbeddingModel {
        }
    }
}
