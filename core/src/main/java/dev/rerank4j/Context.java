package dev.rerank4j;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hits made ready for a prompt: numbered passages within a token budget, neighbours joined, repetitions left out. Each
 * has a line that begins with its number in brackets, names document, headings, file and page, and is followed by the
 * text; a blank line stands between two of them:
 *
 * <pre>
 * [1] Leave › Carrying over (leave.md)
 * Up to five days can be taken until the end of March.
 *
 * [2] Leaving us (leaving.md)
 * Days that you have not taken are paid out with the last salary.
 * </pre>
 *
 * <p>A line of a passage that itself begins with a number in brackets, also after a mark such as {@code >} or {@code #},
 * gets round ones (it is <i>defused</i>), so that no text can pass for another citation. Whatever else a text says to a
 * model remains: a prompt should say that passages are material, not instructions.
 *
 * @param text the block, without a line break at its end; empty if there are no citations
 * @param citations in the order of the block, numbered from 1
 * @param tokens how many tokens the block has, by the counter of its options
 * @param omitted the hits that are in no citation, in the order of the ranking
 */
public record Context(String text, List<Citation> citations, int tokens, List<Omitted> omitted) {

    private static final String ONE = "\\s*+\\d{1,9}\\s*+(?:[-–]\\s*+\\d{1,9}\\s*+)?";
    private static final Pattern MARK = Pattern.compile("\\[(" + ONE + "(?:[,;]" + ONE + ")*+)]");

    /**
     * A hit that is not in the block.
     *
     * @param hit as it was in the ranking
     * @param reason why it was left out
     */
    public record Omitted(Hit hit, Reason reason) {

        /** Why a hit is not in a block. */
        public enum Reason {
            /** There was no room left for it. */
            BUDGET,
            /** A better hit says the same. */
            NEAR_DUPLICATE,
            /** It has neither title nor headings nor text. */
            BLANK
        }

        /** Makes one. */
        public Omitted {
            Objects.requireNonNull(hit, "hit");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Makes a context of parts that fit together; {@link #of} makes them. */
    public Context {
        Objects.requireNonNull(text, "text");
        citations = List.copyOf(citations);
        omitted = List.copyOf(omitted);
    }

    /**
     * {@return a block of the hits, by {@link ContextOptions#DEFAULT}}
     *
     * @param ranking best first; possibly none
     */
    public static Context of(Ranking ranking) {
        return of(ranking, ContextOptions.DEFAULT);
    }

    /**
     * {@return a block of the hits} They are taken best first:
     * <ul>
     * <li>A hit whose range overlaps that of hits taken before, in the same document, is joined to them, the shared part
     * written once; so is one that touches them under the same headings. Ranges touch if at most two characters lie
     * between them: of texts cut between words these are blank. One is written as a line break, two as an empty line. A hit whose range is
     * not just as long as its text, or that has another text than the hits it overlaps, is joined to none.
     * <li>Otherwise one that resembles a better one too much is left out; see {@link ContextOptions}.
     * <li>One that does not fit into what is left of the budget is left out; a shorter one after it may still fit. The
     * best hit alone is cut where not even it fits, at the end of a sentence, or of a word if that keeps more than twice
     * as much: only a budget too small for a header and a character leaves the block empty.
     * </ul>
     * The whole block is counted for each hit, so that the budget holds whatever the counter makes of line breaks.
     *
     * @param ranking best first; possibly none
     * @param options budget, order and the rest
     */
    public static Context of(Ranking ranking, ContextOptions options) {
        return new ContextBuilder(options).build(ranking);
    }

    /**
     * {@return the citations that an answer names by their numbers, such as {@code [2]}, {@code [1, 3]} or {@code
     * [1-3]}, in the order in which it first names them, each once} Numbers that no citation has are passed over; {@link #unknown} gives
     * them.
     *
     * @param answer a text made from the block; may be empty
     */
    public List<Citation> cited(String answer) {
        return numbers(answer).map(this::citation).flatMap(Optional::stream).distinct().toList();
    }

    /**
     * {@return the numbers in brackets that no citation has, in the order in which the answer first names them, each
     * once} An answer with some was not made from the block alone.
     *
     * @param answer a text made from the block; may be empty
     */
    public Set<Integer> unknown(String answer) {
        Set<Integer> unknown = new LinkedHashSet<>();
        numbers(answer).filter(number -> citation(number).isEmpty()).forEach(unknown::add);
        return unknown;
    }

    /**
     * {@return the citation of this number; empty if there is none}
     *
     * @param number as it stands in brackets
     */
    public Optional<Citation> citation(int number) {
        return number >= 1 && number <= citations.size() ? Optional.of(citations.get(number - 1)) : Optional.empty();
    }

    private Stream<Integer> numbers(String answer) {
        return MARK.matcher(answer).results().flatMap(mark -> Stream.of(mark.group(1).split("[,;]")))
                .flatMap(this::range);
    }

    /** From 1-3 what is between as well, but not from 2024-2026, of which no citation has any. */
    private Stream<Integer> range(String numbers) {
        List<Integer> ends = Stream.of(numbers.split("[-–]")).map(String::strip).map(Integer::valueOf).toList();
        int first = ends.getFirst();
        int last = ends.getLast();
        return first <= last && citation(first).isPresent() && citation(last).isPresent()
                ? IntStream.rangeClosed(first, last).boxed()
                : ends.stream();
    }
}
