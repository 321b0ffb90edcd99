package dev.rerank4j.eval;

import java.util.Locale;

/** Writes shapes into a page. Colours and strokes are the style sheet's affair: shapes have classes. */
final class SvgWriter {

    /** Where a text stands relative to its point. */
    enum Anchor {
        START, MIDDLE, END
    }

    private final HtmlWriter html;

    private SvgWriter(HtmlWriter html) {
        this.html = html;
    }

    /**
     * Writes a whole picture that a screen reader announces as one.
     *
     * @param id unique in the page
     */
    static void write(HtmlWriter html, String id, SvgPlot plot, SvgSize size) {
        int height = plot.height(size);
        html.open("svg", "plot " + size.styleClass()).attribute("role", "img")
                .attribute("aria-labelledby", id + "-title " + id + "-desc")
                .attribute("viewBox", "0 0 " + size.width() + " " + height)
                .attribute("width", String.valueOf(size.width())).attribute("height", String.valueOf(height));
        html.open("title").attribute("id", id + "-title").text(plot.title()).close();
        html.open("desc").attribute("id", id + "-desc").text(plot.description()).close();
        plot.draw(new SvgWriter(html), size);
        html.close();
    }

    /** Writes a small picture beside a number that says the same: screen readers pass over it. */
    static SvgWriter ornament(HtmlWriter html, String styleClass, int width, int height) {
        html.open("svg", styleClass).attribute("aria-hidden", "true")
                .attribute("viewBox", "0 0 " + width + " " + height)
                .attribute("width", String.valueOf(width)).attribute("height", String.valueOf(height));
        return new SvgWriter(html);
    }

    /** Ends what {@link #ornament} or {@link #group} began. */
    void end() {
        html.close();
    }

    SvgWriter group(String styleClass) {
        html.open("g", styleClass);
        return this;
    }

    void line(String styleClass, double x1, double y1, double x2, double y2) {
        html.open("line", styleClass);
        number("x1", x1).number("y1", y1).number("x2", x2).number("y2", y2);
        html.close();
    }

    /**
     * @param tip what a pointer that rests on it is told; possibly empty
     */
    void rect(String styleClass, double x, double y, double width, double height, String tip) {
        html.open("rect", styleClass);
        number("x", x).number("y", y).number("width", Math.max(0, width)).number("height", Math.max(0, height));
        tip(tip);
        html.close();
    }

    void path(String styleClass, Path path, String tip) {
        html.open("path", styleClass).attribute("d", path.toString());
        tip(tip);
        html.close();
    }

    void text(String styleClass, Anchor anchor, double x, double y, String text) {
        text(styleClass, anchor, x, y, text, "");
    }

    void text(String styleClass, Anchor anchor, double x, double y, String text, String tip) {
        html.open("text", styleClass);
        number("x", x).number("y", y);
        if (anchor != Anchor.START) {
            html.attribute("text-anchor", anchor.name().toLowerCase(Locale.ROOT));
        }
        html.text(text);
        tip(tip);
        html.close();
    }

    private void tip(String tip) {
        if (!tip.isEmpty()) {
            html.leaf("title", tip);
        }
    }

    private SvgWriter number(String name, double value) {
        html.attribute(name, coordinate(value));
        return this;
    }

    /** A tenth of a unit is finer than a screen. */
    private static String coordinate(double value) {
        long tenths = Math.round(value * 10);
        long rest = Math.abs(tenths % 10);
        return (tenths < 0 ? "-" : "") + Math.abs(tenths / 10) + (rest == 0 ? "" : "." + rest);
    }

    /** Strokes from point to point. */
    static final class Path {

        private final StringBuilder data = new StringBuilder();

        Path move(double x, double y) {
            return to('M', x, y);
        }

        /** To the next point; the first one is moved to. */
        Path line(double x, double y) {
            return to(data.isEmpty() ? 'M' : 'L', x, y);
        }

        Path shut() {
            data.append('Z');
            return this;
        }

        boolean isEmpty() {
            return data.isEmpty();
        }

        private Path to(char command, double x, double y) {
            data.append(command).append(coordinate(x)).append(' ').append(coordinate(y));
            return this;
        }

        @Override
        public String toString() {
            return data.toString();
        }
    }
}
