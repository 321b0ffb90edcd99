package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.advisor.RetrievalAugmentationAdvisor;
import org.springframework.ai.rag.retrieval.search.VectorStoreDocumentRetriever;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Within Spring AI's own advisor and chat client; the chat model alone is scripted. */
class AdvisorTest {

    private static final List<Document> DOCUMENTS = List.of(
            new Document("parking", "Parking at the office is free of charge at all times and for all.",
                    Map.of("area", "office")),
            new Document("sick", "Sick leave is not annual; of days one needs no form for one needs none.",
                    Map.of("area", "people")),
            new Document("leave", "annual leave days: 28", Map.of("area", "people")));
    private static final String QUESTION = "how many annual leave days";

    private final ScriptedChatModel model = new ScriptedChatModel(
            prompt -> prompt.contains("annual leave days: 28") ? "28 days" : "I don't know");

    @Test
    void whatComesFirstIsWhatTheModelIsTold() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.builder()
                .scorer(new WordScorer())
                .limit(1).build()) {
            ChatClientResponse response = client(advisor(reranking)).prompt(QUESTION).call().chatClientResponse();
            assertEquals("28 days", response.chatResponse().getResult().getOutput().getText());
            assertEquals(List.of("leave"), ids(response.context().get(RetrievalAugmentationAdvisor.DOCUMENT_CONTEXT)));
            assertTrue(model.prompts().getFirst().contains("annual leave days: 28"), model.prompts().getFirst());
            assertTrue(!model.prompts().getFirst().contains("Parking"), model.prompts().getFirst());
        }
    }

    @Test
    void filtersOfTheirAdvisorReachTheIndex(@TempDir Path directory) {
        try (LuceneIndex index = LuceneIndex.open(directory, new WordEncoder(64), "en");
                SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                        .reranker(Reranker.of(new WordScorer())).build()) {
            new IndexDocumentWriter(index).write(DOCUMENTS);
            RetrievalAugmentationAdvisor advisor = RetrievalAugmentationAdvisor.builder()
                    .documentRetriever(TwoStageDocumentRetriever.builder(pipeline).limit(2).build()).build();
            ChatClientResponse response = client(advisor).prompt(QUESTION)
                    .advisors(spec -> spec.param(VectorStoreDocumentRetriever.FILTER_EXPRESSION, "area != 'office'"))
                    .call()
                    .chatClientResponse();
            assertEquals(List.of("leave", "sick"),
                    ids(response.context().get(RetrievalAugmentationAdvisor.DOCUMENT_CONTEXT)));
        }
    }

    @Test
    void aStreamIsServedOnEveryScheduler() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.builder()
                .scorer(new WordScorer())
                .limit(1).build()) {
            for (Scheduler scheduler : List.of(Schedulers.immediate(), Schedulers.boundedElastic(),
                    Schedulers.parallel(), Schedulers.single())) {
                Flux<String> stream = client(advisor(reranking)).prompt(QUESTION).stream().content(); // for one subscriber
                assertEquals("28 days", String.join("", stream.subscribeOn(scheduler).collectList().block()));
            }
        }
    }

    @Test
    void aChatModelThatThrowsIsTheCallersAffairAndLeavesUsUsable() {
        ScriptedChatModel failing = new ScriptedChatModel(prompt -> {
            throw new IllegalStateException("model is down");
        });
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer())) {
            ChatClient client = ChatClient.builder(failing).defaultAdvisors(advisor(reranking)).build();
            assertEquals("model is down", assertThrows(IllegalStateException.class,
                    () -> client.prompt(QUESTION).call().content()).getMessage());
            RuntimeException streamed = assertThrows(RuntimeException.class,
                    () -> client.prompt(QUESTION).stream().content().collectList().block());
            assertTrue(causes(streamed).contains("model is down"), () -> causes(streamed));
            assertEquals("28 days", client(advisor(reranking)).prompt(QUESTION).call().content());
        }
    }

    @Test
    void aRetrieverThatFindsNothingOutIsAnErrorWithACause() {
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(new VectorStoreFirstStage(request -> {
            throw new IllegalStateException("connection refused");
        })).build()) {
            ChatClient client = client(RetrievalAugmentationAdvisor.builder()
                    .documentRetriever(TwoStageDocumentRetriever.builder(pipeline).build()).build());
            RuntimeException e = assertThrows(RuntimeException.class, () -> client.prompt(QUESTION).call().content());
            assertInstanceOf(RerankException.class, e.getCause());
        }
    }

    private ChatClient client(RetrievalAugmentationAdvisor advisor) {
        return ChatClient.builder(model).defaultAdvisors(advisor).build();
    }

    private static RetrievalAugmentationAdvisor advisor(RerankingDocumentPostProcessor reranking) {
        SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(new WordEncoder(64))).build();
        store.add(DOCUMENTS);
        return RetrievalAugmentationAdvisor.builder()
                .documentRetriever(VectorStoreDocumentRetriever.builder().vectorStore(store).topK(3).build())
                .documentPostProcessors(reranking).build();
    }

    private static List<String> ids(Object documents) {
        return ((List<?>) documents).stream().map(document -> ((Document) document).getId()).toList();
    }

    private static String causes(Throwable e) {
        return e.getMessage() + (e.getCause() == null ? "" : " < " + causes(e.getCause()));
    }
}
