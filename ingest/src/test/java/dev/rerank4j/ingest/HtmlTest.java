package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void aPageBecomesPlainTextWithSections() {
        Extract extract = Html.extract("""
                <!doctype html><html><head><title>Handbook</title>
                <meta name="author" content="Ann"><style>p{}</style></head>
                <body><nav>Home | About</nav>
                <h1>Handbook</h1>
                <p>Welcome &amp;
                   <b>hel</b>lo.<br>Second line.</p><script>no()</script>
                <h2>Leave</h2>
                <ul><li>Thirty days</li><li><p>More</p><p>and more</p></li></ul>
                <h3>Rates</h3>
                <table><tr><th>City</th><th>Rate</th></tr><tr><td>Berlin</td><td><p>28</p><p>30</p></td></tr></table>
                <pre>
                a  b
                  c
                </pre>
                <div hidden>secret</div>
                </body></html>""");
        assertEquals("Handbook", extract.title());
        assertEquals(Optional.of("Ann"), extract.author());
        assertEquals("""
                Handbook

                Welcome & hello.
                Second line.

                Leave

                Thirty days

                More

                and more

                Rates

                City\tRate
                Berlin\t28

                30

                a  b
                  c""", extract.text().strip());
        assertEquals("""
                 > Welcome & hello.\\nSecond line.
                Leave > Thirty days\\n\\nMore\\n\\nand more
                Leave / Rates > City\tRate\\nBerlin\t28\\n\\n30\\n\\na  b\\n  c""", MarkdownTest.outline(extract));
    }

    @Test
    void withoutATitleTheFirstTopHeadingIsIt() {
        assertEquals("Big", Html.extract("<h2>Small</h2><h1>Big</h1>text").title());
        assertEquals("", Html.extract("just text").title());
    }

    @Test
    void aTitleUnlikeTheHeadingLeavesTheHeadingInThePath() {
        assertEquals("Leave > Text.",
                MarkdownTest.outline(Html.extract("<title>Handbook: Leave</title><h1>Leave</h1><p>Text.")));
    }

    @Test
    void brokenAndDeepPagesAreReadAsFarAsTheyMakeSense() {
        assertEquals("a\n\nb", Html.extract("<p>a<div>b</p></td></x").text());
        assertEquals("deep", Html.extract("<div>".repeat(200_000) + "deep").text());
        assertEquals("", Html.extract("").text());
    }
}
