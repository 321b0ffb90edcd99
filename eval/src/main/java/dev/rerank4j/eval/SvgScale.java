package dev.rerank4j.eval;

/**
 * Where a number stands in a picture.
 *
 * @param low drawn at {@code from}; less than {@code high}, and above 0 if logarithmic
 * @param high drawn at {@code to}
 */
record SvgScale(double low, double high, double from, double to, boolean logarithmic) {

    SvgScale {
        if (!(low < high) || logarithmic && low <= 0) {
            throw new IllegalArgumentException("low must be < high, got " + low + " and " + high);
        }
    }

    static SvgScale linear(double low, double high, double from, double to) {
        return new SvgScale(low, high, from, to, false);
    }

    static SvgScale logarithmic(double low, double high, double from, double to) {
        return new SvgScale(low, high, from, to, true);
    }

    double at(double value) {
        double share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        return from + share * (to - from);
    }
}
