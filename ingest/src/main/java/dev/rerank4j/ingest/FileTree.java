package dev.rerank4j.ingest;

import dev.rerank4j.ingest.DocumentReader.SourceFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The documents below a folder. For one walk, by one thread. */
final class FileTree {

    /** name: empty for the working directory. */
    private record Folder(Path path, String name) {
    }

    private final List<SourceFile> files = new ArrayList<>();
    /** Linked folders come last, and each real folder once: it keeps the name it has without links, and loops end. */
    private final Deque<Folder> linked = new ArrayDeque<>();
    private final Set<Path> seen = new HashSet<>();

    private FileTree() {
    }

    static List<SourceFile> below(Path root) {
        String name = name(root);
        if (!Files.isDirectory(root)) {
            return List.of(new SourceFile(root, name.isEmpty() ? "." : name));
        }
        FileTree tree = new FileTree();
        tree.linked.add(new Folder(root, name));
        while (!tree.linked.isEmpty()) {
            Folder folder = tree.linked.removeFirst();
            tree.walk(folder.path(), folder.name());
        }
        tree.files.sort(Comparator.comparing(SourceFile::name));
        return List.copyOf(tree.files);
    }

    /** As it was given, with forward slashes and without steps that go nowhere; empty for the working directory. */
    static String name(Path root) {
        String name = root.toString().replace(File.separatorChar, '/').replace("/./", "/");
        while (name.startsWith("./")) {
            name = name.substring(2);
        }
        name = name.endsWith("/.") ? name.substring(0, name.length() - 2) : name;
        return name.equals(".") ? "" : name;
    }

    private void walk(Path folder, String name) {
        List<Path> entries;
        try {
            if (!seen.add(folder.toRealPath())) {
                return;
            }
            entries = entries(folder);
        } catch (IOException | DirectoryIteratorException e) {
            files.add(new SourceFile(folder, name.isEmpty() ? "." : name)); // reading it will say why
            return;
        }
        boolean judged = entries.stream().anyMatch(entry -> isNamed(entry, "qrels") && Files.isDirectory(entry));
        boolean corpus = judged && entries.stream().anyMatch(entry -> isNamed(entry, "corpus.jsonl"));
        for (Path entry : entries) {
            boolean judgments = judged && (isNamed(entry, "qrels") || isNamed(entry, "queries.jsonl"));
            if (!judgments && (!corpus || isNamed(entry, "corpus.jsonl"))) {
                visit(entry, join(name, entry.getFileName().toString()));
            }
        }
    }

    private void visit(Path entry, String name) {
        if (Files.isDirectory(entry)) {
            if (Files.isSymbolicLink(entry)) {
                linked.addLast(new Folder(entry, name));
            } else {
                walk(entry, name);
            }
        } else if (Format.of(entry.getFileName().toString()).isPresent()) {
            files.add(new SourceFile(entry, name));
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, entry -> !isHidden(entry))) {
            return StreamSupport.stream(stream.spliterator(), false).sorted().toList();
        }
    }

    /** Also the lock files that office programs leave next to what they edit. */
    private static boolean isHidden(Path entry) throws IOException {
        String name = entry.getFileName().toString();
        return name.startsWith(".") || name.startsWith("~$") || Files.isHidden(entry);
    }

    private static boolean isNamed(Path entry, String name) {
        return entry.getFileName().toString().equals(name);
    }

    private static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder.endsWith("/") ? folder + name : folder + "/" + name;
    }
}
