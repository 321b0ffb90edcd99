package dev.rerank4j.remote;

/** The rerank APIs that are spoken. */
public enum RerankApi {
    /** Cohere, version 2. */
    COHERE,
    /** Jina. */
    JINA,
    /** Voyage. */
    VOYAGE,
    /** Mixedbread. */
    MIXEDBREAD,
    /** Pinecone's inference. */
    PINECONE,
    /** NVIDIA NIM. */
    NIM,
    /** Hugging Face's Text Embeddings Inference. */
    TEI,
    /** vLLM. */
    VLLM,
    /** The server of llama.cpp. */
    LLAMA_CPP,
    /** Infinity. */
    INFINITY
}
