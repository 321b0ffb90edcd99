package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    /** A line for each section: headings > text. */
    static String outline(Extract extract) {
        return extract.sections().stream().map(section -> String.join(" / ", section.headings())
                + section.page().stream().mapToObj(page -> " p" + page).collect(Collectors.joining()) + " > "
                + extract.text().substring(section.start(), section.end()).replace("\n", "\\n").replace("\r", "\\r"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void headingsOfBothKindsMakeSectionsAndCodeDoesNot() {
        Extract extract = Markdown.extract("""
                # The *Hand*book

                Welcome.

                Leave
                -----

                Thirty days.

                ```
                # no heading
                ```

                ### Sick `leave` [form](http://example.org) ###

                Call in.

                > ## quoted

                ## Travel
                Second class.
                """);
        assertEquals("The Handbook", extract.title());
        assertEquals("""
                 > Welcome.
                Leave > Thirty days.\\n\\n```\\n# no heading\\n```
                Leave / Sick leave form > Call in.\\n\\n> ## quoted
                Travel > Second class.""", outline(extract));
    }

    @Test
    void rangesPointIntoTheFileWithItsLineEnds() {
        String text = "# A\r\n\r\nText \uD83D\uDE00 one.\r\n\r\nB\r\n===\r\n\r\nText two.\r\n";
        Extract extract = Markdown.extract(text);
        assertEquals(text, extract.text());
        assertEquals(" > Text \uD83D\uDE00 one.\nB > Text two.", outline(extract));
    }

    @Test
    void frontMatterIsNoTextAndNamesTheTitle() {
        Extract extract = Markdown
                .extract("---\nauthor: A\ntitle: \"Leave: all of it\"\n---\n\n# Leave\n\nThirty days.\n");
        assertEquals("Leave: all of it", extract.title());
        assertEquals("Leave > Thirty days.", outline(extract));
    }

    @Test
    void aRuleAtTheTopIsNoFrontMatter() {
        assertEquals(" > ---\\n\\nText.", outline(Markdown.extract("---\n\nText.\n")));
        assertEquals("", outline(Markdown.extract("---\n---\n")));
    }

    @Test
    void aHeadingWithNothingBelowIsText() {
        Extract extract = Markdown
                .extract("# Title\n\n## Questions\n\n### How?\n\n### Why?\n\n## Empty\n\n# Other\n\nText.\n");
        assertEquals("""
                Questions > ### How?
                Questions > ### Why?
                 > ## Empty
                Other > Text.""", outline(extract));
    }

    @Test
    void onlyATitle() {
        Extract extract = Markdown.extract("# Title\n");
        assertEquals("Title", extract.title());
        assertEquals(List.of(), extract.sections());
    }

    @Test
    void deepNestingIsOnlyText() {
        String deep = "> ".repeat(20_000) + "deep\n\n" + "- ".repeat(20_000) + "deep";
        Extract extract = Markdown.extract("# Title\n\nText.\n\n## Deep\n\n" + deep);
        assertEquals("Title", extract.title());
        assertEquals(" > Text.\nDeep > " + deep.replace("\n", "\\n"), outline(extract));
        String links = "[".repeat(100_000);
        assertEquals(" > " + links + "\nNext > Text.", outline(Markdown.extract(links + "\n\n## Next\n\nText.")));
    }
}
