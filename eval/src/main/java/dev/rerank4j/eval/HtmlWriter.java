package dev.rerank4j.eval;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes markup that is well-formed as XML and means the same to an HTML parser. Every text and every attribute is
 * cleaned and escaped; nothing can be written as it stands. Not for several threads.
 */
final class HtmlWriter {

    private static final Set<String> VOID = Set.of("meta", "br");

    /** Start on a new line, where white space means nothing: a person may read the source. */
    private static final Set<String> BLOCK = Set.of("html", "head", "body", "meta", "title", "style", "header", "main",
            "footer", "section", "figure", "figcaption", "svg", "p", "h1", "h2", "h3", "table", "thead", "tbody", "tr",
            "ul", "ol", "li", "details", "summary", "dl");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();
    private boolean inTag;

    /** Starts a document. */
    HtmlWriter doctype() {
        out.append("<!DOCTYPE html>");
        return this;
    }

    HtmlWriter open(String element) {
        endTag();
        if (BLOCK.contains(element)) {
            out.append('\n');
        }
        out.append('<').append(element);
        open.push(element);
        inTag = true;
        return this;
    }

    /** Opens an element of a class, or of none if that is empty. */
    HtmlWriter open(String element, String styleClass) {
        open(element);
        return styleClass.isEmpty() ? this : attribute("class", styleClass);
    }

    /**
     * Adds to the element just opened.
     *
     * @throws IllegalStateException if its content has begun
     */
    HtmlWriter attribute(String name, String value) {
        if (!inTag) {
            throw new IllegalStateException("attribute " + name + " must follow the start of an element");
        }
        out.append(' ').append(name).append("=\"");
        escape(value, true);
        out.append('"');
        return this;
    }

    HtmlWriter text(String text) {
        endTag();
        escape(text, false);
        return this;
    }

    /**
     * Closes the element opened last.
     *
     * @throws IllegalStateException if none is open
     */
    HtmlWriter close() {
        if (open.isEmpty()) {
            throw new IllegalStateException("close must follow open");
        }
        String element = open.pop();
        if (VOID.contains(element)) {
            out.append(" />");
            inTag = false;
        } else {
            endTag();
            out.append("</").append(element).append('>');
        }
        return this;
    }

    /** An element with nothing but a text. */
    HtmlWriter leaf(String element, String text) {
        return open(element).text(text).close();
    }

    /** An element of a class with nothing but a text. */
    HtmlWriter leaf(String element, String styleClass, String text) {
        return open(element, styleClass).text(text).close();
    }

    /** An element of a class with a text of somebody else, whose direction of writing is its own affair. */
    HtmlWriter foreign(String element, String styleClass, String text) {
        return open(element, styleClass).attribute("dir", "auto").text(text).close();
    }

    /**
     * What was written.
     *
     * @throws IllegalStateException if an element is still open
     */
    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("elements must be closed, still open: " + open);
        }
        return out.append('\n').toString();
    }

    private void endTag() {
        if (inTag) {
            out.append('>');
            inTag = false;
        }
    }

    private void escape(String text, boolean attribute) {
        String cleaned = HtmlText.clean(text);
        for (int i = 0; i < cleaned.length(); i++) {
            char c = cleaned.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append(attribute ? "&quot;" : "\"");
                case '\n' -> out.append(attribute ? "&#10;" : "\n");
                default -> out.append(c);
            }
        }
    }
}
