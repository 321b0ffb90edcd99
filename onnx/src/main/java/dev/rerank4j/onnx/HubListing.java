package dev.rerank4j.onnx;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException.Kind;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a hub says of a repository in one of its states.
 *
 * @param commit which state: 40 hexadecimal digits
 * @param files by their paths in the repository
 * @param licence as the model's card names it, such as {@code apache-2.0}
 */
record HubListing(String commit, SortedMap<String, Entry> files, Optional<String> licence) {

    /** What Python's {@code huggingface_hub} calls the format that this is kept in. */
    private static final int FORMAT = 1;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    HubListing {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * A file.
     *
     * @param path in the repository, with {@code /}
     * @param size in bytes; -1 if the hub does not say
     * @param etag what its content is known by, and its name among the blobs: the SHA-256 of a large file, Git's SHA-1
     *        of a small one; empty if the hub does not say
     */
    record Entry(String path, long size, Optional<String> etag) {

        /** With what a hub said when it was asked about the file alone. */
        Entry with(long known, String tag) {
            return new Entry(path, size >= 0 ? size : known, Optional.of(tag));
        }
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /**
     * What {@code /api/models/OWNER/NAME/revision/REVISION?blobs=true} answers.
     *
     * @throws HubTrouble if it is something else, or names a file by a path that leads out of its folder
     */
    static HubListing parse(String json) throws HubTrouble {
        try {
            JsonObject all = JsonParser.parseString(json).getAsJsonObject();
            String commit = text(all.get("sha")).filter(HubListing::isCommit)
                    .orElseThrow(() -> new JsonParseException("no commit"));
            SortedMap<String, Entry> files = new TreeMap<>();
            for (JsonElement sibling : all.getAsJsonArray("siblings")) {
                JsonObject file = sibling.getAsJsonObject();
                String path = checked(file.get("rfilename").getAsString());
                JsonObject large = object(file.get("lfs"));
                files.put(path, large == null
                        ? new Entry(path, number(file.get("size")), text(file.get("blobId")).flatMap(HubListing::hash))
                        : new Entry(path, number(large.get("size")), text(large.get("sha256"))
                                .flatMap(HubListing::hash)));
            }
            return new HubListing(commit, files, licence(object(all.get("cardData"))));
        } catch (JsonParseException | IllegalStateException | ClassCastException | NullPointerException
                | NumberFormatException | UnsupportedOperationException e) {
            throw HubTrouble.lasting(Kind.UNAVAILABLE,
                    "what it answers is not what a Hugging Face Hub does: check HF_ENDPOINT and the proxy", e);
        }
    }

    private static Optional<String> licence(@Nullable JsonObject card) {
        if (card == null) {
            return Optional.empty();
        }
        Optional<String> licence = text(card.get("license"));
        // "other" has its name beside it.
        return licence.filter("other"::equals).isPresent() ? text(card.get("license_name")).or(() -> licence) : licence;
    }

    /**
     * What {@link #toJson} wrote, or {@code huggingface_hub} in {@code trees/COMMIT.json}.
     *
     * @return empty if it is neither
     */
    static Optional<HubListing> kept(String commit, String json) {
        try {
            JsonObject all = JsonParser.parseString(json).getAsJsonObject();
            if (all.get("format_version").getAsInt() != FORMAT) {
                return Optional.empty();
            }
            SortedMap<String, Entry> files = new TreeMap<>();
            for (Map.Entry<String, JsonElement> named : all.getAsJsonObject("files").entrySet()) {
                String path = checked(named.getKey());
                JsonObject file = named.getValue().getAsJsonObject();
                Optional<String> sha256 = text(file.get("lfs_sha256"));
                files.put(path, new Entry(path, number(file.get(sha256.isPresent() ? "lfs_size" : "size")),
                        sha256.or(() -> text(file.get("blob_id"))).flatMap(HubListing::hash)));
            }
            return Optional.of(new HubListing(commit, files, Optional.empty()));
        } catch (JsonParseException | IllegalStateException | ClassCastException | NullPointerException
                | NumberFormatException | UnsupportedOperationException | HubTrouble e) {
            return Optional.empty();
        }
    }

    String toJson() {
        JsonObject named = new JsonObject();
        for (Entry entry : files.values()) {
            JsonObject file = new JsonObject();
            file.addProperty("size", entry.size());
            entry.etag().ifPresent(etag -> {
                file.addProperty(etag.length() == 64 ? "lfs_sha256" : "blob_id", etag);
                if (etag.length() == 64) {
                    file.addProperty("lfs_size", entry.size());
                }
            });
            named.add(entry.path(), file);
        }
        JsonObject all = new JsonObject();
        all.addProperty("format_version", FORMAT);
        all.add("files", named);
        return all.toString();
    }

    /** A path that stays in its folder on every system. */
    static String checked(String path) throws HubTrouble {
        boolean bad = path.isEmpty() || path.length() > 1000 || path.indexOf('\\') >= 0
                || path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)
                || path.length() > 1 && path.charAt(1) == ':';
        for (String name : path.split("/", -1)) {
            bad |= name.isEmpty() || name.equals(".") || name.equals("..");
        }
        if (bad) {
            throw HubTrouble.lasting(Kind.UNAVAILABLE, "the hub names a file by a path that leads out of its folder, or"
                    + " is none: the model is not downloaded");
        }
        return path;
    }

    private static Optional<String> hash(String text) {
        return text.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? Optional.of(text) : Optional.empty();
    }

    private static @Nullable JsonObject object(@Nullable JsonElement element) {
        return element != null && element.isJsonObject() ? element.getAsJsonObject() : null;
    }

    private static long number(@Nullable JsonElement element) {
        return element == null || element.isJsonNull() ? -1 : Math.max(-1, element.getAsLong());
    }

    /** The first, where there are several. */
    private static Optional<String> text(@Nullable JsonElement element) {
        if (element != null && element.isJsonArray() && !element.getAsJsonArray().isEmpty()) {
            return text(element.getAsJsonArray().get(0));
        }
        return element != null && element.isJsonPrimitive() ? Optional.of(element.getAsString()) : Optional.empty();
    }
}
