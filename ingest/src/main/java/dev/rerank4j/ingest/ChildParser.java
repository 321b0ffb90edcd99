package dev.rerank4j.ingest;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.pipes.FetchEmitTuple;
import org.apache.tika.pipes.HandlerConfig;
import org.apache.tika.pipes.PipesParser;
import org.apache.tika.pipes.PipesResult;
import org.apache.tika.pipes.emitter.EmitKey;
import org.apache.tika.pipes.fetcher.FetchKey;
import org.apache.tika.sax.BasicContentHandlerFactory.HANDLER_TYPE;

/**
 * Reads PDF and office files in a child process, by Tika's {@link PipesParser}: a file that makes its parser hang or
 * eat memory costs that process, not ours. The process starts with the first file, serves one file at a time, and is
 * replaced when it dies. Safe for use by several threads, which wait for each other.
 *
 * <p>{@code PipesParser} and not {@code ForkParser}: both start within about two seconds, but only this one watches the
 * time from our side too, tells lack of memory from other deaths, and sends a whole result instead of single events.
 */
final class ChildParser implements AutoCloseable {

    /** Characters of text in one file: five times a long bible, and nothing to be held several times in our memory. */
    private static final int MAX_CHARACTERS = 16 * 1024 * 1024;

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration DEATH_TIMEOUT = Duration.ofSeconds(30);

    private final DocumentReader.Options options;
    private final ChildSetup setup;
    private final Duration startTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Running> running = Optional.empty();
    private boolean closed;

    private record Running(ChildSetup.Folder folder, PipesParser parser) {
    }

    ChildParser(DocumentReader.Options options, ChildSetup setup, Duration startTimeout) {
        this.options = options;
        this.setup = setup;
        this.startTimeout = startTimeout;
    }

    /**
     * @throws Unreadable if the file cannot be read, for whatever reason; the next one may be
     * @throws RerankException if the thread was interrupted; its interrupt status is set
     * @throws IllegalStateException if this is closed
     */
    Extract extract(Path path, Format format) throws Unreadable {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the reader is closed");
            }
            return extract(parse(path), format);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A process that does not even answer before it is given a file is not the file's fault (it may have been stopped,
     * or killed and slow to come again): the file gets a second, fresh one.
     */
    private PipesResult parse(Path path) throws Unreadable {
        if (running.isPresent()) {
            Optional<PipesResult> result = within(options.parseTimeout().plus(GRACE), running.get(), path);
            if (result.isPresent()) {
                return buryTheDead(result.get());
            }
        }
        start();
        Duration limit = options.parseTimeout().plus(startTimeout).plus(GRACE);
        return buryTheDead(within(limit, running.orElseThrow(), path).orElseThrow(() -> new Unreadable(
                "The process that reads such files did not start in time; is the machine overloaded?")));
    }

    /** With its temporary files, which it could not delete itself. */
    private PipesResult buryTheDead(PipesResult result) {
        switch (result.getStatus()) {
            case TIMEOUT, OOM, UNSPECIFIED_CRASH -> stop();
            default -> {
            }
        }
        return result;
    }

    /** Empty if there was no answer in time; then the process is gone. */
    private Optional<PipesResult> within(Duration limit, Running child, Path path) throws Unreadable {
        ParseContext context = new ParseContext();
        context.set(HandlerConfig.class, new HandlerConfig(HANDLER_TYPE.XML, HandlerConfig.PARSE_MODE.RMETA,
                MAX_CHARACTERS, 0, true));
        FetchKey file = new FetchKey(ChildSetup.FETCHER, path.toAbsolutePath().toString());
        FetchEmitTuple tuple = new FetchEmitTuple("file", file, new EmitKey("", ""), new Metadata(), context,
                FetchEmitTuple.ON_PARSE_EXCEPTION.SKIP);
        FutureTask<PipesResult> task = new FutureTask<>(() -> child.parser.parse(tuple));
        Thread thread = Thread.ofPlatform().daemon().name("rerank4j-ingest").start(task);
        try {
            return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            abandon(child, thread);
            return Optional.empty();
        } catch (InterruptedException e) {
            abandon(child, thread);
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "reading files was interrupted", e);
        } catch (ExecutionException e) {
            stop();
            throw new Unreadable("The process that reads such files could not be started; is the Java of this program,"
                    + " or its class path, still where it was?", e);
        }
    }

    private Extract extract(PipesResult result, Format format) throws Unreadable {
        return switch (result.getStatus()) {
            case PARSE_SUCCESS -> extract(result.getEmitData().getMetadataList().getFirst(), format);
            case PARSE_EXCEPTION_NO_EMIT -> throw broken(result.getMessage(), format);
            case TIMEOUT -> throw new Unreadable("Reading it took longer than " + options.parseTimeout().toMillis()
                    + " ms and was cut off; raise the timeout or leave the file out.");
            case OOM -> throw new Unreadable("Reading it took more than the " + options.childHeap()
                    + " bytes of memory allowed; raise them or leave the file out.");
            case UNSPECIFIED_CRASH -> throw new Unreadable(
                    "The process that read it died; the file is damaged or takes too much memory.");
            default -> throw new Unreadable("It could not be read (" + result.getStatus() + ").");
        };
    }

    private static Extract extract(Metadata metadata, Format format) throws Unreadable {
        if (Boolean.parseBoolean(metadata.get(TikaCoreProperties.WRITE_LIMIT_REACHED))) {
            throw new Unreadable("It holds more than " + MAX_CHARACTERS + " characters of text; split it.");
        }
        List<String> parsers = List.of(metadata.getValues(TikaCoreProperties.TIKA_PARSED_BY_FULL_SET));
        if (parsers.isEmpty() || parsers.stream().anyMatch(parser -> parser.endsWith("EmptyParser"))) {
            throw new Unreadable("It is no " + format.label() + " file, but " + metadata.get(Metadata.CONTENT_TYPE)
                    + "; give it the right name.");
        }
        Optional<String> author = Optional.ofNullable(metadata.get(TikaCoreProperties.CREATOR)).map(String::strip)
                .filter(name -> !name.isEmpty());
        String xhtml = Optional.ofNullable(metadata.get(TikaCoreProperties.TIKA_CONTENT)).orElse("");
        return Xhtml.extract(xhtml, format, author);
    }

    /** The stack trace stays here: its messages may quote the file. */
    private static Unreadable broken(String stackTrace, Format format) {
        if (stackTrace.contains("EncryptedDocumentException") || stackTrace.contains("InvalidPasswordException")) {
            return new Unreadable("It is protected by a password; save a copy without one.");
        }
        if (stackTrace.contains("zip bomb")) {
            return new Unreadable(
                    "It unpacks to far more than its size should hold, as if made to fill memory; leave it out.");
        }
        return new Unreadable("It is damaged, or no " + format.label() + " file at all; save it again in its program.");
    }

    private void start() throws Unreadable {
        stop();
        try {
            ChildSetup.Folder folder = setup.create(options, startTimeout);
            running = Optional.of(new Running(folder, new PipesParser(folder.config())));
        } catch (IOException e) {
            throw new Unreadable("The process that reads such files could not be prepared; is the folder for temporary"
                    + " files full or missing?", e);
        }
    }

    /**
     * Ends a process that is being waited for. PipesParser, when it finds its process dead, may start another one at
     * the very moment in which it is closed: only when its thread has ended is there none any more.
     */
    private void abandon(Running child, Thread thread) {
        thread.interrupt();
        close(child.parser);
        try {
            thread.join(DEATH_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop();
    }

    private static void close(PipesParser parser) {
        try {
            parser.close();
        } catch (IOException e) {
            // its process is dead, which is all that was wanted
        }
    }

    private void stop() {
        if (running.isEmpty()) {
            return;
        }
        Running child = running.get();
        running = Optional.empty();
        close(child.parser);
        child.folder.delete();
    }

    /** Waits for a file that is being read, then ends the process. A second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stop();
        } finally {
            lock.unlock();
        }
    }
}
