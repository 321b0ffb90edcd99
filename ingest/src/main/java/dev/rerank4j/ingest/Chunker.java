package dev.rerank4j.ingest;

import dev.rerank4j.Passage;
import java.util.List;

/**
 * Cuts documents into passages. Chunking decides what can be found: a passage is what is indexed, scored and shown.
 *
 * <p>What all of them promise:
 * <ul>
 * <li>Every character of the document's sections that is not blank is in some passage; passages are in order, none lies
 * within another, none begins or ends with a blank, and none cuts a surrogate pair.
 * <li>A passage's text is exactly the {@linkplain dev.rerank4j.Location range} of the document's text that its location
 * names; its headings and page are those of the section in which it begins.
 * <li>No passage counts more than {@code size} tokens, where what counts is all that a model reads, the
 * {@linkplain Passage#content() content}: title, headings and text. So that these leave room for the text, a title
 * longer than a quarter of the size is cut in its passages, and of headings as long as that the outer ones are left
 * out. A token of more than 32 characters counts as several, or a megabyte of one word would be a passage.
 * <li>A passage's id is the document's, {@code #}, and its number from 1; the only passage of a document has its very
 * id.
 * <li>A document with a title and without text is one passage without text. Without both it has no passage.
 * </ul>
 *
 * <p>Chunkers hold no state of their own: as safe for use by several threads as their {@link Tokens}. Their time grows
 * with the length of the text, and every text is tokenized a few times at most.
 */
@FunctionalInterface
public interface Chunker {

    /**
     * The most tokens of a passage where nobody says otherwise: fewer than models read, because a passage about one
     * thing is found and rated more reliably than one about several, is read in half the time, and is an answer
     * (measured in {@code docs/quality.md}, "Long documents").
     */
    int USUAL_SIZE = 192;

    /**
     * {@return the passages of a document, in its order; may be empty}
     *
     * @param document as it was read, or {@linkplain SectionedDocument#plain plain}
     */
    List<Passage> chunk(SectionedDocument document);

    /**
     * Cuts a passage further, as if it were a document of one section under the passage's headings: for {@link
     * dev.rerank4j.Reranker#bestPiece}. Locations are the document's, so that each piece says where in the document it
     * stands.
     *
     * @param passage of any length
     * @return in order, with ids of their own; the passage itself if it fits or has no text; never empty
     */
    default List<Passage> cut(Passage passage) {
        return PassageCut.of(this, passage);
    }

    /**
     * {@return a chunker that takes every section by itself; one that is too long is cut at the end of a sentence or
     * between words, where there is such a place in the last quarter of the passage, and neighbours then share
     * {@code overlap} tokens} Small sections one after another under the same headings, such as pages, become one
     * passage.
     *
     * @param tokens what sizes are counted with
     * @param size the most tokens of a passage, title and headings included; at least 8
     * @param overlap how many tokens two passages of a section share; fewer where half a passage has fewer, and up to
     *     eight more so as to begin with a whole word
     * @throws IllegalArgumentException if {@code size < 8}, {@code overlap < 0} or {@code overlap > size / 2}
     */
    static Chunker structured(Tokens tokens, int size, int overlap) {
        return new StructureChunker(new Cutter(tokens, size, overlap, Cutter.LAST_QUARTER));
    }

    /**
     * {@return a chunker that takes the whole document from the first section to the last, whatever its structure, cut
     * like the long sections of {@link #structured}} Headings in between are part of the text.
     *
     * @param tokens what sizes are counted with
     * @param size the most tokens of a passage, title and headings included; at least 8
     * @param overlap how many tokens neighbours share; see {@link #structured}
     * @throws IllegalArgumentException if {@code size < 8}, {@code overlap < 0} or {@code overlap > size / 2}
     */
    static Chunker tokens(Tokens tokens, int size, int overlap) {
        return new RunningChunker(new Cutter(tokens, size, overlap, Cutter.LAST_QUARTER));
    }

    /**
     * {@return a chunker that takes as many whole sentences as fit, from the first section to the last, without
     * overlap} A sentence that does not fit by itself is cut between words; a blank line ends a sentence too.
     *
     * @param tokens what sizes are counted with
     * @param size the most tokens of a passage, title and headings included; at least 8
     * @throws IllegalArgumentException if {@code size < 8}
     */
    static Chunker sentences(Tokens tokens, int size) {
        return new RunningChunker(new Cutter(tokens, size, 0, Cutter.ANYWHERE));
    }

    /**
     * {@return the default for a model that reads {@code window} tokens at once: {@link #structured}, with passages of
     * {@link #USUAL_SIZE} tokens or, of a shorter window, as many as fit beside a query of 64 tokens and 3 special ones,
     * and an overlap of an eighth}
     *
     * @param tokens of that model
     * @param window how many tokens the model reads at once; at least 75
     * @throws IllegalArgumentException if {@code window < 75}
     */
    static Chunker forWindow(Tokens tokens, int window) {
        int room = window - 64 - 3;
        if (room < Cutter.SMALLEST) {
            throw new IllegalArgumentException("window must be >= " + (Cutter.SMALLEST + 64 + 3) + ", got " + window);
        }
        int size = Math.min(USUAL_SIZE, room);
        return structured(tokens, size, size / 8);
    }

    /**
     * {@return a chunker that makes the same passages, with the language of each as metadata {@code language}, a
     * two-letter code, where it can be told and the document has no such field of its own}
     *
     * @param chunker cuts
     * @param detector tells the language of each passage
     */
    static Chunker namingLanguages(Chunker chunker, LanguageDetector detector) {
        return new LanguageChunker(chunker, detector);
    }
}
