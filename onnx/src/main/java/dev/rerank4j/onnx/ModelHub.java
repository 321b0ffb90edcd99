package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Models by name: from the Hugging Face Hub, or another server that speaks as it does, into the cache that Python's
 * {@code huggingface_hub} uses too. Safe for use by several threads, and by several processes at once.
 *
 * <p>A model is its configuration, its tokenizer, one ONNX file and what belongs to that; PyTorch's weights are not
 * downloaded. A file is in the cache under its own name only once it is whole and its checksum is right, so a download
 * can be ended at any time: what has come is kept, and the next attempt goes on from there. Failures that may pass, such
 * as a cut connection or an overloaded server, are waited out for some seconds.
 *
 * <p>Messages of exceptions say what to do. Neither the token nor anything that a server wrote stands in them.
 */
public final class ModelHub {

    private final HubOptions options;
    private final Patience patience;
    private final HubCache cache;

    /**
     * A hub.
     *
     * @param options where it is
     */
    public ModelHub(HubOptions options) {
        this(options, Patience.STANDARD, true);
    }

    /**
     * @param links whether the cache may have links
     */
    ModelHub(HubOptions options, Patience patience, boolean links) {
        this.options = options;
        this.patience = patience;
        cache = new HubCache(options.cache(), links);
    }

    /**
     * {@return the hub that the environment names: see {@link HubOptions#from}}
     *
     * @throws IllegalArgumentException if the environment names none that can be used
     */
    public static ModelHub standard() {
        return new ModelHub(HubOptions.from(System.getenv()));
    }

    /**
     * {@return a model from the cache, else downloaded} As {@link #get(ModelId, PullOptions, HubProgress)} with {@link
     * PullOptions#DEFAULT}, unheard.
     *
     * @param id which
     * @throws RerankException as there
     */
    public HubModel get(ModelId id) {
        return get(id, PullOptions.DEFAULT, HubProgress.NONE);
    }

    /**
     * {@return a model from the cache, else downloaded} Nobody is asked where the cache has all of it; that a branch has
     * moved since is not seen. Where the cache has a model of which only Python knows whether it is complete, the hub is
     * asked once what else belongs to the same commit; if that cannot be had, the model is used as it is.
     *
     * @param id which
     * @param pull how
     * @param progress hears of what is downloaded
     * @throws RerankException as {@link #pull}; {@code UNAVAILABLE} too if it is not in the cache and the options say
     *         that no hub may be asked
     */
    public HubModel get(ModelId id, PullOptions pull, HubProgress progress) {
        return guarded(() -> {
            Optional<Found> found = find(id, pull);
            if (found.isPresent() && (found.get().certain() || options.offline())) {
                return found.get().model();
            }
            if (found.isEmpty()) {
                return download(id, id.revision(), pull, progress, true);
            }
            try {
                return download(id, found.get().model().commit(), pull, progress, false);
            } catch (HubTrouble | IOException | RerankException e) {
                return found.get().model();
            }
        });
    }

    /**
     * {@return what the revision is now at the hub; what is missing is downloaded}
     *
     * @param id which
     * @param pull how
     * @param progress hears of what is downloaded; what it throws ends the download, and is thrown
     * @throws RerankException {@code INVALID_REQUEST} if there is no such model or revision, if it is not given to who
     *         asks, if it has no ONNX file or tokenizer that can be used, or if its licence forbids commercial use and was
     *         not accepted; {@code UNAVAILABLE} if the hub cannot be reached or used, if the cache cannot be written or
     *         the disk is full, or if the thread was interrupted, which it still is then; {@code MODEL} if a file's
     *         checksum is wrong. The cache remains usable, and what is whole in it remains
     */
    public HubModel pull(ModelId id, PullOptions pull, HubProgress progress) {
        return guarded(() -> download(id, id.revision(), pull, progress, true));
    }

    /**
     * {@return a model if all of it is in the cache} No hub is asked.
     *
     * @param id which
     * @param pull how
     * @throws RerankException {@code MODEL} if the cache has a link in its place that leads out of it; {@code
     *         UNAVAILABLE} if the cache cannot be read
     */
    public Optional<HubModel> cached(ModelId id, PullOptions pull) {
        return guarded(() -> find(id, pull).map(Found::model));
    }

    /**
     * {@return everything in the cache, sorted by repository: also what others put there, also what is no reranker}
     *
     * @throws RerankException {@code UNAVAILABLE} if the cache cannot be read
     */
    public List<CachedRepository> list() {
        return guarded(cache::list);
    }

    /**
     * {@return paths below the repository's folder of files that are damaged: each is read} A link that leads nowhere, or
     * out of the cache, counts as damaged, and is not read. A file of which nothing is known that it could be compared
     * with counts as whole.
     *
     * @param repository {@code owner/name}
     * @throws IllegalArgumentException if it is no such name
     * @throws RerankException {@code INVALID_REQUEST} if it is not in the cache; {@code UNAVAILABLE} if the cache cannot
     *         be read
     */
    public List<String> verify(String repository) {
        return guarded(() -> cache.verify(repository));
    }

    /**
     * {@return how many bytes came free: the repository is gone from the cache} Links are deleted, and not what they lead
     * to.
     *
     * @param repository {@code owner/name}
     * @throws IllegalArgumentException if it is no such name
     * @throws RerankException {@code INVALID_REQUEST} if it is not in the cache; {@code UNAVAILABLE} if something of it
     *         cannot be deleted
     */
    public long remove(String repository) {
        return guarded(() -> cache.remove(repository));
    }

    /**
     * A model in the cache.
     *
     * @param certain whether it is known to be complete
     */
    private record Found(HubModel model, boolean certain) {
    }

    private Optional<Found> find(ModelId id, PullOptions pull) throws IOException {
        HubFolder folder = cache.folder(id.repository());
        Optional<String> commit = folder.commit(id.revision());
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        Optional<HubListing> known = folder.listing(commit.get());
        HubListing listing = known.isPresent() ? known.get() : what(folder, commit.get());
        if (!listing.files().containsKey(WantedFiles.CONFIG)) {
            return Optional.empty();
        }
        HubPull files;
        try {
            files = new HubPull(id, pull, folder, listing);
        } catch (RerankException e) {
            return Optional.empty(); // who downloads it says why
        }
        return files.cached().map(model -> new Found(model, known.isPresent()));
    }

    /** What the cache has of a commit, as if it was all. */
    private static HubListing what(HubFolder folder, String commit) throws IOException {
        SortedMap<String, HubListing.Entry> files = new TreeMap<>();
        for (String path : folder.paths(commit)) {
            files.put(path, new HubListing.Entry(path, -1, Optional.empty()));
        }
        return new HubListing(commit, files, Optional.empty());
    }

    private HubModel download(ModelId id, String revision, PullOptions pull, HubProgress progress, boolean retry)
            throws IOException, HubTrouble, InterruptedException {
        if (options.offline()) {
            throw new RerankException(Kind.UNAVAILABLE, id + " is not, or not as a whole, in the cache "
                    + options.cache() + ", and HF_HUB_OFFLINE forbids to ask " + options.endpoint());
        }
        try (HubClient client = new HubClient(id, options, patience)) {
            HubListing listing = client.listing(revision, retry);
            return new HubPull(id, pull, cache.folder(id.repository()), listing).downloaded(client, progress);
        }
    }

    private interface Work<T> {
        T run() throws IOException, HubTrouble, InterruptedException;
    }

    /** What goes wrong, as the contract has it. */
    private <T> T guarded(Work<T> work) {
        try {
            return work.run();
        } catch (HubTrouble e) {
            throw e.toRerankException();
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(Kind.UNAVAILABLE, "interrupted; what has been downloaded is kept", e);
        } catch (IOException e) {
            throw new RerankException(Kind.UNAVAILABLE, full(e)
                    ? HubFolder.full(options.cache())
                    : "the cache " + options.cache() + " cannot be used: " + e.getMessage()
                            + "; HF_HOME names another place for it",
                    e);
        }
    }

    private static boolean full(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("not enough space") || message.contains("quota");
    }
}
