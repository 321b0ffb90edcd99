package dev.rerank4j.eval;

/**
 * How wide a plot is drawn. Text in a picture shrinks with it, so a plot is drawn once for each kind of page, and the
 * style sheet shows the one that fits.
 */
enum SvgSize {

    /** Half of a wide page, all of a middling one, and paper. */
    WIDE(550, 380),

    /** A telephone. */
    NARROW(330, 300),

    /** All of a wide page. */
    FULL(1132, 330);

    private final int width;
    private final int height;

    SvgSize(int width, int height) {
        this.width = width;
        this.height = height;
    }

    int width() {
        return width;
    }

    /** As a rule; a plot with many labels is higher. */
    int height() {
        return height;
    }

    /** What the style sheet calls it. */
    String styleClass() {
        return switch (this) {
            case WIDE -> "wide";
            case NARROW -> "narrow";
            case FULL -> "full";
        };
    }
}
