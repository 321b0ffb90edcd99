package dev.rerank4j.springai;

import dev.rerank4j.Ranking;
import java.util.List;
import org.springframework.ai.document.Document;

/** Spring AI's documents as a {@link Ranking}, so that a {@link dev.rerank4j.Context} can be made of them. */
public final class DocumentRanking {

    /** The name of the stage that made the rankings. */
    public static final String STAGE = "documents";

    private DocumentRanking() {
    }

    /**
     * The documents, in the order of the list.
     *
     * @param documents best first; possibly none. Those without a text are left out; of those with one id and one text
     *        the first counts
     * @return each document as a passage of its id, with its title, place, metadata and evidence where its metadata has
     *         them; scored as the documents are, or, if they are not or in another order, by their places counted down
     */
    public static Ranking of(List<Document> documents) {
        return Candidates.of(documents, STAGE, STAGE).ranking();
    }
}
