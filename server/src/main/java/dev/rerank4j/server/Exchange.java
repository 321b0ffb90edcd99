package dev.rerank4j.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * One request, let in.
 *
 * @param id its id
 * @param request what was sent
 * @param body the object that was sent; an empty one if the method has no body
 * @param key empty if none is needed
 * @param deadline when nobody waits any more
 * @param maxDocuments how many documents it may have
 * @param catalogue what there is to answer with
 */
record Exchange(String id, ServerRequest request, ObjectNode body, Optional<ApiKey> key, Deadline deadline,
        int maxDocuments, Catalogue catalogue) {

    /** What the key lets it find. */
    Filter filter() {
        return key.map(ApiKey::filter).orElse(Filter.NONE);
    }

    /**
     * @throws Refusal if the key may only read
     */
    void requireWrite() {
        if (key.isPresent() && !key.get().write()) {
            throw new Refusal(Reason.FORBIDDEN, "key " + key.get().name() + " may search and rerank, but not change "
                    + "documents: use one that has write: true");
        }
    }

    /**
     * The cascade or the model of this name, or the first one: clients of other APIs name models that are not here.
     *
     * @throws Refusal if there is none at all
     */
    ServedCascade reranker(Optional<String> name) {
        List<ServedCascade> all = catalogue.rerankers();
        return name.flatMap(wanted -> all.stream().filter(model -> model.name().equals(wanted)).findFirst())
                .or(() -> all.stream().findFirst())
                .orElseThrow(() -> new Refusal(Reason.NOT_FOUND, "this server has no reranker: start it with a model"));
    }

    /**
     * The index of this name, or the first one if none is named.
     *
     * @throws Refusal if there is none
     */
    ServedIndex index(Optional<String> name) {
        if (catalogue.indexes().isEmpty()) {
            throw new Refusal(Reason.NOT_FOUND, "this server has no index: start it with --index DIR");
        }
        return name.map(wanted -> catalogue.indexes().stream().filter(index -> index.name().equals(wanted)).findFirst()
                .orElseThrow(() -> new Refusal(Reason.NOT_FOUND, "there is no index of that name; there are: "
                        + String.join(", ", catalogue.indexes().stream().map(ServedIndex::name).toList()))))
                .orElse(catalogue.indexes().getFirst());
    }
}
