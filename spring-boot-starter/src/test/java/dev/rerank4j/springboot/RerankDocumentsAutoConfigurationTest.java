package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.SearchResult;
import dev.rerank4j.WordScorer;
import dev.rerank4j.springai.DefaultRerankObservationConvention;
import dev.rerank4j.springai.RerankObservationConvention;
import dev.rerank4j.springai.RerankingDocumentPostProcessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class RerankDocumentsAutoConfigurationTest {

    private static final Query LEAVE = new Query("annual leave");
    private static final List<Document> DOCUMENTS = List.of(new Document("parking", "Parking is free.", Map.of()),
            new Document("sick", "sick leave", Map.of()), new Document("leave", "annual leave", Map.of()));

    @Test
    void oneDependencyIsEnough() {
        Contexts.withStarter().run(context -> {
            DocumentPostProcessor reranking = context.getBean(DocumentPostProcessor.class);
            assertThat(reranking).isInstanceOf(RerankingDocumentPostProcessor.class);
            assertThat(ids(reranking.process(new Query("How many days of annual leave?"), DOCUMENTS))).first()
                    .isEqualTo("leave");
        });
    }

    @Test
    void theOwnPostProcessorWins() {
        RerankingDocumentPostProcessor own = RerankingDocumentPostProcessor.of(new WordScorer());
        Contexts.withWords().withBean(RerankingDocumentPostProcessor.class, () -> own)
                .run(context -> assertThat(context).getBean(RerankingDocumentPostProcessor.class).isSameAs(own));
    }

    @Test
    void besideOthersItStandsBack() {
        DocumentPostProcessor other = (query, documents) -> List.of();
        Contexts.withWords().withBean("other", DocumentPostProcessor.class, () -> other)
                .withUserConfiguration(Injected.class).run(context -> {
                    assertThat(context.getBean(Injected.One.class).only()).isSameAs(other);
                    assertThat(context.getBean(Injected.One.class).all()).hasSize(2);
                    assertThat(context).hasSingleBean(RerankingDocumentPostProcessor.class);
                });
    }

    @Test
    void withoutSpringsRagThereIsNone() {
        Contexts.withWords().withClassLoader(new FilteredClassLoader("org.springframework.ai.rag"))
                .run(context -> assertThat(context).hasNotFailed()
                        .doesNotHaveBean("rerankingDocumentPostProcessor").hasSingleBean(Scorer.class));
    }

    @Test
    void withoutOurAdaptersThereIsNone() {
        Contexts.withWords().withClassLoader(new FilteredClassLoader("dev.rerank4j.springai"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("rerankingDocumentPostProcessor"));
    }

    @Test
    void withoutAModelThereIsNone() {
        Contexts.withStarter().withClassLoader(new FilteredClassLoader("dev.rerank4j.onnx"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DocumentPostProcessor.class));
    }

    @Test
    void withoutOnnxTheOwnModelIsEnough() {
        Contexts.withWords().withClassLoader(new FilteredClassLoader("dev.rerank4j.onnx"))
                .run(context -> assertThat(context).hasSingleBean(RerankingDocumentPostProcessor.class));
    }

    @Test
    void amongSeveralModelsNobodyChooses() {
        Contexts.withWords().withBean("second", Scorer.class, WordScorer::new)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DocumentPostProcessor.class));
    }

    @Test
    void theOwnRerankerIsUsed() {
        Reranker lastFirst = Reranker.adaptive(new WordScorer(), 0, Map.of(),
                AdaptiveDepth.DEFAULT);
        Contexts.withWords().withBean(Reranker.class, () -> lastFirst).run(context -> assertThat(
                ids(context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS)))
                .as("without any weight, by id").containsExactly("leave", "parking", "sick"));
    }

    @Test
    void propertiesCount() {
        Contexts.withWords().withPropertyValues("rerank4j.limit=2").run(context -> assertThat(
                ids(context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS)))
                .containsExactly("leave", "sick"));
        Contexts.withWords().withPropertyValues("rerank4j.depth=2").run(context -> assertThat(
                ids(context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS)))
                .containsExactly("sick", "parking", "leave"));
        Contexts.withWords().withPropertyValues("rerank4j.min-score=0.9").run(context -> assertThat(
                ids(context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS))).containsExactly("leave"));
        Contexts.withWords().withPropertyValues("rerank4j.timeout=1ns").run(context -> assertThat(
                context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS).getFirst().getMetadata())
                .containsEntry("rerank4j.failed_stages", List.of("rerank: TIMEOUT")));
    }

    @Test
    void listenersAndObservationsOfTheApplicationAreServed() {
        List<SearchResult> heard = new ArrayList<>();
        List<String> observed = new ArrayList<>();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(context.getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        RerankObservationConvention convention = new DefaultRerankObservationConvention() {
            @Override
            public String getName() {
                return "mine";
            }
        };
        var contexts = Contexts.withWords().withBean(SearchListener.class, () -> (request, result) -> heard.add(result))
                .withBean(ObservationRegistry.class, () -> registry);
        contexts.run(context -> context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS));
        contexts.withBean(RerankObservationConvention.class, () -> convention)
                .run(context -> context.getBean(DocumentPostProcessor.class).process(LEAVE, DOCUMENTS));
        assertThat(heard).hasSize(2);
        assertThat(observed).containsExactly("rerank4j.operation", "mine");
    }

    @Test
    void itIsClosedWithTheApplication() {
        AtomicReference<DocumentPostProcessor> reranking = new AtomicReference<>();
        Contexts.withWords().run(context -> reranking.set(context.getBean(DocumentPostProcessor.class)));
        assertThatThrownBy(() -> reranking.get().process(LEAVE, DOCUMENTS)).isInstanceOf(IllegalStateException.class);
    }

    private static List<String> ids(List<Document> documents) {
        return documents.stream().map(Document::getId).toList();
    }

    @Configuration(proxyBeanMethods = false)
    static class Injected {

        record One(DocumentPostProcessor only, List<DocumentPostProcessor> all) {
        }

        @Bean
        One one(DocumentPostProcessor only, List<DocumentPostProcessor> all) {
            return new One(only, all);
        }
    }
}
