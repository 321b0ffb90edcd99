package dev.rerank4j.langchain4j;

import static dev.rerank4j.langchain4j.Contents.evidence;
import static dev.rerank4j.langchain4j.Contents.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.AugmentationRequest;
import dev.langchain4j.rag.AugmentationResult;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Metadata;
import dev.langchain4j.rag.query.router.DefaultQueryRouter;
import dev.langchain4j.rag.query.transformer.ExpandingQueryTransformer;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.rerank4j.Evidence;
import dev.rerank4j.Passage;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inside LangChain4j's own parts: embedding store, augmentor, assistant. */
@Timeout(120)
class AssistantTest {

    private static final List<String> TEXTS = List.of("Leave that is left at the end of the year is carried over.",
            "Every employee has 28 days of paid annual leave.", "Bicycles can be parked in the yard.",
            "Leave the kitchen as you found it.", "Sick days are not counted as leave.");

    interface Assistant {
        Result<String> answer(String question);
    }

    @Test
    void anAssistantAnswersFromTheBestContents() {
        List<String> prompts = new ArrayList<>();
        try (EncoderEmbeddingModel embeddings = EncoderEmbeddingModel.builtIn();
                EvidenceContentAggregator aggregator = EvidenceContentAggregator.builtIn()) {
            Assistant assistant = assistant(chat(prompts, prompt -> "28 days"),
                    DefaultRetrievalAugmentor.builder().contentRetriever(theirs(embeddings))
                            .contentAggregator(aggregator).build());
            Result<String> result = assistant.answer("how many days of annual leave do I have");
            assertEquals("28 days", result.content());
            assertEquals(5, result.sources().size());
            EvidenceContent best = evidence(result.sources().getFirst());
            assertEquals(TEXTS.get(1), best.textSegment().text());
            assertEquals(List.of("retriever-1", "fusion", "rerank"),
                    best.evidence().stream().map(Evidence::stage).toList());
            assertInstanceOf(Double.class, best.metadata().get(ContentMetadata.SCORE));
            assertInstanceOf(String.class, best.metadata().get(ContentMetadata.EMBEDDING_ID));
            assertTrue(prompts.getFirst().indexOf(TEXTS.get(1)) < prompts.getFirst().indexOf(TEXTS.get(2)),
                    "the best stands first in the prompt");
        }
    }

    @Test
    void aChatModelThatThrowsIsHeardAndTheNextQuestionAnswered() {
        RuntimeException failure = new IllegalStateException("the chat model is gone");
        List<String> prompts = new ArrayList<>();
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            Assistant assistant = assistant(chat(prompts, prompt -> {
                if (prompts.size() == 1) {
                    throw failure;
                }
                return "yes";
            }), DefaultRetrievalAugmentor.builder().contentRetriever(fixed(TEXTS)).contentAggregator(aggregator)
                    .build());
            assertSame(failure, assertThrows(IllegalStateException.class, () -> assistant.answer("leave")));
            assertEquals("yes", assistant.answer("leave").content());
            assertEquals(prompts.get(0), prompts.get(1));
        }
    }

    @Test
    void severalQueriesAndRetrieversInParallel() throws Exception {
        ChatModel expanding = chat(new ArrayList<>(), prompt -> "paid annual leave\nparked bicycles\nkitchen");
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builder().scorer(new WordScorer())
                .maxResults(3).build(); ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            RetrievalAugmentor augmentor = DefaultRetrievalAugmentor.builder()
                    .queryTransformer(new ExpandingQueryTransformer(expanding))
                    .queryRouter(new DefaultQueryRouter(fixed(TEXTS), fixed(TEXTS.reversed())))
                    .contentAggregator(aggregator).executor(executor).build();
            List<Callable<AugmentationResult>> calls = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                calls.add(() -> augment(augmentor, "what about leave, bicycles and the kitchen"));
            }
            for (Future<AugmentationResult> call : executor.invokeAll(calls)) {
                List<Content> contents = call.get().contents();
                assertEquals(List.of(TEXTS.get(3), TEXTS.get(2), TEXTS.get(1)), texts(contents),
                        "each answers one of the queries well");
                assertFalse(evidence(contents.getFirst()).degraded());
                assertEquals(8, evidence(contents.getFirst()).evidence().size(), "six lists, fusion, rerank");
            }
        }
    }

    /** A search of two stages, an embedding model of theirs within it, reranked once, in an assistant of theirs. */
    @Test
    void aTwoStageRetrieverInAnAssistant(@TempDir Path folder) {
        List<String> prompts = new ArrayList<>();
        WordEncoder words = new WordEncoder(128);
        try (LuceneIndex index = LuceneIndex.open(folder, EmbeddingModelEncoder.of(EncoderEmbeddingModel.of(words)),
                "en")) {
            for (int i = 0; i < TEXTS.size(); i++) {
                index.add(List.of(Passage.of("p" + i, TEXTS.get(i))));
            }
            index.commit();
            try (SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                    .reranker(Reranker.of(new WordScorer())).build()) {
                Assistant assistant = AiServices.builder(Assistant.class).chatModel(chat(prompts, prompt -> "28"))
                        .contentRetriever(TwoStageContentRetriever.builder().pipeline(pipeline).limit(2).build())
                        .build();
                Result<String> result = assistant.answer("days of paid annual leave");
                assertEquals("28", result.content());
                assertEquals(TEXTS.get(1), result.sources().getFirst().textSegment().text());
                assertEquals("p1", evidence(result.sources().getFirst()).hit().passage().id());
                assertTrue(prompts.getFirst().contains(TEXTS.get(1)) && !prompts.getFirst().contains(TEXTS.get(2)));
            }
        }
    }

    /** With and without ours, everything else being equal, the same contents come; only order and evidence differ. */
    @Test
    void takingItOutChangesNothingElse() {
        WordEncoder words = new WordEncoder(128);
        ContentRetriever retriever = theirs(EncoderEmbeddingModel.of(words));
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            List<Content> with = augment(DefaultRetrievalAugmentor.builder().contentRetriever(retriever)
                    .contentAggregator(aggregator).build(), "paid annual leave").contents();
            List<Content> without = augment(
                    DefaultRetrievalAugmentor.builder().contentRetriever(retriever).build(), "paid annual leave")
                    .contents();
            assertEquals(texts(without).stream().sorted().toList(), texts(with).stream().sorted().toList());
            for (Content content : with) {
                Content same = without.stream().filter(c -> c.textSegment().equals(content.textSegment())).findFirst()
                        .orElseThrow();
                assertSame(same.textSegment(), content.textSegment());
                assertTrue(content.metadata().entrySet().containsAll(same.metadata().entrySet()));
            }
        }
    }

    private static ContentRetriever theirs(EncoderEmbeddingModel model) {
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        EmbeddingStoreIngestor.builder().embeddingModel(model).embeddingStore(store).build()
                .ingest(TEXTS.stream().map(dev.langchain4j.data.document.Document::from).toList());
        return EmbeddingStoreContentRetriever.builder().embeddingModel(model).embeddingStore(store)
                .embeddingInputType(EmbeddingInputType.QUERY).maxResults(5).build();
    }

    private static ContentRetriever fixed(List<String> texts) {
        return query -> texts.stream().map(Content::from).toList();
    }

    private static Assistant assistant(ChatModel chat, RetrievalAugmentor augmentor) {
        return AiServices.builder(Assistant.class).chatModel(chat).retrievalAugmentor(augmentor).build();
    }

    private static AugmentationResult augment(RetrievalAugmentor augmentor, String question) {
        UserMessage message = UserMessage.from(question);
        return augmentor.augment(new AugmentationRequest(message, Metadata.from(message, null, null)));
    }

    /** A chat model with a script: the answer to what it was asked. */
    private static ChatModel chat(List<String> prompts, Function<String, String> script) {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                String prompt = ((UserMessage) request.messages().getLast()).singleText();
                synchronized (prompts) {
                    prompts.add(prompt);
                }
                return ChatResponse.builder().aiMessage(AiMessage.from(script.apply(prompt))).build();
            }
        };
    }
}
