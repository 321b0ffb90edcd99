package dev.rerank4j.ingest;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.apache.tika.exception.TikaConfigException;
import org.apache.tika.pipes.PipesConfig;

/**
 * How the child process is started and what it may parse with.
 *
 * @param parsers elements of Tika's configuration file
 */
record ChildSetup(String parsers) {

    static final String FETCHER = "fs";

    /**
     * Headers, footers and bookmarks repeat what stands elsewhere; the old office formats are there to tell what is
     * protected.
     */
    static final ChildSetup STANDARD = new ChildSetup("""
            <parser class="org.apache.tika.parser.pdf.PDFParser">
              <params>
                <param name="ocrStrategy" type="string">no_ocr</param>
                <param name="extractBookmarksText" type="bool">false</param>
              </params>
            </parser>
            <parser class="org.apache.tika.parser.microsoft.ooxml.OOXMLParser">
              <params><param name="includeHeadersAndFooters" type="bool">false</param></params>
            </parser>
            <parser class="org.apache.tika.parser.microsoft.OfficeParser"/>
            """);

    private static final String CONFIGURATION = """
            <?xml version="1.0" encoding="UTF-8"?>
            <properties>
              <parsers>%s</parsers>
              <fetchers>
                <fetcher class="org.apache.tika.pipes.fetcher.fs.FileSystemFetcher">
                  <params><name>%s</name><allowAbsolutePaths>true</allowAbsolutePaths></params>
                </fetcher>
              </fetchers>
              <pipes/>
            </properties>
            """;

    /**
     * What a child needs: its configuration, and a place for its temporary files, which a killed process leaves behind.
     */
    record Folder(Path root, PipesConfig config) {

        /** As far as possible; what cannot be deleted stays. */
        void delete() {
            try {
                Files.walkFileTree(root, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                // the system cleans its folder for temporary files
            }
        }
    }

    Folder create(DocumentReader.Options options, Duration startTimeout) throws IOException {
        Path root = Files.createTempDirectory("rerank4j-ingest");
        Path temporary = Files.createDirectory(root.resolve("tmp"));
        Path logging = Files.writeString(root.resolve("logging.properties"), "handlers=\n");
        Path configuration = Files.writeString(root.resolve("tika.xml"), CONFIGURATION.formatted(parsers, FETCHER));
        try {
            PipesConfig config = PipesConfig.load(configuration);
            config.setNumClients(1);
            config.setJavaPath(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            config.setForkedJvmArgs(arguments(options, temporary, logging));
            config.setTimeoutMillis(options.parseTimeout().toMillis());
            config.setStartupTimeoutMillis(startTimeout.toMillis());
            config.setSleepOnStartupTimeoutMillis(0);
            config.setMaxForEmitBatchBytes(-1); // always answer, whatever the size
            return new Folder(root, config);
        } catch (TikaConfigException e) {
            throw new IllegalStateException("the configuration of the child process is wrong", e);
        }
    }

    private static List<String> arguments(DocumentReader.Options options, Path temporary, Path logging) {
        return List.of("-Xmx" + options.childHeap(),
                // From Java 24 on the limits on entities are so low that a spreadsheet with many ampersands is refused;
                // the heap and the timeout are the bounds here.
                "-Djdk.xml.maxGeneralEntitySizeLimit=0", "-Djdk.xml.totalEntitySizeLimit=0",
                // Few files, mostly: what starts fast is done first.
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                // Nothing of the child's belongs on our terminal, into the working directory or the user's home.
                "-Djava.util.logging.config.file=" + logging, "-Dslf4j.internal.verbosity=ERROR",
                "-Dlog4j2.statusLoggerLevel=OFF", "-Dorg.apache.logging.log4j.simplelog.StatusLogger.level=OFF",
                "-XX:ErrorFile=" + temporary.resolve("crash.log"), "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + temporary, "-Dpdfbox.fontcache=" + System.getProperty("java.io.tmpdir"));
    }
}
