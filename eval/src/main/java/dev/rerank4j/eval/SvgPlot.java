package dev.rerank4j.eval;

/** A picture that can be drawn in several sizes. */
interface SvgPlot {

    /** What it shows, in a few words. */
    String title();

    /** What there is to see, for those who do not see it. */
    String description();

    int height(SvgSize size);

    void draw(SvgWriter svg, SvgSize size);
}
