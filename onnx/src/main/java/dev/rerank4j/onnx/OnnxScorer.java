package dev.rerank4j.onnx;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.TokenCounter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cross-encoder in the process, as ONNX file of any network that reads tokens and gives one logit a pair, or two
 * classes, whose difference is the logit; or a vector for each token, of which a {@link Head} makes the logit.
 *
 * <p>Each text is tokenized once and the query once; pairs are sorted by length and packed into batches. A score does not
 * depend on the other texts of a request: models whose arithmetic would make it so (dynamic int8) are run one pair at a
 * time. Too long a pair is cut at the text, never at the query. Memory is bounded by the batches, not by the request.
 * Safe for use by several threads.
 */
public final class OnnxScorer implements Scorer {

    /** How far a float file's logits may be from the known ones: other processors sum in another order. */
    private static final double FLOAT_TOLERANCE = 0.01;

    /**
     * The same for int8, where a last-bit difference can move an activation by a whole step: between two versions of the
     * runtime, sound logits were seen to differ by 0.33.
     */
    private static final double INT8_TOLERANCE = 0.5;

    private static final String BUILT_IN = "rerank4j-minilm-l6-v1";

    private static final System.Logger LOG = System.getLogger(OnnxScorer.class.getName());

    private final ModelSpec spec;
    private final String file;
    private final PairReader pairReader;
    private final LogitReader logitReader;
    private final Engine engine;

    private OnnxScorer(ModelSpec spec, String file, Optional<HeadNetwork> head, Engine engine) {
        this.spec = spec;
        this.file = file;
        pairReader = new PairReader(spec, engine.tokenizer(), engine.template());
        logitReader = new LogitReader(spec.name(), head);
        this.engine = engine;
    }

    /**
     * {@return the built-in cross-encoder, with default options}
     *
     * @throws RerankException {@code UNAVAILABLE} if {@code rerank4j-model} is not on the class path; as
     *         {@link #load(ModelSpec, EngineOptions)}
     */
    public static OnnxScorer builtIn() {
        return builtIn(EngineOptions.defaults());
    }

    /**
     * {@return the built-in cross-encoder}
     *
     * @param options how it uses the machine
     * @throws RerankException as {@link #builtIn()}
     */
    public static OnnxScorer builtIn(EngineOptions options) {
        ModelFiles files = ModelFiles.classPath(OnnxScorer.class.getClassLoader(),
                "dev/rerank4j/model/" + BUILT_IN + "/");
        if (!files.has("tokenizer.json")) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "the built-in model is not on the class path: add rerank4j-model");
        }
        return load(ModelSpec.read(BUILT_IN, files), options);
    }

    /**
     * A model from a folder, named after it, with default options: as this project's training, Hugging Face's {@code
     * transformers} or {@code sentence-transformers} write it. {@link ModelSpec#read} says which files it needs.
     *
     * @param folder holds the files; its name becomes the model's
     * @return checked and ready; to be closed by the caller
     * @throws RerankException as {@link #load(ModelSpec, EngineOptions)}
     */
    public static OnnxScorer load(Path folder) {
        return load(folder, EngineOptions.defaults());
    }

    /**
     * The same with other options.
     *
     * @param folder holds the files; its name becomes the model's
     * @param options how it uses the machine
     * @return checked and ready; to be closed by the caller
     * @throws RerankException as {@link #load(ModelSpec, EngineOptions)}
     */
    public static OnnxScorer load(Path folder, EngineOptions options) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return load(ModelSpec.read(String.valueOf(name), ModelFiles.folder(folder)), options);
    }

    /**
     * A model of a hub, from the file that was chosen. What its files do not say, the list of known models may.
     *
     * @param model whose files are on this machine
     * @param options how it uses the machine
     * @return checked and ready; to be closed by the caller
     * @throws RerankException as {@link #load(ModelSpec, EngineOptions)}
     */
    public static OnnxScorer load(HubModel model, EngineOptions options) {
        return load(ModelFolder.of(model).reranker(), options);
    }

    /**
     * Loads a model and checks it against its known scores. If its first file is damaged or gives other numbers on this
     * processor, the next one takes its place, with a warning.
     *
     * @param spec what to load
     * @param options how it uses the machine
     * @return checked and ready; to be closed by the caller
     * @throws RerankException {@code UNAVAILABLE} if a file is missing; {@code MODEL} if no file of the model is whole
     *         and gives the known scores, or the tokenizer is another model's
     */
    public static OnnxScorer load(ModelSpec spec, EngineOptions options) {
        List<RerankException> refusals = new ArrayList<>();
        for (String file : spec.modelFiles()) {
            try {
                OnnxScorer scorer = load(spec, file, options);
                refusals.forEach(e -> LOG.log(System.Logger.Level.WARNING,
                        "model {0}: {1}; {2} is used instead, which is slower", spec.name(), e.getMessage(), file));
                return scorer;
            } catch (RerankException e) {
                refusals.add(e);
            }
        }
        RerankException first = refusals.getFirst();
        RerankException refusal = new RerankException(first.kind(), "model " + spec.name() + " cannot be used: "
                + String.join("; ", refusals.stream().map(Throwable::getMessage).distinct().toList()), first);
        refusals.stream().skip(1).forEach(refusal::addSuppressed);
        throw refusal;
    }

    private static OnnxScorer load(ModelSpec spec, String file, EngineOptions options) {
        ModelFile modelFile = ModelFile.read(spec.files(), file, Optional.ofNullable(spec.sha256().get(file)));
        Optional<HeadNetwork> head = spec.head().map(layers -> HeadNetwork.load(spec.files(), layers));
        Tokenizer tokenizer = Tokenizer.load(spec.files(), ModelFolder.TOKENIZER, spec.input().lowerCase());
        Engine engine;
        try {
            engine = Engine.load(new Engine.Parts(spec.name(), modelFile, head.isPresent()
                    ? Signature.Purpose.PAIR_VECTORS
                    : Signature.Purpose.SCORES, tokenizer, tokenizer.pairTemplate(), spec.input()), options);
        } catch (RerankException e) {
            tokenizer.close();
            throw e;
        }
        try {
            OnnxScorer scorer = new OnnxScorer(spec, file, head, engine);
            scorer.score(ScoreRequest.of("a", List.of("a"))); // whether it gives what a reranker must
            scorer.checkGolden(modelFile.batchDependent() ? INT8_TOLERANCE : FLOAT_TOLERANCE);
            return scorer;
        } catch (RerankException e) {
            engine.close();
            throw e;
        }
    }

    /** The token ids that the model is given for a pair, special ones included, after the cut. */
    List<Integer> ids(String query, String text) {
        PairTemplate.Sequence pair = pairReader.read(query, List.of(text), spec.maxLength(), ScoreRequest.Side.END,
                new BitSet(), Deadline.none(), () -> false).getFirst();
        List<Integer> ids = new ArrayList<>();
        engine.template().write(pair, (id, type) -> ids.add(id));
        return ids;
    }

    private void checkGolden(double tolerance) {
        for (GoldenScore golden : spec.golden()) {
            List<Integer> ids = ids(golden.query(), golden.text());
            if (ids.size() != golden.tokens() || !ids.subList(0, golden.firstIds().size()).equals(golden.firstIds())) {
                throw new RerankException(RerankException.Kind.MODEL, "tokenizer.json in " + spec.files().describe()
                        + " is not the one that model was trained with: fetch the model again");
            }
            Float known = golden.logits().get(file);
            if (known != null) {
                float logit = score(ScoreRequest.of(golden.query(), List.of(golden.text()))).logits()[0];
                if (!(Math.abs(logit - known) <= tolerance)) {
                    throw new RerankException(RerankException.Kind.MODEL, String.format(Locale.ROOT,
                            "%s scores %.3f where %.3f is known: its numbers are off on this processor",
                            file, logit, known));
                }
            }
        }
    }

    /**
     * The model's name and its file's, such as {@code rerank4j-minilm-l6-v1/model_int8}, and then its calibration, if it
     * has one: other probabilities are other scores, and must not be taken for each other out of a cache.
     */
    @Override
    public String name() {
        Calibration calibration = spec.calibration();
        return spec.name() + "/" + ModelFolder.stem(file) + (calibration.equals(Calibration.NONE)
                ? ""
                : "/platt(" + calibration.slope() + "," + calibration.intercept() + ")");
    }

    /** {@return what is known of the model} */
    public ModelSpec spec() {
        return spec;
    }

    /** {@return how many tokens a pair may have, special ones included} */
    public int maxLength() {
        return spec.maxLength();
    }

    /**
     * {@return counts a text's tokens as this model reads it, without special ones} Fails with {@link
     * IllegalStateException} once the model is closed.
     */
    public TokenCounter tokenCounter() {
        return text -> engine.whileOpen(() -> engine.tokenizer().ids(text).length);
    }

    /** {@return what it has been doing, for metrics} */
    public EngineActivity activity() {
        return engine.activity();
    }

    @Override
    public Scores score(ScoreRequest request) {
        return engine.whileOpen(() -> scoreWhileOpen(request));
    }

    private Scores scoreWhileOpen(ScoreRequest request) {
        int maxTokens = Math.min(request.maxTokens(), spec.maxLength());
        int count = request.texts().size();
        BitSet cut = new BitSet(count);
        try (Admission.Permit permit = engine.admit(estimate(request, maxTokens))) {
            long start = System.nanoTime();
            AtomicLong busy = new AtomicLong();
            List<PairTemplate.Sequence> pairs = engine.onPool(stop -> {
                long begin = System.nanoTime();
                try {
                    return pairReader.read(request.query(), request.texts(), maxTokens, request.cut(), cut,
                            request.deadline(), stop);
                } finally {
                    busy.set(System.nanoTime() - begin);
                }
            });
            Duration tokenize = Duration.ofNanos(busy.get());
            Duration waited = Duration.ofNanos(System.nanoTime() - start - busy.get());
            float[] logits = new float[count];
            List<Duration> times = engine.run(pairs,
                    (i, length, output, shape, row) -> logits[i] = logitReader.read(output, shape, row, length),
                    request.deadline());
            float[] probabilities = spec.probabilities(logits);
            int[] tokens = pairs.stream().mapToInt(engine.template()::length).toArray();
            return new Scores(logits, probabilities, tokens, cut,
                    new Scores.Timings(tokenize, times.get(0).plus(waited), times.get(1)));
        }
    }

    /** Four characters a token are near enough to decide whether there is room. */
    private static long estimate(ScoreRequest request, int maxTokens) {
        long query = request.query().length() / 4L;
        return request.texts().stream().mapToLong(text -> Math.min(maxTokens, query + text.length() / 4L + 3)).sum();
    }

    @Override
    public void close() {
        engine.close();
    }
}
