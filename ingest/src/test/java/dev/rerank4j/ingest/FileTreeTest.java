package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.ingest.DocumentReader.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

    @TempDir
    private Path root;

    private String prefix;

    @BeforeEach
    void name() {
        prefix = root.toString();
    }

    private void create(String... names) throws IOException {
        for (String name : names) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
    }

    private List<String> names() {
        return FileTree.below(root).stream().map(file -> file.name().substring(prefix.length() + 1)).toList();
    }

    @Test
    void knownFormatsAreFoundInTheOrderOfTheirNames() throws IOException {
        create("b.txt", "a/z.PDF", "a/y.md", "c.jsonl", "a.html", "program.exe", "README");
        assertEquals(List.of("a.html", "a/y.md", "a/z.PDF", "b.txt", "c.jsonl"), names());
    }

    @Test
    void hiddenThingsAreLeftOut() throws IOException {
        create(".git/a.txt", ".hidden.txt", "~$open.docx", "seen.txt");
        assertEquals(List.of("seen.txt"), names());
    }

    @Test
    void loopsOfLinksEndAndFoldersKeepTheirOwnNames() throws IOException {
        create("z/a.txt", "z/deep/b.txt");
        Files.createSymbolicLink(root.resolve("a"), root.resolve("z"));
        Files.createSymbolicLink(root.resolve("z/deep/up"), root);
        Path outside = Files.createDirectory(root.resolveSibling(root.getFileName() + "-outside"));
        try {
            Files.writeString(outside.resolve("o.txt"), "x");
            Files.createSymbolicLink(root.resolve("linked"), outside);
            assertEquals(List.of("linked/o.txt", "z/a.txt", "z/deep/b.txt"), names());
        } finally {
            Files.delete(outside.resolve("o.txt"));
            Files.delete(outside);
        }
    }

    @Test
    void ofAJudgedCollectionOnlyTheCorpusIsDocuments() throws IOException {
        create("scifact/corpus.jsonl", "scifact/queries.jsonl", "scifact/qrels/test.csv", "scifact/notes.txt",
                "support/queries.jsonl", "support/qrels/test.csv", "support/tickets/1.md", "plain/queries.jsonl");
        assertEquals(List.of("plain/queries.jsonl", "scifact/corpus.jsonl", "support/tickets/1.md"), names());
    }

    @Test
    void aRootThatIsNoFolderIsItselfWhateverItIs() {
        Path none = Path.of("no/such.xyz");
        assertEquals(List.of(new SourceFile(none, "no/such.xyz")), FileTree.below(none));
    }

    @Test
    void rootsAreNamedAsTheUserNamesThem() {
        assertEquals("docs", FileTree.name(Path.of("docs/")));
        assertEquals("docs/sub", FileTree.name(Path.of("./docs//./sub/.")));
        assertEquals("../docs", FileTree.name(Path.of("../docs")));
        assertEquals("/", FileTree.name(Path.of("/")));
        assertEquals("", FileTree.name(Path.of(".")));
        assertEquals("", FileTree.name(Path.of("")));
        assertEquals("", FileTree.name(Path.of("./.")));
    }

    @Test
    void ofTheWorkingDirectoryNamesHaveNoPrefix() {
        List<SourceFile> files = FileTree.below(Path.of(""));
        assertTrue(files.stream().anyMatch(file -> file.name().startsWith("target/")),
                "tests run in the module's folder");
        files.forEach(file -> assertEquals(file.path().toString(), file.name()));
        assertEquals(files.stream().map(SourceFile::name).toList(),
                FileTree.below(Path.of(".")).stream().map(SourceFile::name).toList());
    }
}
