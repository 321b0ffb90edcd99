package dev.rerank4j.remote;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The rerank APIs that are spoken. Limits and defaults are as their documentation says them; each constant's page is
 * named in {@code docs/remote.md}.
 */
public enum RerankApi {
    /** Cohere, version 2. */
    COHERE(new CohereV2()),
    /** Jina. */
    JINA(new Jina()),
    /** Voyage. */
    VOYAGE(new Voyage()),
    /** Mixedbread. */
    MIXEDBREAD(new Mixedbread()),
    /** Pinecone's inference. */
    PINECONE(new Pinecone()),
    /** NVIDIA NIM. */
    NIM(new NvidiaNim()),
    /** Hugging Face's Text Embeddings Inference. */
    TEI(new Tei()),
    /** vLLM. */
    VLLM(new Vllm()),
    /** The server of llama.cpp. */
    LLAMA_CPP(new LlamaCpp()),
    /** Infinity. */
    INFINITY(new Infinity());

    private final Dialect dialect;

    RerankApi(Dialect dialect) {
        this.dialect = dialect;
    }

    /** {@return the ids of all, in their order} */
    public static List<String> ids() {
        return Arrays.stream(values()).map(RerankApi::id).toList();
    }

    /**
     * {@return the API of that id; empty if there is none}
     *
     * @param id such as {@code llama-cpp}
     */
    public static Optional<RerankApi> of(String id) {
        return Arrays.stream(values()).filter(api -> api.id().equals(id)).findFirst();
    }

    /** {@return its name in configurations and messages, such as {@code llama-cpp}} */
    public String id() {
        return dialect.terms().id();
    }

    /** {@return where it is by default: the vendor's address, or the port of this machine that its servers choose} */
    public URI address() {
        return dialect.terms().address();
    }

    /** {@return the environment variable that its key is in by custom} */
    public String keyVariable() {
        return dialect.terms().keyVariable();
    }

    /** {@return the model that is asked by default; empty where a server has one model and needs no name for it} */
    public String defaultModel() {
        return dialect.terms().model();
    }

    /** {@return how much it takes at once, as documented for the default model} */
    public RerankLimits limits() {
        return dialect.terms().limits();
    }

    /** {@return what is paid for: the unit of {@link Usage#billedUnits}} */
    public BilledUnit billed() {
        return dialect.terms().billed();
    }

    Dialect dialect() {
        return dialect;
    }
}
