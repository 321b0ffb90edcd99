package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds places for labels, so that none covers another. */
final class SvgLabels {

    /** A rectangle; y grows downwards. */
    record Box(double left, double top, double right, double bottom) {

        boolean meets(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean within(Box other) {
            return left >= other.left && right <= other.right && top >= other.top && bottom <= other.bottom;
        }
    }

    /**
     * Where a label's text starts or ends, on its base line.
     *
     * @param far whether a line must lead from the point to it
     */
    record Place(SvgWriter.Anchor anchor, double x, double y, boolean far) {
    }

    private final Box room;
    private final List<Box> taken = new ArrayList<>();

    /**
     * @param room where labels may be
     */
    SvgLabels(Box room) {
        this.room = room;
    }

    /** Nothing is written there. */
    void avoid(Box box) {
        taken.add(box);
    }

    /**
     * A place beside a point that is still free, and from now on is not; empty if there is none.
     *
     * @param up whether it had better be above and left of the point than below and right of it
     */
    Optional<Place> beside(double x, double y, String text, boolean up) {
        double width = SvgText.width(text);
        for (Place place : places(x, y, up)) {
            Box box = box(place, width);
            if (box.within(room) && taken.stream().noneMatch(box::meets)) {
                taken.add(box);
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    private static List<Place> places(double x, double y, boolean up) {
        Place right = new Place(SvgWriter.Anchor.START, x + 9, y + 4, false);
        Place left = new Place(SvgWriter.Anchor.END, x - 9, y + 4, false);
        List<Place> above = List.of(new Place(SvgWriter.Anchor.MIDDLE, x, y - 11, false),
                new Place(SvgWriter.Anchor.END, x + 4, y - 11, false),
                new Place(SvgWriter.Anchor.START, x - 4, y - 11, false));
        List<Place> below = List.of(new Place(SvgWriter.Anchor.MIDDLE, x, y + 20, false),
                new Place(SvgWriter.Anchor.START, x - 4, y + 20, false),
                new Place(SvgWriter.Anchor.END, x + 4, y + 20, false));
        List<Place> places = new ArrayList<>(List.of(up ? left : right, up ? right : left));
        places.addAll(up ? above : below);
        places.addAll(up ? below : above);
        for (int distance = 1; distance <= 3; distance++) {
            double away = up ? -12 - distance * SvgText.LINE : 21 + distance * SvgText.LINE;
            for (SvgWriter.Anchor anchor : List.of(SvgWriter.Anchor.MIDDLE, SvgWriter.Anchor.END,
                    SvgWriter.Anchor.START)) {
                places.add(new Place(anchor, x, y + away, true));
            }
        }
        return places;
    }

    private static Box box(Place place, double width) {
        double left = switch (place.anchor()) {
            case START -> place.x();
            case MIDDLE -> place.x() - width / 2;
            case END -> place.x() - width;
        };
        return new Box(left, place.y() - SvgText.SIZE, left + width, place.y() + 4);
    }

    /**
     * Heights as near as possible to those wanted, none nearer to another than a gap: the least squares of an isotonic
     * regression by pooling adjacent violators (Ayer et al. 1955).
     *
     * @param wanted in any order
     * @return in the same order; labels keep the order of what they name. Where there is not room enough, they reach
     *         beyond {@code high}
     */
    static double[] spread(double[] wanted, double gap, double low, double high) {
        List<Integer> order = IntStream.range(0, wanted.length).boxed()
                .sorted(Comparator.comparingDouble(i -> wanted[i])).toList();
        double[] sums = new double[wanted.length];
        int[] counts = new int[wanted.length];
        int pools = 0;
        for (int place = 0; place < wanted.length; place++) {
            sums[pools] = wanted[order.get(place)] - place * gap;
            counts[pools++] = 1;
            while (pools > 1 && sums[pools - 2] / counts[pools - 2] > sums[pools - 1] / counts[pools - 1]) {
                pools--;
                sums[pools - 1] += sums[pools];
                counts[pools - 1] += counts[pools];
            }
        }
        double latest = Math.max(low, high - (wanted.length - 1) * gap);
        double[] spread = new double[wanted.length];
        int place = 0;
        for (int pool = 0; pool < pools; pool++) {
            double start = Math.min(latest, Math.max(low, sums[pool] / counts[pool]));
            for (int i = 0; i < counts[pool]; i++, place++) {
                spread[order.get(place)] = start + place * gap;
            }
        }
        return spread;
    }
}
