package dev.rerank4j.ingest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the tags and characters of (X)HTML into plain text with headings and pages: a blank line between paragraphs, a
 * line for each list item and table row, a tab between cells. Tags may be unbalanced. Not safe for several threads.
 */
final class TextBuilder {

    /** How strongly two pieces of text are set apart; the strongest since the last character wins. */
    private enum Gap {
        NONE(""), BLANK(" "), CELL("\t"), LINE("\n"), PARAGRAPH("\n\n");

        private final String characters;

        Gap(String characters) {
            this.characters = characters;
        }
    }

    private static final Map<String, Integer> HEADINGS = Map.of("h1", 1, "h2", 2, "h3", 3, "h4", 4, "h5", 5, "h6", 6);
    private static final Set<String> PARAGRAPHS = Set.of("p", "div", "table", "ul", "ol", "dl", "blockquote", "pre",
            "hr", "section", "article", "main", "header", "footer", "aside", "figure", "form", "fieldset", "details",
            "address");
    private static final Set<String> LINES = Set.of("li", "dt", "dd", "br", "tr", "caption", "figcaption", "summary");
    private static final Set<String> UNSEEN = Set.of("head", "script", "style", "noscript", "template", "svg", "iframe",
            "object", "select", "textarea", "button", "nav");
    /** What Tika adds to the text of a file: names of its attachments, and the master that every slide repeats. */
    private static final Set<String> UNSEEN_CLASSES = Set.of("package-entry", "embedded", "slide-master-content");
    private static final int LONGEST_SLIDE_TITLE = 120;

    private final boolean keepLines;
    private final StringBuilder text = new StringBuilder();
    private final Outline outline = new Outline();
    private Gap gap = Gap.NONE;
    private int unseen; // depth below the outermost tag that is not shown
    private int preformatted; // depth of pre tags
    private int cell = -1; // where the current cell begins
    private boolean rowBegun;
    private int heading; // level of the open heading; 0 if none is open
    private int headingStart = -1;
    private int pages;
    private boolean slideBegun;

    /** keepLines: whether line ends in the characters are lines of the page, as in PDF, or mere blanks, as in HTML. */
    TextBuilder(boolean keepLines) {
        this.keepLines = keepLines;
    }

    /** hidden: whether nothing in this tag is to be seen. */
    void open(String name, String styleClass, boolean hidden) {
        String tag = name.toLowerCase(Locale.ROOT);
        if (unseen > 0 || hidden || UNSEEN.contains(tag) || UNSEEN_CLASSES.contains(styleClass)) {
            unseen++;
            return;
        }
        separate(tag);
        if (tag.equals("pre")) {
            preformatted++;
        }
        if (tag.equals("tr")) {
            rowBegun = false;
        } else if (isCell(tag)) {
            cell = text.length();
            rowBegun = true;
        }
        if (tag.equals("div") && (styleClass.equals("page") || styleClass.equals("slide-content"))) {
            pages++;
            slideBegun = styleClass.equals("slide-content");
            outline.page(pages, text.length(), slideBegun);
        }
        if (HEADINGS.containsKey(tag)) {
            openHeading(HEADINGS.get(tag));
        } else if (tag.equals("p") && slideBegun) {
            openHeading(1);
        }
    }

    void close(String name) {
        if (unseen > 0) {
            unseen--;
            return;
        }
        String tag = name.toLowerCase(Locale.ROOT);
        if (tag.equals("pre")) {
            preformatted = Math.max(0, preformatted - 1);
        }
        if (heading > 0 && (HEADINGS.containsKey(tag) || tag.equals("p"))) {
            closeHeading(tag.equals("p"));
        }
        if (isCell(tag)) {
            gap = gap == Gap.NONE ? Gap.NONE : Gap.BLANK; // the last paragraph of a cell does not end its row
            cell = -1;
        } else {
            separate(tag);
        }
    }

    void characters(CharSequence characters) {
        if (unseen > 0) {
            return;
        }
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            if (!Blanks.isBlank(c)) {
                append(c);
            } else if (preformatted > 0 && gap == Gap.NONE) {
                append(c == '\n' || c == '\t' ? c : ' ');
            } else if (c == '\n' && keepLines) {
                raise(Gap.LINE);
            } else {
                raise(Gap.BLANK);
            }
        }
    }

    /**
     * What was built.
     *
     * @param title the title, if it is known from elsewhere; otherwise the first top heading is
     * @param headed whether the first top heading may be the title at all
     */
    Extract build(Optional<String> title, boolean headed, Optional<String> author) {
        String all = text.toString();
        String chosen = title.or(() -> headed ? outline.firstTop() : Optional.empty()).orElse("");
        List<Section> sections = outline.sections(all, 0, chosen);
        return new Extract(chosen, all, sections, author);
    }

    private void separate(String tag) {
        boolean atCellStart = cell >= 0 && text.length() == cell;
        if (isCell(tag)) {
            raise(rowBegun ? Gap.CELL : Gap.NONE);
        } else if (!atCellStart && (PARAGRAPHS.contains(tag) || HEADINGS.containsKey(tag))) {
            raise(Gap.PARAGRAPH);
        } else if (!atCellStart && LINES.contains(tag)) {
            raise(Gap.LINE);
        }
    }

    private void raise(Gap wanted) {
        if (wanted.compareTo(gap) > 0) {
            gap = wanted;
        }
    }

    private void append(char c) {
        if (!text.isEmpty()) {
            text.append(gap.characters);
        }
        gap = Gap.NONE;
        if (heading > 0 && headingStart < 0) {
            headingStart = text.length();
        }
        text.append(c);
    }

    private void openHeading(int level) {
        heading = level;
        headingStart = -1;
        slideBegun = false;
    }

    /**
     * A slide's first paragraph is its title by the order in which presentation programs write, unless it is a text.
     */
    private void closeHeading(boolean ofSlide) {
        if (headingStart >= 0 && !(ofSlide && text.length() - headingStart > LONGEST_SLIDE_TITLE)) {
            String title = text.substring(headingStart).replaceAll("\\s+", " ").strip();
            outline.heading(heading, title, headingStart, text.length());
        }
        heading = 0;
        headingStart = -1;
    }

    private static boolean isCell(String tag) {
        return tag.equals("td") || tag.equals("th");
    }
}
