package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts a model's files together: those that are in the cache, or those and the ones that a hub has. */
final class HubPull {

    /** Where files come from. */
    private interface Source {

        /** Empty if it cannot be had. */
        Optional<Path> file(HubListing.Entry entry) throws IOException, HubTrouble, InterruptedException;
    }

    private final ModelId id;
    private final PullOptions options;
    private final HubFolder folder;
    private final HubListing listing;
    private final FileChoice choice;
    private boolean changed;

    /**
     * @throws RerankException {@code INVALID_REQUEST} if there is no ONNX file that will do, or no tokenizer
     */
    HubPull(ModelId id, PullOptions options, HubFolder folder, HubListing listing) {
        this.id = id;
        this.options = options;
        this.folder = folder;
        this.listing = listing;
        choice = choice();
    }

    private FileChoice choice() {
        Set<String> all = listing.files().keySet();
        if (options.file().isPresent()) {
            String file = options.file().get();
            if (!all.contains(file)) {
                String others = all.stream().filter(path -> path.endsWith(".onnx")).collect(Collectors.joining(", "));
                throw new RerankException(Kind.INVALID_REQUEST, id + " has no file " + file + (others.isEmpty()
                        ? ", and no other ONNX file"
                        : "; its ONNX files are " + others));
            }
            return new FileChoice(file, "the file that was asked for");
        }
        FileChoice found = FileChoice.of(all, Processor.here()).orElseThrow(() -> new RerankException(
                Kind.INVALID_REQUEST, id + " has " + FileChoice.whyNone(all, Processor.here()) + "; " + export()));
        if (all.stream().noneMatch(path -> path.equals(WantedFiles.TOKENIZER)
                || path.endsWith("/" + WantedFiles.TOKENIZER))) {
            throw new RerankException(Kind.INVALID_REQUEST,
                    id + " has no " + WantedFiles.TOKENIZER + ", which its tokenizer would be read from; " + export());
        }
        return found;
    }

    /** What makes a folder of a model that PyTorch alone can read. */
    private String export() {
        return "make them with 'python training/export.py " + id.repository()
                + " FOLDER', and name that folder instead: --reranker FOLDER, or --encoder FOLDER";
    }

    /** The model, if all of it is in the cache. */
    Optional<HubModel> cached() throws IOException {
        try {
            return assembled(entry -> folder.file(listing.commit(), entry.path(), entry.size()));
        } catch (HubTrouble | InterruptedException e) {
            throw new AssertionError("nobody was asked", e);
        }
    }

    /** The model, with what is missing downloaded. */
    HubModel downloaded(HubClient client, HubProgress progress) throws IOException, HubTrouble, InterruptedException {
        HubModel model = assembled(entry -> Optional.of(file(client, entry, progress)))
                .orElseThrow(() -> new RerankException(Kind.MODEL,
                        choice.file() + " of " + id + " keeps its weights in a file that the model does not have"));
        try {
            folder.keep(listing);
            folder.name(id.revision(), listing.commit());
        } catch (IOException e) {
            if (changed) {
                throw e;
            }
            // a cache that is complete, and that we may only read
        }
        return model;
    }

    private Path file(HubClient client, HubListing.Entry entry, HubProgress progress)
            throws IOException, HubTrouble, InterruptedException {
        Optional<Path> there = folder.file(listing.commit(), entry.path(), entry.size());
        if (there.isPresent()) {
            return there.get();
        }
        askForLicence();
        changed = true;
        HubListing.Entry full = entry.etag().isPresent() && entry.size() >= 0
                ? entry
                : client.described(listing.commit(), entry);
        boolean fresh = new Download(client, folder, listing.commit(), full, progress).run();
        folder.link(listing.commit(), entry.path(), full.etag().orElseThrow(), fresh);
        return folder.file(listing.commit(), entry.path(), full.size()).orElseThrow();
    }

    private void askForLicence() {
        Optional<String> licence = HubLicence.forbidding(id.repository(), listing.licence());
        if (licence.isPresent() && !options.acceptLicence()) {
            throw new RerankException(Kind.INVALID_REQUEST, "the licence of " + id.repository() + ", " + licence.get()
                    + ", forbids commercial use: read it, and if your use is within it, say so: rerank models pull "
                    + id + " --accept-licence, or PullOptions.acceptLicence in code");
        }
    }

    private Optional<HubModel> assembled(Source source) throws IOException, HubTrouble, InterruptedException {
        Set<String> all = listing.files().keySet();
        Optional<Path> modules = Optional.empty();
        for (String path : WantedFiles.root(all)) {
            Optional<Path> file = file(source, path);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            modules = path.equals(WantedFiles.MODULES) ? file : modules;
        }
        if (modules.isPresent()) {
            for (String path : WantedFiles.modules(all, modules.get())) {
                if (file(source, path).isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        Optional<Path> onnx = file(source, choice.file());
        if (onnx.isEmpty()) {
            return Optional.empty();
        }
        for (String path : WantedFiles.weights(choice.file(), onnx.get())) {
            if (file(source, path).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(new HubModel(id, listing.commit(), folder.snapshot(listing.commit()), choice.file(),
                choice.why()));
    }

    /** Empty too if no list names it, but only the ONNX file. */
    private Optional<Path> file(Source source, String path) throws IOException, HubTrouble, InterruptedException {
        HubListing.Entry entry = listing.files().get(path);
        return entry == null ? Optional.empty() : source.file(entry);
    }
}
