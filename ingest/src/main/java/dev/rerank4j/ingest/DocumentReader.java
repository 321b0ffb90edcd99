package dev.rerank4j.ingest;

import dev.rerank4j.Document;
import dev.rerank4j.RerankException;
import dev.rerank4j.Value;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads files as documents: txt, md, html, pdf, docx, pptx, xlsx, csv and jsonl, told by the ends of their names (also
 * text, markdown, htm, xhtml and ndjson). A file that cannot be read is a {@link Warning} and never the end of the run.
 *
 * <p>What becomes what:
 * <ul>
 * <li>jsonl: a document for each line. {@code id} (or {@code _id}; else file name, colon, line number), {@code title}
 * and {@code text} are the document's own; anything else is metadata: strings are {@link Value.Text}, or
 * {@link Value.Moment} if all of the string is an ISO-8601 date (its first moment in UTC) or a date and time with
 * offset; numbers are {@link Value.Number}, or {@code Text} where a double would change them; arrays are
 * {@link Value.Values}; members of objects have names with dots; nulls are left out.
 * <li>csv with a column named text, content, body or description: a document for each row, which has the columns
 * {@code id} (else file name, colon, row number; the header is row 1) and {@code title}; the other columns are metadata
 * of one kind for each column. Any other csv is one document of lines "column: value; column: value".
 * <li>Every other file is one document, whose id is the file's name. Its title is the first top heading of the file
 * (front matter's {@code title} in Markdown, {@code <title>} in HTML before it), else the name without folders and
 * ending. Its metadata: {@code file} (its name), {@code format} (such as "pdf"), {@code modified} (a {@code Moment}),
 * and {@code author} where the file names one. A file without any text has no title either.
 * </ul>
 *
 * <p>Texts are UTF-8, or what their byte order mark says, or what they look like. The text of Markdown is the file's,
 * so that ranges point into the file. In other formats there is a blank line between paragraphs, a line for each list
 * item or table row, and a tab between cells; sections have the pages of a PDF, or the slides of a presentation.
 *
 * <p>PDF and office files are read in a child process with a bounded heap and a timeout, by the same Java and the same
 * class path ({@code java.class.path}) as this one; it starts with the first such file, which takes about two seconds,
 * and is replaced if it dies. {@link #close()} ends it.
 *
 * <p>Safe for use by several threads; they wait for each other where the child process is needed.
 */
public final class DocumentReader implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Options options;
    private final ChildParser child;
    private volatile boolean closed;

    /**
     * Limits on what one file may cost.
     *
     * @param maxFileBytes the largest file that is read; of jsonl, which is read line by line, the longest line
     * @param parseTimeout how long reading one PDF or office file may take; at least a millisecond
     * @param childHeap Java heap of the process that reads those, in bytes; at least 16 MiB
     */
    public record Options(long maxFileBytes, Duration parseTimeout, long childHeap) {

        private static final long MIB = 1024 * 1024;

        /** 64 MiB, 60 seconds, 512 MiB. */
        public static final Options DEFAULT = new Options(64 * MIB, Duration.ofSeconds(60), 512 * MIB);

        /**
         * Checks the limits.
         *
         * @throws IllegalArgumentException if a value is below what is said above, or {@code maxFileBytes} below 1
         */
        public Options {
            if (maxFileBytes < 1) {
                throw new IllegalArgumentException("maxFileBytes must be >= 1, got " + maxFileBytes);
            }
            if (parseTimeout.compareTo(Duration.ofMillis(1)) < 0 || parseTimeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("parseTimeout must be 1 ms to 1 day, got " + parseTimeout);
            }
            if (childHeap < 16 * MIB) {
                throw new IllegalArgumentException("childHeap must be >= " + 16 * MIB + ", got " + childHeap);
            }
        }
    }

    /**
     * A file, and its name as the user would say it: the root as given, then the path below it, with forward slashes.
     *
     * @param path where it lies; need not exist
     * @param name not blank
     */
    public record SourceFile(Path path, String name) {

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if the name is blank
         */
        public SourceFile {
            Objects.requireNonNull(path, "path");
            if (name.isBlank()) {
                throw new IllegalArgumentException("name of file must not be blank");
            }
        }
    }

    /**
     * A file, or a line or row of it, that could not be read.
     *
     * @param name the file's name; for a line or row with a colon and its number
     * @param reason one sentence: what is wrong, and what to do
     */
    public record Warning(String name, String reason) {
    }

    /** With {@link Options#DEFAULT}. */
    public DocumentReader() {
        this(Options.DEFAULT);
    }

    /**
     * A reader with limits of its own. Nothing is started before the first PDF or office file.
     *
     * @param options what one file may cost
     */
    public DocumentReader(Options options) {
        this(options, new ChildParser(options, ChildSetup.STANDARD, START_TIMEOUT));
    }

    DocumentReader(Options options, ChildParser child) {
        this.options = options;
        this.child = child;
    }

    /**
     * {@return the files of a root that can be documents, sorted by name: the root itself if it is a file, or whatever
     * is below it if it is a folder} Hidden files and folders and unknown formats below a folder are left out; links
     * are followed, and a folder met twice is taken once. Of a folder with a sub-folder {@code qrels}, which is a
     * judged collection, only {@code corpus.jsonl} counts; if it has none, all but {@code qrels} and
     * {@code queries.jsonl}.
     *
     * <p>What the user named and what should be readable but is not (a root that does not exist or has an unknown
     * format, a folder that cannot be listed) is in the list too: {@link #read} then says what is wrong with it.
     *
     * @param root a file or folder; need not exist
     */
    public List<SourceFile> files(Path root) {
        return FileTree.below(root);
    }

    /**
     * Reads one file's documents, in order. A broken file or line is a warning; documents before and, in jsonl, after
     * it stand. Of several documents with one id in the file the first is kept, the others are warnings.
     *
     * @param file one of {@link #files}, or another
     * @param documents hears of each document, on this thread, before the next is read; what it throws ends the reading
     * @param warnings hears of what could not be read, on this thread
     * @throws RerankException if the thread is interrupted while it waits for the child process; its interrupt status
     *     is set
     * @throws IllegalStateException if this is closed
     */
    public void read(SourceFile file, Consumer<SectionedDocument> documents, Consumer<Warning> warnings) {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
        try {
            Format format = format(file);
            switch (format) {
                case JSONL -> JsonLines.read(file.path(), file.name(), options.maxFileBytes(), documents, warnings);
                case CSV -> {
                    Table table = Table.parse(text(file, false), file.name(), warnings);
                    if (table.hasTexts()) {
                        table.rows(file.name(), documents, warnings);
                    } else {
                        documents.accept(document(file, format, plain(table.text())));
                    }
                }
                case TXT -> documents.accept(document(file, format, plain(text(file, false))));
                case MD -> documents.accept(document(file, format, Markdown.extract(text(file, false))));
                case HTML -> documents.accept(document(file, format, Html.extract(text(file, true))));
                case PDF, DOCX, PPTX, XLSX -> {
                    WholeFile.checkSize(Files.size(file.path()), options.maxFileBytes());
                    Extract extract = child.extract(file.path(), format);
                    if (format == Format.PDF && extract.sections().isEmpty()) {
                        warnings.accept(new Warning(file.name(),
                                "It has no text, only pictures of it perhaps; run a text recognition on it."));
                    }
                    documents.accept(document(file, format, extract));
                }
            }
        } catch (IOException e) {
            warnings.accept(new Warning(file.name(), reason(e)));
        }
    }

    /** Ends the child process, if there is one. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        child.close();
    }

    private static Format format(SourceFile file) throws Unreadable {
        Path path = file.path();
        if (Files.isDirectory(path)) {
            throw new Unreadable("The folder cannot be listed; check its permissions.");
        } else if (!Files.exists(path)) {
            throw new Unreadable("There is no such file or folder.");
        } else if (!Files.isRegularFile(path)) {
            throw new Unreadable("It is not a regular file.");
        }
        return Format.of(path.getFileName().toString())
                .orElseThrow(() -> new Unreadable("Its format is not known; known are " + Format.all() + "."));
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case Unreadable unreadable -> unreadable.getMessage();
            case AccessDeniedException denied -> "It may not be read; check its permissions.";
            case NoSuchFileException gone -> "There is no such file or folder.";
            default -> "Reading it failed (" + failure.getClass().getSimpleName() + "); check the disk it is on.";
        };
    }

    private String text(SourceFile file, boolean html) throws IOException {
        return TextDecoder.decode(WholeFile.read(file.path(), options.maxFileBytes()), html);
    }

    private static Extract plain(String text) {
        return new Extract("", text, new Outline().sections(text, 0, ""), Optional.empty());
    }

    private static SectionedDocument document(SourceFile file, Format format, Extract extract) throws IOException {
        Map<String, Value> metadata = new LinkedHashMap<>();
        metadata.put("file", Value.of(file.name()));
        metadata.put("format", Value.of(format.label()));
        metadata.put("modified", Value.of(Files.getLastModifiedTime(file.path()).toInstant()));
        extract.author().ifPresent(author -> metadata.put("author", Value.of(author)));
        String title = extract.title().isEmpty() && !extract.sections().isEmpty() ? fileTitle(file) : extract.title();
        return new SectionedDocument(new Document(file.name(), title, extract.text(), metadata), file.name(),
                extract.sections());
    }

    private static String fileTitle(SourceFile file) {
        String name = file.path().getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }
}
