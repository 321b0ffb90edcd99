package dev.rerank4j.examples.springairag;

import dev.rerank4j.Context;
import dev.rerank4j.Scorer;
import dev.rerank4j.springai.PassageDocuments;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.advisor.RetrievalAugmentationAdvisor;

/**
 * Answers with sentences of the documents where the chat model does not. Stands behind the advisor that retrieves them.
 *
 * @param model the chat model's name, for people; empty if there is none
 */
record OrSentences(String question, String model, Scorer scorer, PrintStream err) implements CallAdvisor {

    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        if (!model.isEmpty()) {
            try {
                return chain.nextCall(request);
            } catch (RuntimeException e) { // each provider has exceptions of its own
                err.println("spring-ai-rag: " + model + " does not answer (" + e.getMessage()
                        + "); this answer is made of the passages' sentences");
            }
        }
        AssistantMessage answer = new AssistantMessage(
                Sentences.answer(question, context(documents(request.context())), scorer));
        return new ChatClientResponse(new ChatResponse(List.of(new Generation(answer))), request.context());
    }

    /** What the advisor before has found. */
    static List<Document> documents(Map<String, ?> context) {
        return ((List<?>) context.get(RetrievalAugmentationAdvisor.DOCUMENT_CONTEXT)).stream().map(Document.class::cast)
                .toList();
    }

    /** The same documents make the same block, with the same numbers. */
    static Context context(List<Document> documents) {
        return Context.of(PassageDocuments.ranking(documents));
    }

    @Override
    public String getName() {
        return "or sentences";
    }

    @Override
    public int getOrder() {
        return 1;
    }
}
