package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stretch of a text with the most different words of a query, and where they stand in it.
 *
 * @param text on one line, with ellipses where it was cut
 * @param marks the characters that belong to words of the query
 */
record HtmlSnippet(String text, BitSet marks) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");

    /** Long enough for every snippet, short enough that a book does not make a page slow. */
    private static final int LONGEST = 20_000;

    /** How much of the text is shown before the first word found. */
    private static final int LEAD = 40;

    /** Words that say nothing of what is asked. */
    private static final Set<String> COMMON = Set.of("a", "an", "and", "are", "as", "at", "be", "been", "but", "by",
            "can", "do", "does", "for", "from", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me",
            "my", "no", "not", "of", "on", "or", "our", "should", "than", "that", "the", "their", "them", "then",
            "there", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will",
            "with", "you", "your");

    private record Word(int start, int end, String folded) {
    }

    private record Found(int start, int end, int which) {
    }

    /** Cuts a text to about so many characters. */
    static HtmlSnippet of(String text, String query, int length) {
        String line = HtmlText.line(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
        List<Found> found = found(line, query);
        int start = start(line, found, length);
        int end = end(line, start, length);
        String head = start == 0 ? "" : "… ";
        String tail = end == line.length() && text.length() <= LONGEST ? "" : " …";
        BitSet marks = new BitSet();
        for (Found word : found) {
            if (word.start() >= start && word.end() <= end) {
                marks.set(word.start() - start + head.length(), word.end() - start + head.length());
            }
        }
        return new HtmlSnippet(head + line.substring(start, end) + tail, marks);
    }

    /** Writes it with {@code mark} elements. */
    void write(HtmlWriter html) {
        for (int from = 0; from < text.length();) {
            boolean marked = marks.get(from);
            int next = marked ? marks.nextClearBit(from) : marks.nextSetBit(from);
            int to = next < 0 ? text.length() : Math.min(next, text.length());
            if (marked) {
                html.leaf("mark", text.substring(from, to));
            } else {
                html.text(text.substring(from, to));
            }
            from = to;
        }
    }

    private static List<Found> found(String line, String query) {
        List<Word> wanted = words(HtmlText.line(query)).stream().filter(word -> !COMMON.contains(word.folded()))
                .toList();
        List<Found> found = new ArrayList<>();
        for (Word word : words(line)) {
            for (int i = 0; i < wanted.size(); i++) {
                if (same(wanted.get(i).folded(), word.folded())) {
                    found.add(new Found(word.start(), word.end(), i));
                    break;
                }
            }
        }
        return found;
    }

    /** Equal, or forms of one word, as far as a reader's eye needs it. */
    private static boolean same(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        int shorter = Math.min(a.length(), b.length());
        return shorter >= 4 && Math.abs(a.length() - b.length()) <= 3 && (a.startsWith(b) || b.startsWith(a));
    }

    private static List<Word> words(String line) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String word = matcher.group();
            if (word.codePoints().anyMatch(Character::isIdeographic)) {
                pairs(word, matcher.start(), words);
            } else {
                words.add(new Word(matcher.start(), matcher.end(), word.toLowerCase(Locale.ROOT)));
            }
        }
        return words;
    }

    /** Where words are not set apart, pairs of characters stand for them. */
    private static void pairs(String run, int offset, List<Word> words) {
        for (int i = 0; i < run.length();) {
            int second = i + Character.charCount(run.codePointAt(i));
            int end = second < run.length() ? second + Character.charCount(run.codePointAt(second)) : second;
            if (end > second || i == 0) {
                words.add(new Word(offset + i, offset + end, run.substring(i, end)));
            }
            i = second;
        }
    }

    private static int start(String line, List<Found> found, int length) {
        int best = 0;
        int most = distinct(found, 0, length);
        for (Found word : found) {
            int start = wordStart(line, Math.max(0, word.start() - LEAD), word.start());
            int distinct = distinct(found, start, start + length);
            if (distinct > most) {
                most = distinct;
                best = start;
            }
        }
        return best;
    }

    private static int distinct(List<Found> found, int from, int to) {
        Set<Integer> distinct = new HashSet<>();
        for (Found word : found) {
            if (word.start() >= from && word.end() <= to) {
                distinct.add(word.which());
            }
        }
        return distinct.size();
    }

    private static int wordStart(String line, int from, int latest) {
        if (from == 0) {
            return 0;
        }
        int space = line.indexOf(' ', from);
        return space < 0 || space >= latest ? latest : space + 1;
    }

    private static int end(String line, int start, int length) {
        if (start + length >= line.length()) {
            return line.length();
        }
        int space = line.lastIndexOf(' ', start + length);
        int end = space > start + length / 2 ? space : start + length;
        return Character.isLowSurrogate(line.charAt(end)) ? end - 1 : end;
    }
}
