package dev.rerank4j.onnx;

/**
 * How a model wants its tokens, besides what its tokenizer says.
 *
 * @param padId the id that fills up the shorter rows of a batch; at least 0. The mask hides it, but models of the RoBERTa
 *        family tell positions by it
 * @param firstPosition number of the first token's place, for models that want to be told the places; at least 0
 * @param lowerCase whether texts are put into lower case before they are tokenized
 * @param typed whether it is told which text a token is of, as its tokenizer says it; otherwise all types are 0
 */
public record TokenInput(int padId, int firstPosition, boolean lowerCase, boolean typed) {

    /** What BERT wants: 0, 0, the tokenizer decides on the case, and types. */
    public static final TokenInput BERT = new TokenInput(0, 0, false, true);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code padId < 0} or {@code firstPosition < 0}
     */
    public TokenInput {
        if (padId < 0) {
            throw new IllegalArgumentException("padId must be >= 0, got " + padId);
        }
        if (firstPosition < 0) {
            throw new IllegalArgumentException("firstPosition must be >= 0, got " + firstPosition);
        }
    }
}
