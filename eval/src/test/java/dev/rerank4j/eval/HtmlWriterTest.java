package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

class HtmlWriterTest {

    @Test
    void escapesTextsAndAttributes() {
        String html = new HtmlWriter().open("b").attribute("title", "\"<a>\" & 'b'\n\u0000")
                .text("<i>&amp;</i>\u0007]]>")
                .close().finish();
        assertEquals("<b title=\"&quot;&lt;a&gt;&quot; &amp; 'b'&#10; \">&lt;i&gt;&amp;amp;&lt;/i&gt; ]]&gt;</b>\n",
                html);
    }

    @Test
    void refusesWhatWouldNotBeWellFormed() {
        assertThrows(IllegalStateException.class, () -> new HtmlWriter().open("p").finish());
        assertThrows(IllegalStateException.class, () -> new HtmlWriter().close());
        assertThrows(IllegalStateException.class, () -> new HtmlWriter().open("p").text("a").attribute("id", "x"));
    }

    @Test
    void anyTextComesBackCleaned() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
            }
            String html = new HtmlWriter().leaf("pre", text.toString()).finish();
            String back = Jsoup.parse(html).select("pre").first().wholeText();
            String cleaned = HtmlText.clean(text.toString());
            assertEquals(cleaned.startsWith("\n") ? cleaned.substring(1) : cleaned, back, "seed " + seed);
        }
    }

    @Test
    void aSnippetShowsWhereTheWordsStand() {
        String text = "Nothing to see here. ".repeat(30)
                + "At last a lighthouse keeper tells of his long working hours, "
                + "and of the storm. " + "Nothing more. ".repeat(30);
        HtmlSnippet snippet = HtmlSnippet.of(text, "what are the hours of lighthouse keepers?", 120);
        assertEquals(List.of("lighthouse", "keeper", "hours"), marked(snippet));
        assertTrue(snippet.text().startsWith("… ") && snippet.text().endsWith(" …"), snippet.text());
        assertTrue(snippet.text().length() <= 124, snippet.text());
    }

    @Test
    void aSnippetWithoutTheWordsIsTheStart() {
        assertEquals("All of it.", HtmlSnippet.of(" All\n of\tit. ", "other words", 100).text());
        assertEquals(new BitSet(), HtmlSnippet.of("the of and", "the of and", 100).marks());
        assertEquals("", HtmlSnippet.of("", "", 100).text());
    }

    @Test
    void aSnippetMarksTextsWithoutSpaces() {
        assertEquals(List.of("東京タワ"), marked(HtmlSnippet.of("昨日は東京タワへ行った", "東京タワ", 100)));
        assertEquals(List.of("Größe"), marked(HtmlSnippet.of("Die Größe der Stadt", "größe", 100)));
    }

    @Test
    void aSnippetNeverBreaksACharacter() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.append(random.nextInt(8) == 0 ? " " : random.nextBoolean() ? "😀" : "ab");
            }
            String snippet = HtmlSnippet.of(text.toString(), "ab abab", 5 + random.nextInt(60)).text();
            assertEquals(HtmlText.clean(snippet), snippet, "seed " + seed);
        }
    }

    private static List<String> marked(HtmlSnippet snippet) {
        HtmlWriter html = new HtmlWriter().open("p");
        snippet.write(html);
        var parsed = Jsoup.parse(html.close().finish());
        assertEquals(snippet.text(), parsed.select("p").first().wholeText());
        return parsed.select("mark").eachText();
    }
}
