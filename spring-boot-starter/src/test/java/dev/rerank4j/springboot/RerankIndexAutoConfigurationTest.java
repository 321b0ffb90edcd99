package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rerank4j.Encoder;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.springai.EncoderEmbeddingModel;
import dev.rerank4j.springai.IndexDocumentWriter;
import dev.rerank4j.springai.RerankMetadata;
import dev.rerank4j.springai.TwoStageDocumentRetriever;
import dev.rerank4j.springai.VectorStoreFirstStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.DocumentWriter;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.retrieval.search.DocumentRetriever;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class RerankIndexAutoConfigurationTest {

    private static final List<Document> DOCUMENTS = List.of(new Document("parking", "Parking is free.", Map.of()),
            new Document("sick", "sick leave", Map.of("parent_document_id", "people")),
            new Document("leave", "annual leave", Map.of("parent_document_id", "people")));
    private static final Query LEAVE = new Query("annual leave");

    @TempDir
    private Path folder;

    private ApplicationContextRunner contexts = Contexts.withWords();

    @BeforeEach
    void inAFolder() {
        contexts = contexts.withPropertyValues("rerank4j.index.folder=" + folder);
    }

    @Test
    void withoutAFolderThereIsNone() {
        Contexts.withWords().run(context -> assertThat(context).doesNotHaveBean(Index.class)
                .doesNotHaveBean(SearchPipeline.class).doesNotHaveBean(DocumentRetriever.class)
                .doesNotHaveBean(DocumentWriter.class));
    }

    @Test
    void documentsAreWrittenAndFound() {
        contexts.run(context -> {
            context.getBean(DocumentWriter.class).write(DOCUMENTS);
            List<Document> found = context.getBean(DocumentRetriever.class).retrieve(LEAVE);
            assertThat(ids(found)).startsWith("leave", "sick");
            assertThat(stages(found.getFirst())).containsExactly("bm25", "vector", "fusion", "cross-encoder",
                    "neighbours", "rerank");
        });
        contexts.run(context -> assertThat(context.getBean(DocumentRetriever.class).retrieve(LEAVE))
                .as("another run finds them, too").isNotEmpty());
    }

    @Test
    void propertiesCount() {
        contexts.withPropertyValues("rerank4j.index.retrievers=bm25", "rerank4j.index.unit=document",
                "rerank4j.limit=2",
                "rerank4j.depth=3", "rerank4j.timeout=10s", "rerank4j.index.model-weight=0",
                "rerank4j.index.neighbours=0").run(context -> {
                    context.getBean(DocumentWriter.class).write(DOCUMENTS);
                    List<Document> found = context.getBean(DocumentRetriever.class).retrieve(LEAVE);
                    assertThat(ids(found)).containsExactly("leave");
                    assertThat(stages(found.getFirst())).containsExactly("bm25", "cross-encoder", "rerank");
                });
        contexts.withPropertyValues("rerank4j.min-score=0.9").run(context -> assertThat(
                ids(context.getBean(DocumentRetriever.class).retrieve(LEAVE))).containsExactly("leave"));
    }

    @Test
    void theLanguageIsThatOfTheIndexUnlessSaid() {
        contexts.withPropertyValues("rerank4j.index.language=de").run(context -> {
            assertThat(context.getBean(LuceneIndex.class).language()).isEqualTo("de");
            context.getBean(DocumentWriter.class).write(DOCUMENTS);
        });
        contexts.run(context -> assertThat(context.getBean(LuceneIndex.class).language()).isEqualTo("de"));
    }

    @Test
    void theVectorStoreCanBeARetriever() {
        contexts.withPropertyValues("rerank4j.index.retrievers=bm25,vector-store")
                .withBean(VectorStore.class, RerankIndexAutoConfigurationTest::store).run(context -> {
                    context.getBean(IndexDocumentWriter.class).write(DOCUMENTS);
                    List<Document> found = context.getBean(DocumentRetriever.class).retrieve(LEAVE);
                    assertThat(ids(found)).startsWith("leave");
                    assertThat(stages(found.getFirst())).startsWith("bm25", "vector-store", "fusion");
                });
    }

    @Test
    void theVectorStoreIsLeftAloneUnlessNamed() {
        contexts.withBean(VectorStore.class, RerankIndexAutoConfigurationTest::store)
                .withUserConfiguration(Writer.class)
                .run(context -> {
                    assertThat(context.getBean(Writer.Held.class).writer()).isInstanceOf(VectorStore.class);
                    context.getBean(IndexDocumentWriter.class).write(DOCUMENTS);
                    assertThat(stages(context.getBean(DocumentRetriever.class).retrieve(LEAVE).getFirst()))
                            .doesNotContain("vector-store");
                });
    }

    @Test
    void theOwnIndexWins() {
        Contexts.withWords().withPropertyValues("rerank4j.index.folder=" + folder.resolve("other"))
                .withBean("own", LuceneIndex.class, () -> LuceneIndex.open(folder, new WordEncoder(8), "en"))
                .run(context -> assertThat(context).getBeanNames(Index.class).containsExactly("own"));
    }

    @Test
    void anIndexOfAnotherKindIsWrittenButNotSearched() {
        contexts.withBean("own", Index.class, Forgetful::new).run(context -> assertThat(context)
                .doesNotHaveBean(LuceneIndex.class).hasSingleBean(IndexDocumentWriter.class)
                .doesNotHaveBean(SearchPipeline.class));
    }

    @Test
    void theOwnPipelineRetrieverAndWriterWin() {
        SearchPipeline pipeline = pipeline();
        contexts.withBean(SearchPipeline.class, () -> pipeline)
                .run(context -> assertThat(context).getBean(SearchPipeline.class).isSameAs(pipeline));
        TwoStageDocumentRetriever retriever = TwoStageDocumentRetriever.builder(pipeline()).build();
        contexts.withBean(TwoStageDocumentRetriever.class, () -> retriever)
                .run(context -> assertThat(context).getBean(TwoStageDocumentRetriever.class).isSameAs(retriever));
        IndexDocumentWriter writer = new IndexDocumentWriter(new Forgetful());
        contexts.withBean(IndexDocumentWriter.class, () -> writer)
                .run(context -> assertThat(context).getBean(IndexDocumentWriter.class).isSameAs(writer));
    }

    @Test
    void anotherRetrieverIsNotPushedAside() {
        DocumentRetriever other = query -> List.of();
        contexts.withBean("other", DocumentRetriever.class, () -> other).withUserConfiguration(Retrieving.class)
                .run(context -> assertThat(context.getBean(Retrieving.Held.class).retriever()).isSameAs(other));
    }

    @Test
    void aPipelineOfTheApplicationIsEnoughForARetriever() {
        Contexts.withWords().withBean(SearchPipeline.class, RerankIndexAutoConfigurationTest::pipeline)
                .run(context -> assertThat(context).hasSingleBean(TwoStageDocumentRetriever.class));
    }

    @Test
    void withoutAModelTheFirstStageAnswers() {
        Contexts.withStarter().withBean("one", Scorer.class, WordScorer::new)
                .withBean("two", Scorer.class, WordScorer::new)
                .withBean(Encoder.class, () -> new WordEncoder(8)).withPropertyValues("rerank4j.index.folder=" + folder)
                .run(context -> {
                    context.getBean(DocumentWriter.class).write(DOCUMENTS);
                    assertThat(stages(context.getBean(DocumentRetriever.class).retrieve(LEAVE).getFirst()))
                            .containsExactly("bm25", "vector", "fusion");
                });
    }

    @Test
    void withoutOneOfTheClassesThereIsNone() {
        contexts.withClassLoader(new FilteredClassLoader("dev.rerank4j.lucene"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Index.class));
        contexts.withClassLoader(new FilteredClassLoader(VectorStore.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Index.class));
        contexts.withClassLoader(new FilteredClassLoader("org.springframework.ai.rag"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Index.class)
                        .hasSingleBean(SearchPipeline.class).doesNotHaveBean("twoStageDocumentRetriever"));
        Contexts.withStarter().withClassLoader(new FilteredClassLoader("dev.rerank4j.onnx"))
                .withPropertyValues("rerank4j.index.folder=" + folder)
                .run(context -> assertThat(context).as("nor without encoder").hasNotFailed()
                        .doesNotHaveBean(Index.class));
    }

    @Test
    void itIsClosedWithTheApplication() {
        AtomicReference<LuceneIndex> index = new AtomicReference<>();
        AtomicReference<SearchPipeline> pipeline = new AtomicReference<>();
        contexts.run(context -> {
            index.set(context.getBean(LuceneIndex.class));
            pipeline.set(context.getBean(SearchPipeline.class));
        });
        assertThatThrownBy(() -> index.get().size()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pipeline.get().search(SearchRequest.of("q")))
                .isInstanceOf(IllegalStateException.class);
    }

    private static SearchPipeline pipeline() {
        return SearchPipeline.builder().retriever(new VectorStoreFirstStage(request -> DOCUMENTS)).build();
    }

    private static VectorStore store() {
        SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(new WordEncoder(16))).build();
        store.add(DOCUMENTS);
        return store;
    }

    private static List<String> ids(List<Document> documents) {
        return documents.stream().map(Document::getId).toList();
    }

    private static List<String> stages(Document document) {
        return RerankMetadata.evidence(document).stream().map(evidence -> evidence.stage()).toList();
    }

    @Configuration(proxyBeanMethods = false)
    static class Writer {

        record Held(DocumentWriter writer) {
        }

        @Bean
        Held writerHeld(DocumentWriter writer) {
            return new Held(writer);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Retrieving {

        record Held(DocumentRetriever retriever) {
        }

        @Bean
        Held retrieverHeld(DocumentRetriever retriever) {
            return new Held(retriever);
        }
    }

    /** Keeps nothing. */
    private static final class Forgetful implements Index {

        @Override
        public void add(List<Passage> passages) {
        }

        @Override
        public void delete(String documentId) {
        }

        @Override
        public void commit() {
        }

        @Override
        public void close() {
        }
    }
}
