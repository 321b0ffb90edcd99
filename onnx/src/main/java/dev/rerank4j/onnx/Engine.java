package dev.rerank4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One loaded model with its tokenizer: packs sequences into batches and runs them on a small fixed pool of platform
 * threads, since native calls would pin the carriers of virtual ones. Safe for use by several threads.
 */
final class Engine implements AutoCloseable {

    /** Makes something of one row of a batch's output. */
    @FunctionalInterface
    interface RowReader {
        /**
         * @param sequence index of the sequence
         * @param length how many of its tokens are real, not padding
         * @param output the whole output
         * @param shape of the output; the first number counts the rows
         * @param row which row
         */
        void read(int sequence, int length, FloatBuffer output, long[] shape, int row);
    }

    private static final long STACK = 16L << 20;

    private final String name;
    private final OrtSession session;
    private final Tokenizer tokenizer;
    private final PairTemplate template;
    private final boolean batchDependent;
    private final EngineOptions options;
    private final Signature signature;
    private final TokenInput format;
    private final Admission admission;
    private final ExecutorService pool;
    private final BatchCount count = new BatchCount();
    // Readers use native memory, the writer frees it.
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean freed;

    private Engine(Parts parts, OrtSession session, Signature signature, EngineOptions options) {
        name = parts.name();
        this.session = session;
        this.signature = signature;
        tokenizer = parts.tokenizer();
        template = parts.template();
        format = parts.format();
        batchDependent = parts.file().batchDependent();
        this.options = options;
        admission = new Admission(options.queueTokens());
        ThreadFactory threads = Thread.ofPlatform().daemon().stackSize(STACK).name("rerank4j-" + name + "-", 0)
                .factory();
        pool = Executors.newFixedThreadPool(options.threads(), threads);
    }

    /**
     * What an engine is made of.
     *
     * @param name what to call it in messages
     * @param purpose what is wanted of it
     * @param tokenizer closed with the engine, once that is loaded
     * @param template one of the tokenizer's
     * @param format how the model wants its tokens
     */
    record Parts(String name, ModelFile file, Signature.Purpose purpose, Tokenizer tokenizer, PairTemplate template,
            TokenInput format) {
    }

    /**
     * @throws RerankException {@code MODEL} if ONNX Runtime does not take the file, or the model wants what nobody knows or
     *         does not give what is wanted
     */
    static Engine load(Parts parts, EngineOptions options) {
        FutureTask<Engine> loading = new FutureTask<>(() -> loadHere(parts, options));
        Thread.ofPlatform().daemon().stackSize(loadStack()).name("rerank4j-load").start(loading);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return loading.get();
                } catch (InterruptedException e) {
                    interrupted = true; // what is half loaded cannot be left behind: a second remains
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RerankException known
                    ? known
                    : new RerankException(
                            RerankException.Kind.INTERNAL,
                            "loading " + parts.file().describe() + " failed unexpectedly",
                            e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * When it starts, ONNX Runtime matches the command line of the process against a regular expression, recursing for each
     * character: 1.29.0 was seen to need up to 400 bytes of stack for each. With the class path of an ordinary application,
     * Java's usual megabyte overflows, and that ends the whole process. What is not used of a stack is never allocated.
     */
    private static long loadStack() {
        long commandLine = 1 << 17; // the longest single argument of Linux, where the true length is not known
        try {
            commandLine = Files.readAllBytes(Path.of("/proc/self/cmdline")).length;
        } catch (IOException e) {
            // not Linux
        }
        return STACK + 1024 * commandLine;
    }

    private static Engine loadHere(Parts parts, EngineOptions options) {
        try {
            // Errors come as exceptions; what the runtime would print beside them belongs in no user's terminal.
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // Nobody else's affair. Only ORT_DISABLE_TELEMETRY=1 in the environment also stops what was told at its start.
            environment.setTelemetry(false);
            try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
                settings.setIntraOpNumThreads(options.intraOpThreads());
                settings.setInterOpNumThreads(1);
                settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
                // Every batch has another shape: an arena and memory patterns would keep the largest of all of them.
                settings.setCPUArenaAllocator(false);
                settings.setMemoryPatternOptimization(false);
                settings.addConfigEntry("session.intra_op.allow_spinning", "0");
                // On ARM these kernels retain buffers since 1.24 (microsoft/onnxruntime#29538).
                settings.addConfigEntry("mlas.disable_kleidiai", "1");
                OrtSession session = parts.file().createSession(environment, settings);
                try {
                    return new Engine(parts, session, Signature.of(parts.name(), session, parts.purpose()), options);
                } catch (RerankException e) {
                    session.close();
                    throw e;
                }
            }
        } catch (OrtException e) {
            throw new RerankException(RerankException.Kind.MODEL,
                    parts.file().describe() + " is not a model that ONNX Runtime"
                            + " reads: fetch it again",
                    e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "ONNX Runtime cannot be loaded: it needs Linux"
                    + " (glibc), macOS on Apple silicon, or Windows, on 64 bits, and a temporary folder that can be written"
                    + " (system property java.io.tmpdir)", e);
        }
    }

    EngineActivity activity() {
        return count.activity(admission.pending());
    }

    PairTemplate template() {
        return template;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Does some work during which nothing native is freed.
     *
     * @throws IllegalStateException if closed
     */
    <T> T whileOpen(Supplier<T> work) {
        use.readLock().lock();
        try {
            if (pool.isShutdown()) {
                throw new IllegalStateException("model " + name + " is closed");
            }
            return work.get();
        } finally {
            use.readLock().unlock();
        }
    }

    /** Does some work on a thread of the pool, in its turn: see {@link PoolTask}. */
    <T> T onPool(Function<BooleanSupplier, T> work) {
        return PoolTask.run(pool, work);
    }

    /**
     * Asks whether there is room for a request of about so many tokens; to be closed when the request has ended.
     *
     * @throws RerankException {@code OVERLOADED} if not
     */
    Admission.Permit admit(long tokens) {
        return admission.admit(tokens);
    }

    /**
     * Runs the model over all sequences, in batches; {@code reader} is called once for each, in any order, from several
     * threads.
     *
     * @return time in the queue, time in the model
     */
    List<Duration> run(List<PairTemplate.Sequence> sequences, RowReader reader, Deadline deadline) {
        if (sequences.isEmpty()) {
            return List.of(Duration.ZERO, Duration.ZERO);
        }
        int[] lengths = sequences.stream().mapToInt(template::length).toArray();
        List<int[]> batches = Batches.plan(lengths, options.batchTokens(), batchDependent ? 1 : Integer.MAX_VALUE);
        try {
            Job job = new Job(batches, (batch, run) -> runBatch(sequences, lengths, batch, reader, run));
            job.run(pool, options.threads(), deadline);
            return List.of(Duration.ofNanos(job.queueNanos()), Duration.ofNanos(job.inferenceNanos()));
        } catch (OrtException e) {
            throw new RerankException(RerankException.Kind.INTERNAL, "ONNX Runtime gave no run options", e);
        }
    }

    private void runBatch(List<PairTemplate.Sequence> sequences, int[] lengths, int[] batch, RowReader reader,
            OrtSession.RunOptions run) throws OrtException {
        int width = lengths[batch[0]]; // the longest comes first
        count.batch(batch, lengths, batch.length * width);
        List<PairTemplate.Sequence> rows = Arrays.stream(batch).mapToObj(sequences::get).toList();
        try (InputTensors inputs = new InputTensors(signature.inputs(), format, template, rows, width)) {
            try (OrtSession.Result result = session.run(inputs.tensors(), Set.of(signature.output()), run)) {
                OnnxValue value = result.get(0);
                if (!(value instanceof OnnxTensor tensor)) {
                    throw new RerankException(RerankException.Kind.MODEL, "model " + name + " gives no tensor");
                }
                FloatBuffer numbers = tensor.getFloatBuffer();
                long[] shape = tensor.getInfo().getShape();
                if (numbers == null || shape.length == 0 || shape[0] != batch.length) {
                    throw new RerankException(RerankException.Kind.MODEL,
                            "model " + name + " does not give a row of floats for each text");
                }
                for (int row = 0; row < batch.length; row++) {
                    reader.read(batch[row], lengths[batch[row]], numbers, shape, row);
                }
            }
        }
    }

    /** Lets running batches finish, fails what waits; a second call does nothing. */
    @Override
    public void close() {
        pool.shutdown(); // from here on, requests that run fail at their next batch, so that the lock comes free
        use.writeLock().lock();
        try {
            if (!freed) {
                freed = true;
                session.close();
                tokenizer.close();
            }
        } catch (OrtException e) {
            throw new RerankException(RerankException.Kind.INTERNAL, "ONNX Runtime did not free the model", e);
        } finally {
            use.writeLock().unlock();
        }
    }
}
