package dev.rerank4j.springai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A chat model that answers as its test says, and remembers what it was asked. */
final class ScriptedChatModel implements ChatModel {

    private final Function<String, String> answers;
    private final List<String> prompts = Collections.synchronizedList(new ArrayList<>());

    ScriptedChatModel(Function<String, String> answers) {
        this.answers = answers;
    }

    List<String> prompts() {
        return List.copyOf(prompts);
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        prompts.add(prompt.getContents());
        AssistantMessage answer = new AssistantMessage(answers.apply(prompt.getContents()));
        return new ChatResponse(List.of(new Generation(answer,
                ChatGenerationMetadata.builder().finishReason("stop").build())));
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        return Flux.defer(() -> Flux.just(call(prompt)));
    }
}
