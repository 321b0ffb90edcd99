package dev.rerank4j.onnx;

import java.util.List;
import java.util.Optional;

/**
 * Models by name: from the Hugging Face Hub, or another server that speaks as it does, into the cache that Python's
 * {@code huggingface_hub} uses too. Safe for use by several threads, and by several processes at once.
 */
public final class ModelHub {

    private final HubOptions options;

    /**
     * A hub.
     *
     * @param options where it is
     */
    public ModelHub(HubOptions options) {
        this.options = options;
    }

    /** {@return the hub that the environment names: see {@link HubOptions#from}} */
    public static ModelHub standard() {
        return new ModelHub(HubOptions.from(System.getenv()));
    }

    /**
     * {@return a model from the cache, else downloaded}
     *
     * @param id which
     */
    public HubModel get(ModelId id) {
        return get(id, PullOptions.DEFAULT, HubProgress.NONE);
    }

    /**
     * {@return a model from the cache, else downloaded}
     *
     * @param id which
     * @param pull how
     * @param progress hears of it
     */
    public HubModel get(ModelId id, PullOptions pull, HubProgress progress) {
        throw new UnsupportedOperationException("hub");
    }

    /**
     * {@return what the revision is now at the hub; what is missing is downloaded}
     *
     * @param id which
     * @param pull how
     * @param progress hears of it
     */
    public HubModel pull(ModelId id, PullOptions pull, HubProgress progress) {
        throw new UnsupportedOperationException("hub");
    }

    /**
     * {@return a model if all of it is in the cache}
     *
     * @param id which
     * @param pull how
     */
    public Optional<HubModel> cached(ModelId id, PullOptions pull) {
        throw new UnsupportedOperationException("hub");
    }

    /** {@return everything in the cache, also what others put there, also what is no reranker} */
    public List<CachedRepository> list() {
        throw new UnsupportedOperationException("hub");
    }

    /**
     * {@return paths below the repository's folder of files that are damaged: each is read}
     *
     * @param repository {@code owner/name}
     */
    public List<String> verify(String repository) {
        throw new UnsupportedOperationException("hub");
    }

    /**
     * {@return how many bytes came free: the repository is gone from the cache}
     *
     * @param repository {@code owner/name}
     */
    public long remove(String repository) {
        throw new UnsupportedOperationException("hub");
    }
}
