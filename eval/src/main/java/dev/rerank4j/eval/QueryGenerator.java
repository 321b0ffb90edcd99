package dev.rerank4j.eval;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.eval.KnownItemWords.Word;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Has a language model ask about passages, and believes nothing of what it says. A passage that gives instructions can
 * spoil its own query and nothing else. For one collection.
 */
final class QueryGenerator {

    /** Changes with the text of the prompt. */
    static final String PROMPT = "known-item-v1";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int FAILURES_IN_A_ROW = 3;
    private static final int SHORTEST = 3;
    private static final int LONGEST = 300;
    private static final int PASSAGE_LONGEST = 6_000;
    private static final int COPIED = 8;

    /** What models say to themselves first, and some servers pass on. */
    private static final Pattern THOUGHTS = Pattern.compile("\\A\\s*<think>.*?</think>", Pattern.DOTALL);
    private static final Pattern TALK = Pattern
            .compile("(?i)^(here (is|are|'s)|here’s|sure\\b|certainly\\b|of course\\b"
                    + "|query\\s*:|question\\s*:|search query|i('m| am|’m)? (sorry|cannot|can't|an ai)|as an ai|okay[,!.]"
                    + "|based on the passage|the passage )|</?passage|according to the (passage|text)");

    private final LanguageModel model;
    private final String instructions;
    private int answered;
    private int useless;
    private int failed;
    private int failedInARow;
    private String reason = "";

    QueryGenerator(LanguageModel model) {
        this.model = model;
        this.instructions = resource(PROMPT + ".txt");
    }

    /**
     * What somebody might ask whom the passage answers.
     *
     * @return empty if the answer could not be used twice, or the model failed
     * @throws RerankException if the model fails before it has answered once
     */
    Optional<String> question(Passage passage) {
        if (failedInARow >= FAILURES_IN_A_ROW) {
            return Optional.empty();
        }
        try {
            Optional<String> question = usable(ask(instructions, passage), passage);
            if (question.isEmpty()) {
                question = usable(ask(instructions + "\nYour last answer could not be used. Answer with nothing but "
                        + "one query on one line, in your own words.", passage), passage);
            }
            useless += question.isEmpty() ? 1 : 0;
            return question;
        } catch (RerankException e) {
            if (answered == 0) {
                throw e;
            }
            failed++;
            failedInARow++;
            reason = e.getMessage();
            return Optional.empty();
        }
    }

    private String ask(String task, Passage passage) {
        String answer = model.answer(task, enclosed(passage), Deadline.in(PATIENCE));
        answered++;
        failedInARow = 0;
        return answer;
    }

    /** A passage between marks that it cannot hold itself. */
    static String enclosed(Passage passage) {
        String content = passage.content();
        String text = content.length() <= PASSAGE_LONGEST
                ? content
                : content.substring(0, Character.isHighSurrogate(content.charAt(PASSAGE_LONGEST - 1))
                        ? PASSAGE_LONGEST - 1
                        : PASSAGE_LONGEST);
        return "<passage>\n" + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "\n</passage>";
    }

    /** The query in an answer: one line of a length that queries have, no talk about it, nothing copied. */
    static Optional<String> usable(String answer, Passage passage) {
        String said = THOUGHTS.matcher(answer).replaceFirst("").strip();
        String query = said.replaceAll("^[\"'“”«»„]+|[\"'“”«»]+$", "").strip();
        boolean oneLine = query.chars().noneMatch(Character::isISOControl);
        return !oneLine || query.length() < SHORTEST || query.length() > LONGEST
                || KnownItemWords.of(query).size() < 2 || TALK.matcher(query).find() || isCopied(query, passage)
                        ? Optional.empty()
                        : Optional.of(query);
    }

    /** Whether it is a whole sentence of the passage, or many of its words in a row. */
    private static boolean isCopied(String query, Passage passage) {
        long[] asked = hashes(query);
        if (asked.length >= COPIED && contains(hashes(passage.content()), asked)) {
            return true;
        }
        String text = passage.text();
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text);
        int start = sentences.first();
        for (int end = sentences.next(); end != BreakIterator.DONE; start = end, end = sentences.next()) {
            if (Arrays.equals(asked, hashes(text.substring(start, end)))) {
                return true;
            }
        }
        return false;
    }

    private static long[] hashes(String text) {
        return KnownItemWords.of(text).stream().mapToLong(Word::hash).toArray();
    }

    private static boolean contains(long[] words, long[] row) {
        for (int at = 0; at + row.length <= words.length; at++) {
            if (Arrays.equals(words, at, at + row.length, row, 0, row.length)) {
                return true;
            }
        }
        return false;
    }

    /** How it went, a sentence each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add("questions were asked by " + model.name() + " with the prompt " + PROMPT
                + "; nobody has checked that no other document answers them");
        if (useless > 0) {
            notes.add("for " + useless + (useless == 1 ? " passage" : " passages") + " the answers of " + model.name()
                    + " could not be used, and queries were made without it");
        }
        if (failed > 0) {
            notes.add(model.name() + " failed " + failed + (failed == 1 ? " time" : " times")
                    + (failedInARow >= FAILURES_IN_A_ROW ? " and was not asked again" : "") + ": " + reason);
        }
        return notes;
    }

    private static String resource(String name) {
        try (InputStream in = QueryGenerator.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
