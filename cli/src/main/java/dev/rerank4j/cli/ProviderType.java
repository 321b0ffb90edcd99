package dev.rerank4j.cli;

import dev.rerank4j.remote.ChatApi;
import dev.rerank4j.remote.RerankApi;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kind of service a reranker of others is: how it is spoken to, and where it is if nobody says. */
enum ProviderType {
    COHERE(RerankApi.COHERE, "https://api.cohere.com", "CO_API_KEY", "rerank-v3.5"), JINA(RerankApi.JINA,
            "https://api.jina.ai", "JINA_API_KEY", "jina-reranker-v2-base-multilingual"), VOYAGE(RerankApi.VOYAGE,
                    "https://api.voyageai.com", "VOYAGE_API_KEY", "rerank-2.5"), MIXEDBREAD(RerankApi.MIXEDBREAD,
                            "https://api.mixedbread.com", "MXBAI_API_KEY",
                            "mixedbread-ai/mxbai-rerank-large-v2"), PINECONE(RerankApi.PINECONE,
                                    "https://api.pinecone.io", "PINECONE_API_KEY",
                                    "bge-reranker-v2-m3"), NIM(RerankApi.NIM, "http://localhost:8000", "NVIDIA_API_KEY",
                                            "nvidia/llama-3.2-nv-rerankqa-1b-v2"), TEI(RerankApi.TEI,
                                                    "http://localhost:8080", "", ""), VLLM(RerankApi.VLLM,
                                                            "http://localhost:8000", "",
                                                            ""), LLAMA_CPP(RerankApi.LLAMA_CPP, "http://localhost:8080",
                                                                    "", ""), INFINITY(RerankApi.INFINITY,
                                                                            "http://localhost:7997", "",
                                                                            ""), OLLAMA(ChatApi.OLLAMA,
                                                                                    "http://localhost:11434",
                                                                                    ""), OPENAI(ChatApi.OPENAI,
                                                                                            "https://api.openai.com",
                                                                                            "OPENAI_API_KEY");

    private final Optional<RerankApi> rerank;
    private final Optional<ChatApi> chat;
    private final String address;
    private final String keyVariable;
    private final String model;

    ProviderType(RerankApi api, String address, String keyVariable, String model) {
        this.rerank = Optional.of(api);
        this.chat = Optional.empty();
        this.address = address;
        this.keyVariable = keyVariable;
        this.model = model;
    }

    ProviderType(ChatApi api, String address, String keyVariable) {
        this.rerank = Optional.empty();
        this.chat = Optional.of(api);
        this.address = address;
        this.keyVariable = keyVariable;
        this.model = "";
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
    String address() {
        return address;
    }

    /** The environment variable that its own programs take the key from; empty if it usually wants none. */
    String keyVariable() {
        return keyVariable;
    }

    /** Which model is asked if nobody says; empty if there is none that would be. */
    String model() {
        return model;
    }
}
