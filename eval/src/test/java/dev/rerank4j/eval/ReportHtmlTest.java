package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

class ReportHtmlTest {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    static Stream<String> names() {
        return pages().keySet().stream();
    }

    private static Map<String, Report> pages() {
        Map<String, Report> pages = new LinkedHashMap<>();
        pages.put("sample", ReportSample.report());
        pages.put("billed", ReportSample.billed());
        pages.put("odd-currency", ReportSample.billed("<b>&\uD800"));
        pages.putAll(ReportEdges.all());
        return pages;
    }

    private static String html(String name) throws IOException {
        return ReportSample.html(pages().get(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void twoParsersReadTheSamePage(String name) throws Exception {
        String html = html(name);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(html)); // throws at a lone surrogate
        org.w3c.dom.Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
        Document soup = Jsoup.parse(html);
        assertEquals(xml.getElementsByTagName("*").getLength(), soup.select("*").size() - 1, "elements"); // less the root
        assertEquals(squeeze(xml.getElementsByTagName("body").item(0).getTextContent()),
                squeeze(soup.body().wholeText()), "text");
        assertEquals(soup.select("style").first().data().strip(),
                xml.getElementsByTagName("style").item(0).getTextContent().strip(), "style");
    }

    @Test
    void costStandsInTheTableAndInAPlot() throws IOException {
        Document soup = Jsoup.parse(html("billed"));
        assertTrue(soup.text().contains("Quality against cost"), soup.text());
        assertTrue(soup.select("svg").text().contains("cost of 1,000 queries in USD"));
        assertEquals(List.of("1,000", "1,000 search units", "2.50 USD"),
                soup.select("tr:has(bdi:containsOwn(acme)) td").eachText().subList(4, 7));
        assertEquals(List.of("2,000", "–", "–"),
                soup.select("tr:has(bdi:containsOwn(own)) td").eachText().subList(4, 7));
        assertFalse(Jsoup.parse(html("sample")).text().contains("Quality against cost"));
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @ParameterizedTest
    @MethodSource("names")
    void needsNothingElse(String name) throws IOException {
        Document soup = Jsoup.parse(html(name));
        assertEquals(0, soup.select("script, link, img, iframe, object, embed, base, form, use, image, foreignObject")
                .size());
        assertEquals(0, soup.select("[src], [href], [xlink:href], [srcset], [action]").size());
        for (Element element : soup.getAllElements()) {
            element.attributes().forEach(attribute -> assertFalse(attribute.getKey().startsWith("on"),
                    "no handlers, got " + attribute.getKey()));
        }
        String style = soup.select("style").first().data();
        assertFalse(style.contains("url(") || style.contains("@import") || style.contains("http"));
        assertTrue(soup.select("meta[http-equiv=Content-Security-Policy]").attr("content")
                .contains("default-src 'none'"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isAccessible(String name) throws IOException {
        Document soup = Jsoup.parse(html(name));
        assertEquals("en", soup.select("html").attr("lang"));
        assertEquals(1, soup.select("h1").size());
        Set<String> ids = new HashSet<>();
        soup.select("[id]").forEach(element -> assertTrue(ids.add(element.id()), "id twice: " + element.id()));
        soup.select("th").forEach(th -> assertFalse(th.attr("scope").isEmpty(), "th without scope: " + th.text()));
        soup.select("table").forEach(table -> assertFalse(table.select("caption").text().isEmpty()));
        for (Element svg : soup.select("svg")) {
            if (svg.attr("aria-hidden").isEmpty()) {
                assertEquals("img", svg.attr("role"));
                for (String id : svg.attr("aria-labelledby").split(" ")) {
                    assertFalse(soup.getElementById(id).wholeText().isBlank(), "empty " + id);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPlotHasAxesAndStaysInItsFrame(String name) throws IOException {
        for (Element svg : Jsoup.parse(html(name)).select("svg.plot")) {
            assertEquals(2, svg.select("text.axis").size());
            svg.select("text.axis").forEach(axis -> assertFalse(axis.text().isBlank()));
            assertTrue(svg.select("text.tick[text-anchor=end]").size() >= 2, "ticks at the y axis");
            assertTrue(svg.select("text.tick[text-anchor=middle]").size() >= 1, "ticks at the x axis");
            for (Element tick : svg.select("text.tick")) {
                assertTrue(tick.text().matches("−?[\\d,]+(\\.\\d+)?"), "tick " + tick.text());
            }
            double width = Double.parseDouble(svg.attr("width"));
            double height = Double.parseDouble(svg.attr("height"));
            for (Element shape : svg.select("line, rect, path, text")) {
                Matcher numbers = NUMBER.matcher(String.join(" ", shape.attr("d"), shape.attr("x1"), shape.attr("y1"),
                        shape.attr("x2"), shape.attr("y2"), shape.attr("x"), shape.attr("y")));
                boolean some = false;
                while (numbers.find()) {
                    some = true;
                    double number = Double.parseDouble(numbers.group());
                    assertTrue(number >= -1 && number <= Math.max(width, height), shape.outerHtml());
                }
                assertTrue(some, "no coordinates: " + shape.outerHtml());
                assertFalse(shape.outerHtml().contains("NaN") || shape.outerHtml().contains("Infinity"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void labelsDoNotCoverEachOther(String name) throws IOException {
        for (Element svg : Jsoup.parse(html(name)).select("svg.plot")) {
            List<Element> texts = svg.select("text").stream().filter(text -> !text.hasClass("axis")).toList();
            for (int i = 0; i < texts.size(); i++) {
                for (Element other : texts.subList(i + 1, texts.size())) {
                    assertFalse(box(texts.get(i)).meets(box(other)),
                            svg.className() + ": " + texts.get(i).ownText() + " covers " + other.ownText());
                }
            }
        }
    }

    /** Rather smaller than the room that was made for it: letters, not the space around them. */
    private static SvgLabels.Box box(Element text) {
        double width = SvgText.width(text.ownText());
        double x = Double.parseDouble(text.attr("x"));
        double y = Double.parseDouble(text.attr("y"));
        double left = switch (text.attr("text-anchor")) {
            case "end" -> x - width;
            case "middle" -> x - width / 2;
            default -> x;
        };
        return new SvgLabels.Box(left + 1, y - 9, left + width - 1, y + 2);
    }

    @Test
    void showsEverySection() throws IOException {
        Document soup = Jsoup.parse(html("sample"));
        assertEquals(List.of("No clear difference by reranking", "To know when reading", "Systems",
                "Quality against depth", "Quality against latency", "Gains and losses by query", "Comparisons",
                "The queries that changed most"), soup.select("h2").eachText());
        assertEquals(18, soup.select("table.systems tbody tr").size());
        assertEquals(List.of("0.742", "0.902", "0.712"),
                soup.select("table.systems tbody tr").get(8).select(".mean.best").eachText());
        assertEquals(8, soup.select("table.comparisons tbody tr:not(.group)").size());
        assertEquals(20, soup.select("details").size());
        assertEquals(3, soup.select("details[open]").size());
        assertTrue(soup.select("p.front").text().contains("hybrid+rerank@50 (0.742, 86"),
                soup.select("p.front").text());
        assertFalse(soup.text().contains("Synthetic queries"));
    }

    @Test
    void showsWhatBothSystemsFound() throws IOException {
        Element change = Jsoup.parse(html("sample")).select("details").get(1);
        assertEquals("why does bread go stale faster in the refrigerator", change.select(".query").text());
        assertTrue(change.select("summary").text().contains("first relevant document #4 → #1"));
        Element first = change.select(".side").get(1).select("li").first();
        assertEquals("A short history of bread", first.select(".title").text());
        assertEquals("relevant", first.select(".grade").text());
        assertEquals("↑ was #4", first.select(".move").text());
        assertEquals(List.of("Bread", "stale", "refrigerator", "stale"), first.select("mark").eachText());
        Element same = change.select(".side").first().select("li").get(3);
        assertEquals("↑ now #1", same.select(".move").text());
    }

    @Test
    void saysLoudlyThatQueriesAreSynthetic() throws IOException {
        Document soup = Jsoup.parse(html("synthetic"));
        assertTrue(soup.select(".banner").text().startsWith("Synthetic queries."));
        assertTrue(soup.select(".verdict h2").text().endsWith("(synthetic queries)"));
    }

    @Test
    void leavesOutWhatThereIsNothingToShowOf() throws IOException {
        assertEquals(List.of("bm25: nDCG@10 0.600", "Systems"),
                Jsoup.parse(html("one-system")).select("h2").eachText());
        Document runs = Jsoup.parse(html("two-runs"));
        assertEquals(List.of("No clear difference", "Systems", "Gains and losses by query", "Comparisons"),
                runs.select("h2").eachText());
        assertFalse(runs.select("table.systems thead").text().contains("ms"));
        assertFalse(runs.select("table.systems thead").text().contains("depth"));
    }

    @Test
    void drawsManyQueriesInFewShapes() throws IOException {
        String html = html("ten-thousand");
        assertTrue(html.length() < 200_000, "characters: " + html.length());
        for (Element svg : Jsoup.parse(html).select("svg.plot:has(.loss)")) {
            assertEquals(0, svg.select("rect").size());
            assertEquals(2, svg.select("path").size());
        }
    }

    @Test
    void isTheSameInEveryLocale() throws IOException {
        String expected = html("sample");
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("de-DE", "ar-EG-u-nu-arab", "tr-TR")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(expected, html("sample"), tag);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void textHasContrastInEveryStyle() throws IOException {
        String style = Jsoup.parse(html("sample")).select("style").first().data();
        String[] themes = style.split("prefers-color-scheme: dark", 2);
        for (String theme : themes) {
            for (String ink : List.of("ink", "muted", "gain", "loss", "yes")) {
                for (String ground : List.of("page", "surface")) {
                    double contrast = contrast(colour(theme, ink), colour(theme, ground));
                    assertTrue(contrast >= 4.5, ink + " on " + ground + ": " + contrast);
                }
            }
            assertTrue(contrast(colour(theme, "yes"), colour(theme, "yes-soft")) >= 4.5);
            assertTrue(contrast(colour(theme, "banner"), colour(theme, "banner-soft")) >= 4.5);
            assertTrue(contrast(colour(theme, "ink"), colour(theme, "mark")) >= 4.5);
            for (int i = 0; i < 8; i++) {
                assertTrue(contrast(colour(theme, "c" + i), colour(theme, "page")) >= 3, "line " + i);
            }
        }
    }

    private static int colour(String theme, String name) {
        Matcher matcher = Pattern.compile("--" + name + ": #([0-9a-f]{6})").matcher(theme);
        assertTrue(matcher.find(), name);
        return Integer.parseInt(matcher.group(1), 16);
    }

    /** WCAG 2.1, contrast ratio. */
    private static double contrast(int a, int b) {
        double light = Math.max(luminance(a), luminance(b));
        double dark = Math.min(luminance(a), luminance(b));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8) + 0.0722 * linear(colour);
    }

    private static double linear(int channel) {
        double share = (channel & 0xFF) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
