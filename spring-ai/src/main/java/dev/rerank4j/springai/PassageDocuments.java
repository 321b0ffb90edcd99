package dev.rerank4j.springai;

import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import java.util.List;
import org.springframework.ai.document.Document;

/** Passages as Spring AI's documents, and the other way round. */
public final class PassageDocuments {

    /** The name of the stage that made the rankings. */
    public static final String STAGE = "documents";

    private PassageDocuments() {
    }

    /**
     * A passage as a document, for a vector store, for instance.
     *
     * @param passage from anywhere, such as a {@code Chunker}
     * @return of the passage's id and text; its metadata has the passage's and, under the keys of {@link RerankMetadata},
     *         where it stands
     */
    public static Document document(Passage passage) {
        return Document.builder().id(passage.id()).text(passage.text()).metadata(Documents.metadata(passage)).build();
    }

    /**
     * Documents as a ranking, for a {@link dev.rerank4j.Context}, for instance, in the order of the list.
     *
     * @param documents best first; possibly none. Those without a text are left out; of those with one id and one text
     *        the first counts
     * @return each document as a passage of its id, with its title, place, metadata and evidence where its metadata has
     *         them; scored as the documents are, or, if they are not or in another order, by their places counted down
     */
    public static Ranking ranking(List<Document> documents) {
        return Candidates.of(documents, STAGE, STAGE).ranking();
    }
}
