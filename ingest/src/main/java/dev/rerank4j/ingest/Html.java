package dev.rerank4j.ingest;

import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** Reads HTML as browsers do: everything is some document. */
final class Html {

    /** Deeper elements become siblings, so that a page of nothing but open tags is cheap. */
    private static final int MAX_DEPTH = 256;

    private Html() {
    }

    static Extract extract(String html) {
        Document page = Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(MAX_DEPTH));
        TextBuilder builder = new TextBuilder(false);
        NodeTraversor.traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode characters) {
                    builder.characters(characters.getWholeText());
                } else if (node instanceof Element element) {
                    builder.open(element.normalName(), element.className(), element.hasAttr("hidden"));
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element element) {
                    builder.close(element.normalName());
                }
            }
        }, page.body());
        return builder.build(text(page.title()), true, author(page));
    }

    private static Optional<String> author(Document page) {
        Element author = page.selectFirst("head > meta[name=author]");
        return author == null ? Optional.empty() : text(author.attr("content"));
    }

    private static Optional<String> text(String value) {
        return Optional.of(value.strip()).filter(stripped -> !stripped.isEmpty());
    }
}
