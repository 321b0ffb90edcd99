package dev.rerank4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder of short texts of our own, a file for each of 24 things, and a query for each. */
final class JudgedFolder {

    static final List<String> THINGS = List.of("anchor", "barrel", "candle", "drum", "engine", "fiddle", "gate",
            "hammer",
            "inkwell", "jacket", "kettle", "ladder", "mirror", "needle", "oar", "plough", "quilt", "rope", "saddle",
            "telescope", "umbrella", "violin", "wheel", "zither");

    private final Path folder;

    private JudgedFolder(Path folder) {
        this.folder = folder;
    }

    static JudgedFolder in(Path folder) throws IOException {
        JudgedFolder made = new JudgedFolder(folder);
        Files.createDirectories(folder.resolve("docs"));
        for (String thing : THINGS) {
            Files.writeString(made.file(thing), """
                    # The %1$s in the museum

                    ## Where it stands

                    The %1$s stands in the long hall, behind glass, and a card beside it says who gave it to the museum.

                    ## How it is cleaned

                    Dust on the %1$s is taken off with a soft brush every spring, and nothing wet comes near it.
                    """.formatted(thing));
        }
        return made;
    }

    Path file(String thing) {
        return folder.resolve("docs").resolve(thing + ".md");
    }

    String docs() {
        return folder.resolve("docs").toString();
    }

    static String query(String thing) {
        return "how do they get dust off the " + thing;
    }

    /** Lines of a table, beneath its columns. */
    String csv(String name, String columns, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of(columns));
        lines.addAll(rows);
        return Files.write(folder.resolve(name), lines).toString();
    }

    /** Each thing's query is answered by its own file. */
    String judgments() throws IOException {
        return csv("judgments.csv", "query,document,grade", rows());
    }

    static List<String> rows() {
        return THINGS.stream().map(thing -> query(thing) + "," + thing + ".md,2").toList();
    }
}
