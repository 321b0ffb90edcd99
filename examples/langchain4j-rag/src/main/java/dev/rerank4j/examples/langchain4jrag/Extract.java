package dev.rerank4j.examples.langchain4jrag;

import dev.rerank4j.Citation;
import dev.rerank4j.Context;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** An answer without a chat model: the sentences that the scorer likes best, each with the number of its passage. */
final class Extract {

    private static final int SENTENCES = 2;

    private Extract() {
    }

    /** Empty if the context is. */
    static String of(String question, Context context, Scorer scorer) {
        List<Sentence> sentences = new ArrayList<>();
        for (Citation citation : context.citations()) {
            split(citation.text()).forEach(text -> sentences.add(new Sentence(citation, sentences.size(), text)));
        }
        float[] scores = scorer.score(ScoreRequest.of(question, sentences.stream().map(Sentence::read).toList()))
                .logits();
        List<String> best = sentences.stream()
                .sorted(Comparator.comparingDouble(sentence -> -scores[sentence.place()])).limit(SENTENCES)
                .sorted(Comparator.comparingInt(Sentence::place))
                .map(sentence -> sentence.text() + " " + sentence.citation().mark()).toList();
        return String.join(" ", best);
    }

    private static List<String> split(String text) {
        List<String> sentences = new ArrayList<>();
        for (String line : text.split("\n")) {
            BreakIterator ends = BreakIterator.getSentenceInstance(Locale.ENGLISH);
            ends.setText(line);
            for (int start = ends.first(),
                    end = ends.next(); end != BreakIterator.DONE; start = end, end = ends.next()) {
                String sentence = line.substring(start, end).strip();
                if (!sentence.isEmpty()) {
                    sentences.add(sentence);
                }
            }
        }
        return sentences;
    }

    private record Sentence(Citation citation, int place, String text) {

        /** With title and headings, which say what a sentence is about. */
        String read() {
            return String.join(". ", citation.title(), String.join(". ", citation.location().headings()), text);
        }
    }
}
