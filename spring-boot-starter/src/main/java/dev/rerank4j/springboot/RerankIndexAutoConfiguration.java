package dev.rerank4j.springboot;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Encoder;
import dev.rerank4j.Fusion;
import dev.rerank4j.Index;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.springai.IndexDocumentWriter;
import dev.rerank4j.springai.VectorStoreFirstStage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * The index in the folder {@code rerank4j.index.folder}, a pipeline that searches it, and what writes documents to it.
 * The writer is a fallback, for a vector store is a {@code DocumentWriter} as well.
 */
@AutoConfiguration(after = RerankModelAutoConfiguration.class)
@ConditionalOnRerank4j
@ConditionalOnClass({LuceneIndex.class, VectorStore.class})
@ConditionalOnProperty("rerank4j.index.folder")
@EnableConfigurationProperties(Rerank4jProperties.class)
public final class RerankIndexAutoConfiguration {

    RerankIndexAutoConfiguration() {
    }

    @Bean
    @ConditionalOnMissingBean(Index.class)
    @ConditionalOnSingleCandidate(Encoder.class)
    LuceneIndex rerank4jIndex(Rerank4jProperties properties, Encoder encoder) {
        Path folder = Rerank4jProperties.path("index.folder", Objects.requireNonNull(properties.index().folder()));
        String language = properties.index().language();
        try {
            return LuceneIndex.open(folder, encoder,
                    language == null ? LuceneIndex.language(folder).orElse("en") : language);
        } catch (IllegalArgumentException e) {
            throw Rerank4jProperties.invalid("index.language", String.valueOf(language), e.getMessage() + ".", e);
        } catch (RerankException e) {
            throw Rerank4jProperties.invalid("index.folder", folder,
                    "It must be the folder of an index, or of none yet: "
                            + e.getMessage() + ".",
                    e);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(LuceneIndex.class)
    SearchPipeline rerank4jSearchPipeline(Rerank4jProperties properties, LuceneIndex index,
            ObjectProvider<Scorer> scorer,
            ObjectProvider<Reranker> reranker, ObjectProvider<VectorStore> store,
            ObjectProvider<SearchListener> listener) {
        List<Rerank4jProperties.Index.Stage> stages = properties.index().retrievers();
        SearchPipeline.Builder builder = SearchPipeline.builder();
        Map<String, Double> weights = new HashMap<>();
        for (Rerank4jProperties.Index.Stage stage : stages) {
            weights.put(stage.stage(), 1.0);
            builder.retriever(switch (stage) {
                case BM25 -> index.bm25();
                case VECTOR -> index.vector();
                case VECTOR_STORE -> new VectorStoreFirstStage(stage.stage(), the(store));
            });
        }
        // as the command line does, whose defaults were measured
        double[] equal = new double[stages.size()];
        Arrays.fill(equal, 1);
        builder.fusion(Fusion.standardized(equal));
        Reranker own = reranker.getIfUnique();
        if (own != null) {
            builder.reranker(own);
        } else {
            scorer.ifUnique(
                    model -> builder.reranker(Reranker.adaptive(model, properties.index().modelWeight(), weights,
                            properties.index().neighbours(), depth(properties))));
        }
        listener.ifUnique(builder::listener);
        return builder.build();
    }

    private static AdaptiveDepth depth(Rerank4jProperties properties) {
        AdaptiveDepth usual = AdaptiveDepth.DEFAULT;
        return new AdaptiveDepth(usual.first(), usual.block(), usual.margin(), properties.searchLimit(),
                properties.index().unit());
    }

    private static VectorStore the(ObjectProvider<VectorStore> store) {
        VectorStore only = store.getIfUnique();
        if (only == null) {
            throw Rerank4jProperties.invalid("index.retrievers", "vector-store",
                    "It needs exactly one VectorStore bean, or one that is primary.");
        }
        return only;
    }

    @Bean
    @Fallback
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(Index.class)
    IndexDocumentWriter rerank4jDocumentWriter(Index index) {
        return new IndexDocumentWriter(index);
    }
}
