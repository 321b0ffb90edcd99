package dev.rerank4j.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Collects headings and page breaks in the order of a text, then divides the text by them. Not safe for several
 * threads.
 */
final class Outline {

    private sealed interface Mark {
        int start();

        int end();
    }

    private record Heading(int level, String text, int start, int end) implements Mark {
    }

    private record Page(int number, int start, boolean slide) implements Mark {
        @Override
        public int end() {
            return start;
        }
    }

    private final List<Mark> marks = new ArrayList<>();

    /** Adds a heading after all marks so far; one without text is no heading. level: from 1, the top. */
    void heading(int level, String text, int start, int end) {
        if (!Blanks.isBlank(text, 0, text.length())) {
            marks.add(new Heading(level, text, start, end));
        }
    }

    /** Everything from {@code start} on is on this page. slide: whether the headings of the page before end with it. */
    void page(int number, int start, boolean slide) {
        marks.add(new Page(number, start, slide));
    }

    /** The text of the first heading of level 1. */
    Optional<String> firstTop() {
        return headings().filter(heading -> heading.level == 1).findFirst().map(Heading::text);
    }

    /**
     * The parts of {@code text} from index {@code from} on, without the blanks around them; blank parts are left out.
     * The first top heading that reads like the title names no section. A heading with nothing below it is itself a
     * section of what is above, or its words could not be found.
     */
    List<Section> sections(String text, int from, String title) {
        Optional<Heading> titled = headings().filter(heading -> heading.level == 1).findFirst()
                .filter(heading -> heading.text.equals(title));
        return new Division(text, titled).divide(from);
    }

    private Stream<Heading> headings() {
        return marks.stream().filter(Heading.class::isInstance).map(Heading.class::cast);
    }

    private final class Division {

        private final String text;
        private final Optional<Heading> title;
        private final List<Section> sections = new ArrayList<>();
        private final Deque<Heading> above = new ArrayDeque<>(); // the last is the innermost
        private Optional<Heading> barren = Optional.empty(); // the innermost heading, as long as nothing is below it
        private OptionalInt page = OptionalInt.empty();
        private OptionalInt barrenPage = OptionalInt.empty();

        Division(String text, Optional<Heading> title) {
            this.text = text;
            this.title = title;
        }

        List<Section> divide(int from) {
            int position = from;
            for (Mark mark : marks) {
                add(position, mark.start());
                position = mark.end();
                switch (mark) {
                    case Page next -> turn(next);
                    case Heading next -> enter(next);
                }
            }
            add(position, text.length());
            leaveBarren();
            return sections;
        }

        private void turn(Page next) {
            if (next.slide) {
                leaveBarren();
                above.clear();
            }
            page = OptionalInt.of(next.number);
        }

        private void enter(Heading next) {
            if (barren.isPresent() && next.level <= barren.get().level) {
                leaveBarren();
            }
            while (!above.isEmpty() && above.getLast().level >= next.level) {
                above.removeLast();
            }
            above.addLast(next);
            barren = Optional.of(next).filter(heading -> !isTitle(heading));
            barrenPage = page;
        }

        private void leaveBarren() {
            if (barren.isPresent()) {
                Heading heading = barren.get();
                above.removeLast();
                sections.add(new Section(path(), barrenPage, heading.start, heading.end));
                barren = Optional.empty();
            }
        }

        private void add(int start, int end) {
            int first = Blanks.skip(text, start, end);
            if (first < end) {
                sections.add(new Section(path(), page, first, Blanks.skipBack(text, first, end)));
                barren = Optional.empty();
            }
        }

        private List<String> path() {
            List<String> path = new ArrayList<>();
            for (Heading heading : above) {
                if (!isTitle(heading)) {
                    path.add(heading.text);
                }
            }
            return path;
        }

        private boolean isTitle(Heading heading) {
            return title.isPresent() && title.get() == heading;
        }
    }
}
