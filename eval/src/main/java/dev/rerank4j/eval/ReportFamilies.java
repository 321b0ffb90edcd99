package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The families of a report's systems, and how they are told apart: by colour and by shape. */
final class ReportFamilies {

    private static final int COLOURS = 8;
    private static final int SHAPES = 5;

    private record AtDepth(String family, int depth) {
    }

    private final Map<String, List<SystemResult>> families = new LinkedHashMap<>();

    ReportFamilies(List<SystemResult> systems) {
        distinct(systems)
                .forEach(system -> families.computeIfAbsent(system.family(), name -> new ArrayList<>()).add(system));
    }

    /** Without those that are there twice: once under the family's name for its usual depth, once with the depth. */
    static List<SystemResult> distinct(List<SystemResult> systems) {
        Set<AtDepth> seen = new HashSet<>();
        return systems.stream().filter(
                system -> system.depth().isEmpty() || seen.add(new AtDepth(system.family(), system.depth().getAsInt())))
                .toList();
    }

    Set<String> names() {
        return families.keySet();
    }

    /** A family's systems that have a depth, the shallowest first. */
    List<SystemResult> curve(String family) {
        return families.getOrDefault(family, List.of()).stream().filter(system -> system.depth().isPresent())
                .sorted(Comparator.comparingInt(system -> system.depth().getAsInt())).toList();
    }

    /** How a plot calls a system: with its depth where its family has several. */
    String label(SystemResult system) {
        return system.depth().isPresent() && curve(system.family()).size() > 1
                ? system.family() + "@" + system.depth().getAsInt()
                : system.name();
    }

    /** The class that sets the family's colour. */
    String colour(String family) {
        return "f" + index(family) % COLOURS;
    }

    /** Draws the family's shape. */
    void marker(SvgWriter svg, String styleClass, String family, double x, double y, String tip) {
        SvgWriter.Path path = new SvgWriter.Path();
        switch (index(family) % SHAPES) {
            case 0 -> regular(path, x, y, 5, 16, 0);
            case 1 -> regular(path, x, y, 6, 4, 0.5);
            case 2 -> regular(path, x, y, 6, 4, 0);
            case 3 -> regular(path, x, y + 1, 6.5, 3, 0);
            default -> regular(path, x, y - 1, 6.5, 3, 0.5);
        }
        svg.path(styleClass + " " + colour(family), path.shut(), tip);
    }

    /** A polygon with a corner at the top, or turned by a part of the angle between corners. */
    private static void regular(SvgWriter.Path path, double x, double y, double radius, int corners, double turn) {
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * (i + turn) / corners;
            path.line(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
        }
    }

    private int index(String family) {
        return List.copyOf(families.keySet()).indexOf(family);
    }
}
