package dev.rerank4j.examples.springairag;

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
final class Sentences {

    private static final int MOST = 2;
    private static final int LEAST_WORDS = 4; // headings and heads of tables have fewer

    private record Sentence(int place, String mark, String text, String read) {
    }

    private Sentences() {
    }

    static String answer(String question, Context context, Scorer scorer) {
        List<Sentence> all = new ArrayList<>();
        for (Citation citation : context.citations()) {
            String about = String.join(" ", citation.location().headings());
            sentences(citation.text())
                    .forEach(text -> all.add(new Sentence(all.size(), citation.mark(), text, about + " " + text)));
        }
        if (all.isEmpty()) {
            return "Nothing was found.";
        }
        float[] scores = scorer.score(ScoreRequest.of(question, all.stream().map(Sentence::read).toList())).logits();
        return String.join(" ", all.stream().sorted(Comparator.comparingDouble(sentence -> -scores[sentence.place()]))
                .limit(MOST).sorted(Comparator.comparingInt(Sentence::place))
                .map(sentence -> sentence.text() + " " + sentence.mark()).toList());
    }

    private static List<String> sentences(String text) {
        List<String> sentences = new ArrayList<>();
        // paragraphs, items of lists and rows of tables; the lines of a paragraph are one
        for (String part : text.split("\n\\s*\n|\n(?=[-|]|\\w+: )")) {
            String line = part.replace('\n', ' ');
            BreakIterator ends = BreakIterator.getSentenceInstance(Locale.ENGLISH);
            ends.setText(line);
            int start = ends.first();
            for (int end = ends.next(); end != BreakIterator.DONE; end = ends.next()) {
                String sentence = line.substring(start, end).strip();
                if (sentence.split("\\W+").length >= LEAST_WORDS) {
                    sentences.add(sentence);
                }
                start = end;
            }
        }
        return sentences;
    }
}
