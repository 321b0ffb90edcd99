package dev.rerank4j.ingest;

import dev.rerank4j.Document;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Cuts stretches of documents into passages of bounded size.
 *
 * @param near the part of a passage, from its end, in which a good place for a cut is looked for; 0 to 1
 */
record Cutter(Tokens tokens, int size, int overlap, double near) {

    static final int SMALLEST = 8;
    static final double LAST_QUARTER = 0.25;
    static final double ANYWHERE = 1;

    /** Words rarely have more pieces. */
    private static final int FARTHEST_WORD = 8;
    private static final byte[] BEST_FIRST = {TokenMap.SENTENCE, TokenMap.WORD, TokenMap.IN_WORD};

    Cutter {
        if (size < SMALLEST) {
            throw new IllegalArgumentException("size must be >= " + SMALLEST + ", got " + size);
        }
        if (overlap < 0 || overlap > size / 2) {
            throw new IllegalArgumentException("overlap must be 0 to half the size of " + size + ", got " + overlap);
        }
    }

    Work on(SectionedDocument document) {
        return new Work(document);
    }

    /** What stands in front of the text of a passage, and the tokens that it leaves for that. */
    private record Front(List<String> headings, int room) {
    }

    /** One document and its passages so far. For one thread. */
    final class Work {

        private final SectionedDocument source;
        private final Document document;
        private final String text;
        private final String title;
        private final TokenMap map;
        private final Map<List<String>, Front> fronts = new HashMap<>();
        private final List<Passage> passages = new ArrayList<>();

        private Work(SectionedDocument source) {
            this.source = source;
            this.document = source.document();
            this.text = document.text();
            this.title = shortened(document.title());
            List<Section> sections = source.sections();
            this.map = sections.isEmpty()
                    ? TokenMap.of(tokens, text, 0, 0)
                    : TokenMap.of(tokens, text, sections.getFirst().start(), sections.getLast().end());
        }

        /** Tokens that begin between two characters. */
        int tokensBetween(int start, int end) {
            return map.firstFrom(end) - map.firstFrom(start);
        }

        /** Tokens that a passage of a section can have besides title and headings; about half the size or more. */
        int room(Section section) {
            return front(section).room;
        }

        /** Adds the passages of what stands between two characters. */
        void cut(int start, int end) {
            int last = map.firstFrom(end);
            int begin = Blanks.skip(text, start, end);
            while (begin < end) {
                int from = Math.max(0, map.firstFrom(begin + 1) - 1); // the token that the character is part of
                int to = addPassage(begin, from, end, last);
                if (to >= last) {
                    return;
                }
                begin = Blanks.skip(text, map.start(overlapping(from, to)), end);
            }
        }

        /** All passages; of a document that has nothing but a title, one. */
        List<Passage> passages() {
            if (passages.isEmpty() && !Blanks.isBlank(title, 0, title.length())) {
                passages.add(passage(new Location(source.file(), List.of(), OptionalInt.empty(), 0, 0)));
            }
            if (passages.size() == 1) {
                Passage only = passages.getFirst();
                return List.of(new Passage(document.id(), document.id(), title, only.text(), only.location(),
                        document.metadata()));
            }
            return List.copyOf(passages);
        }

        /** Adds the longest passage that begins at a character and fits; the token after it. */
        private int addPassage(int begin, int from, int end, int last) {
            Section section = source.sectionAt(begin);
            int to = cutAt(from, from + room(section), last);
            Passage passage = passage(section, begin, to < last ? map.start(to) : end);
            // A text cut out of its neighbours may count a little more than it did among them.
            for (int excess = excess(passage); excess > 0; excess = excess(passage)) {
                int shorter = cutAt(from, Math.max(from + 1, Math.min(to, last) - excess), last);
                if (shorter >= to) {
                    break;
                }
                to = shorter;
                passage = passage(section, begin, map.start(to));
            }
            boolean news = passages.isEmpty() || passage.location().end() > passages.getLast().location().end();
            if (news) {
                passages.add(passage);
            }
            return to;
        }

        /** The best token to cut before, after {@code from}, at {@code limit} or not much before it. */
        private int cutAt(int from, int limit, int last) {
            if (limit >= last) {
                return last;
            }
            int earliest = Math.max(from + 1, limit - (int) ((limit - from) * near));
            for (byte wanted : BEST_FIRST) {
                for (int token = limit; token >= earliest; token--) {
                    if (map.rank(token) >= wanted) {
                        return token;
                    }
                }
            }
            int token = earliest;
            while (token > from && map.rank(token) == TokenMap.NOWHERE) {
                token--;
            }
            if (token > from) {
                return token;
            }
            token = limit;
            while (token < last && map.rank(token) == TokenMap.NOWHERE) {
                token++;
            }
            return token;
        }

        /** The token with which the next passage begins: before {@code to}, but after {@code from}. */
        private int overlapping(int from, int to) {
            int wanted = to - Math.min(overlap, (to - from) / 2);
            if (wanted == to) {
                return to;
            }
            for (int token = wanted; token > Math.max(from, wanted - FARTHEST_WORD); token--) {
                if (map.rank(token) >= TokenMap.WORD) {
                    return token;
                }
            }
            while (wanted < to && map.rank(wanted) == TokenMap.NOWHERE) {
                wanted++;
            }
            return wanted;
        }

        private Passage passage(Section section, int start, int end) {
            return passage(new Location(source.file(), front(section).headings, section.page(), start,
                    Blanks.skipBack(text, start, end)));
        }

        private Passage passage(Location location) {
            return new Passage(document.id() + "#" + (passages.size() + 1), document.id(), title,
                    text.substring(location.start(), location.end()), location, document.metadata());
        }

        private Front front(Section section) {
            return fronts.computeIfAbsent(section.headings(), headings -> {
                List<String> fitting = fitting(headings);
                Location location = new Location("", fitting, OptionalInt.empty(), 0, 0);
                Passage empty = new Passage("-", "-", title, "", location, Map.of());
                return new Front(fitting, Math.max(1, -excess(empty)));
            });
        }
    }

    private int excess(Passage passage) {
        return tokens.starts(passage.content()).length - size;
    }

    /** The innermost headings, as many as count no more than a quarter of the size. */
    private List<String> fitting(List<String> headings) {
        int left = size / 4;
        List<String> fitting = new ArrayList<>();
        for (String heading : headings.reversed()) {
            String shortened = fitting.isEmpty() ? shortened(heading) : heading;
            left -= TokenMap.of(tokens, shortened, 0, shortened.length()).count();
            if (left < 0 && !fitting.isEmpty()) {
                break;
            }
            fitting.addFirst(shortened);
        }
        return fitting;
    }

    /** The beginning of a text that counts no more than a quarter of the size. */
    private String shortened(String text) {
        TokenMap map = TokenMap.of(tokens, text, 0, text.length());
        int most = size / 4;
        while (most > 0 && most < map.count() && map.rank(most) == TokenMap.NOWHERE) {
            most--;
        }
        return most < map.count() ? text.substring(0, map.start(most)).strip() : text;
    }
}
