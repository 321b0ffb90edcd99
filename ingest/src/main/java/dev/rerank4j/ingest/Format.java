package dev.rerank4j.ingest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that are read, told by the ends of file names. */
enum Format {
    TXT("txt", "text"), MD("md", "markdown"), HTML("html", "htm",
            "xhtml"), PDF("pdf"), DOCX("docx"), PPTX("pptx"), XLSX("xlsx"), CSV("csv"), JSONL("jsonl", "ndjson");

    private final List<String> extensions;

    Format(String... extensions) {
        this.extensions = List.of(extensions);
    }

    /** What users call it: {@code pdf}. */
    String label() {
        return extensions.getFirst();
    }

    static Optional<Format> of(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return fileName.indexOf('.') < 0
                ? Optional.empty()
                : Arrays.stream(values()).filter(format -> format.extensions.contains(extension)).findFirst();
    }

    /** All of them, for messages: "txt, md, ...". */
    static String all() {
        return Arrays.stream(values()).map(Format::label).collect(Collectors.joining(", "));
    }
}
