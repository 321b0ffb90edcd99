package dev.rerank4j.cli;

import dev.rerank4j.Document;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.DocumentReader.SourceFile;
import dev.rerank4j.ingest.LanguageDetector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The language that most texts of some files are in, told from a few pieces of a few of them: what words are cut down
 * to must be known before the first text is indexed.
 */
final class LanguageSample {

    private static final int FILES = 8;
    private static final int PIECES = 60;
    private static final int PIECES_OF_DOCUMENT = 3;
    private static final int PIECE = 400;

    private final LanguageDetector detector;
    private final Map<String, Integer> votes = new HashMap<>();
    private final StringBuilder shortOnes = new StringBuilder();

    private LanguageSample(LanguageDetector detector) {
        this.detector = detector;
    }

    /**
     * @return a two-letter code; empty if the texts do not tell, or no language has half of them
     */
    static Optional<String> of(List<Path> roots, DocumentReader reader, LanguageDetector detector) {
        List<SourceFile> files = spread(roots.stream().flatMap(root -> reader.files(root).stream()).toList());
        LanguageSample sample = new LanguageSample(detector);
        for (SourceFile file : files) {
            sample.read(file, reader, PIECES / files.size());
        }
        return sample.language();
    }

    /** From the whole range: files of one folder are often of one kind. */
    private static List<SourceFile> spread(List<SourceFile> files) {
        int count = Math.min(FILES, files.size());
        return IntStream.range(0, count).mapToObj(i -> files.get((int) ((long) i * files.size() / count))).toList();
    }

    private void read(SourceFile file, DocumentReader reader, int most) {
        int[] left = {most};
        try {
            reader.read(file, document -> {
                for (String piece : pieces(document.document())) {
                    add(piece);
                    if (--left[0] <= 0) {
                        throw new Enough();
                    }
                }
            }, warning -> {
                // comes again when the file is indexed
            });
        } catch (Enough e) {
            // the rest is not read
        }
    }

    private static List<String> pieces(Document document) {
        String text = document.text().isBlank() ? document.title() : document.text();
        int count = Math.min(PIECES_OF_DOCUMENT, 1 + text.length() / (2 * PIECE));
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int start = (int) ((long) text.length() * i / count);
            pieces.add(text.substring(start, Math.min(text.length(), start + PIECE)));
        }
        return pieces;
    }

    private void add(String piece) {
        Optional<String> language = detector.detect(piece);
        language.ifPresent(code -> votes.merge(code, 1, Integer::sum));
        if (language.isEmpty()) {
            shortOnes.append(piece, 0, Math.min(piece.length(), PIECE / 4)).append('\n');
        }
    }

    private Optional<String> language() {
        if (votes.isEmpty()) {
            return detector.detect(shortOnes.toString());
        }
        int all = votes.values().stream().mapToInt(Integer::intValue).sum();
        return votes.entrySet().stream().filter(entry -> 2 * entry.getValue() > all).map(Map.Entry::getKey).findFirst();
    }

    /** Leaves the reader in the middle of a file. */
    private static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Enough() {
            super("enough", null, false, false);
        }
    }
}
