package dev.rerank4j.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A language model, where it is, and how much it reads. Tokens are counted
 * {@linkplain dev.rerank4j.TokenCounter#approximate() approximately}. Immutable; each {@code with…} gives another.
 *
 * @param api how its server is spoken to
 * @param model its name there; not blank
 * @param remote where the server is: an address with its path ({@code http://localhost:11434/api},
 *        {@code https://llm.example.com/v1}) or without
 * @param passageTokens how many tokens of a passage are read; what is over is cut off
 * @param thinkingTokens how many tokens the model may spend on thinking before it answers; 0 asks it not to
 * @param instruction what is looked for, in a sentence; read where single passages are judged
 */
public record LanguageModelOptions(ChatApi api, String model, RemoteOptions remote, int passageTokens,
        int thinkingTokens, String instruction) {

    /** As in the model card of Qwen3-Reranker. */
    private static final String INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the "
            + "query";
    /** About the 300 words that RankGPT reads of a passage. */
    private static final int PASSAGE_TOKENS = 512;
    private static final int MOST_TOKENS = 1 << 17;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the model's name or the instruction is blank, or a number is out of its range:
     *         1 to 131072 for a passage, 0 to 131072 for thinking
     */
    public LanguageModelOptions {
        Objects.requireNonNull(api, "api");
        Objects.requireNonNull(remote, "remote");
        if (model.isBlank()) {
            throw new IllegalArgumentException("name of the language model must not be blank");
        }
        if (instruction.isBlank()) {
            throw new IllegalArgumentException("instruction must not be blank");
        }
        within("passage tokens", passageTokens, 1, MOST_TOKENS);
        within("thinking tokens", thinkingTokens, 0, MOST_TOKENS);
    }

    static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }

    /**
     * {@return options with 512 tokens a passage, without thinking, and the instruction {@code Given a web search query,
     * retrieve relevant passages that answer the query}}
     *
     * @param api how its server is spoken to
     * @param model its name there
     * @param remote where the server is
     * @throws IllegalArgumentException if the name is blank
     */
    public static LanguageModelOptions of(ChatApi api, String model, RemoteOptions remote) {
        return new LanguageModelOptions(api, model, remote, PASSAGE_TOKENS, 0, INSTRUCTION);
    }

    /**
     * {@return the same with longer or shorter passages}
     *
     * @param tokens how many tokens of a passage are read; 1 to 131072
     * @throws IllegalArgumentException if out of the range
     */
    public LanguageModelOptions withPassageTokens(int tokens) {
        return new LanguageModelOptions(api, model, remote, tokens, thinkingTokens, instruction);
    }

    /**
     * {@return the same with a model that thinks before it answers; what it thinks is not read} With
     * {@link ChatApi#OPENAI}, this also leaves out the temperature and limits the answer by
     * {@code max_completion_tokens}, as OpenAI's models that think want it.
     *
     * @param tokens how many tokens it may spend on that; 0 asks it not to
     * @throws IllegalArgumentException if not 0 to 131072
     */
    public LanguageModelOptions withThinking(int tokens) {
        return new LanguageModelOptions(api, model, remote, passageTokens, tokens, instruction);
    }

    /**
     * {@return the same for another task}
     *
     * @param sentence what is looked for, such as {@code Given a claim, retrieve passages that support or refute it}
     * @throws IllegalArgumentException if blank
     */
    public LanguageModelOptions withInstruction(String sentence) {
        return new LanguageModelOptions(api, model, remote, passageTokens, thinkingTokens, sentence);
    }

    /**
     * The model with what else decides its answers: equal names mean equal prompts.
     *
     * @param prompt with its version
     */
    String identity(String prompt) {
        String name = api.service() + "/" + model + "/" + prompt;
        boolean usual = equals(of(api, model, remote));
        return usual ? name : name + "-" + digest(passageTokens + " " + thinkingTokens + " " + instruction);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
