package dev.rerank4j.cli;

import dev.rerank4j.remote.BilledUnit;
import dev.rerank4j.remote.ChatApi;
import dev.rerank4j.remote.RerankApi;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kind of service a reranker of others is: how it is spoken to, and where it is if nobody says. */
enum ProviderType {
    COHERE(RerankApi.COHERE), JINA(RerankApi.JINA), VOYAGE(RerankApi.VOYAGE), MIXEDBREAD(
            RerankApi.MIXEDBREAD), PINECONE(RerankApi.PINECONE), NIM(RerankApi.NIM), TEI(RerankApi.TEI), VLLM(
                    RerankApi.VLLM), LLAMA_CPP(RerankApi.LLAMA_CPP), INFINITY(RerankApi.INFINITY), OLLAMA(
                            ChatApi.OLLAMA, "http://localhost:11434", ""), OPENAI(ChatApi.OPENAI,
                                    "https://api.openai.com",
                                    "OPENAI_API_KEY");

    private final Optional<RerankApi> rerank;
    private final Optional<ChatApi> chat;
    private final URI address;
    private final String keyVariable;

    ProviderType(RerankApi api) {
        this.rerank = Optional.of(api);
        this.chat = Optional.empty();
        this.address = api.address();
        this.keyVariable = api.keyVariable();
    }

    ProviderType(ChatApi api, String address, String keyVariable) {
        this.rerank = Optional.empty();
        this.chat = Optional.of(api);
        this.address = URI.create(address);
        this.keyVariable = keyVariable;
    }

    /** As it is written: {@code llama-cpp}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<ProviderType> find(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(ProviderType::word).toList();
    }

    /** Its rerank API; empty for a language model. */
    Optional<RerankApi> rerank() {
        return rerank;
    }

    /** How the language model is spoken to; empty for a rerank API. */
    Optional<ChatApi> chat() {
        return chat;
    }

    /** Where it is if nobody says. */
    URI address() {
        return address;
    }

    /** The environment variable that its key is in by custom; empty if there is none. */
    String keyVariable() {
        return keyVariable;
    }

    /** Whether the service at its own address answers nobody without a key. */
    boolean wantsKey() {
        return "https".equals(address.getScheme());
    }

    /** What is paid for; a language model's tokens. */
    BilledUnit billed() {
        return rerank.map(RerankApi::billed).orElse(BilledUnit.TOKEN);
    }

    /** Which model is asked if nobody says; empty if there is none that would be. */
    String model() {
        return rerank.map(RerankApi::defaultModel).orElse("");
    }
}
