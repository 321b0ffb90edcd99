package dev.rerank4j.onnx;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import dev.rerank4j.TokenCounter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A sentence encoder in the process, as ONNX file of any network that reads tokens and gives a vector for each, or one
 * for the text: vectors of length 1, whose dot product is their cosine. Safe for use by several threads.
 */
public final class OnnxEncoder implements Encoder {

    private static final String BUILT_IN = "bge-small-en-v1.5-q";

    private final EncoderSpec spec;
    private final HeadNetwork head;
    private final Engine engine;
    private final int dimension;

    private OnnxEncoder(EncoderSpec spec, HeadNetwork head, Engine engine) {
        this.spec = spec;
        this.head = head;
        this.engine = engine;
        dimension = encode("", List.of("dimension"))[0].length;
    }

    /**
     * {@return the built-in encoder, bge-small-en-v1.5 in int8: English, 384 dimensions, 512 tokens; with default
     * options}
     *
     * @throws RerankException {@code UNAVAILABLE} if {@code rerank4j-model} is not on the class path
     */
    public static OnnxEncoder builtIn() {
        return builtIn(EngineOptions.defaults());
    }

    /**
     * {@return the built-in encoder}
     *
     * @param options how it uses the machine
     * @throws RerankException as {@link #builtIn()}
     */
    public static OnnxEncoder builtIn(EngineOptions options) {
        ModelFiles files = ModelFiles.classPath(OnnxEncoder.class.getClassLoader(), "");
        if (!files.has(BUILT_IN + ".onnx")) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "the built-in encoder is not on the class path: add rerank4j-model");
        }
        // Pooling and instruction as the model's card says: https://huggingface.co/BAAI/bge-small-en-v1.5
        return load(new EncoderSpec(BUILT_IN, files, BUILT_IN + ".onnx", BUILT_IN + "-tokenizer.json", 512,
                Head.of(Pooling.CLS), "Represent this sentence for searching relevant passages: ", "", TokenInput.BERT,
                Optional.of("6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4"), Set.of("en")),
                options);
    }

    /**
     * An encoder of a hub, from the file that was chosen. What its files do not say, the list of known models may.
     *
     * @param model whose files are on this machine
     * @param options how it uses the machine
     * @return ready; to be closed by the caller
     * @throws RerankException as {@link #load(EncoderSpec, EngineOptions)}
     */
    public static OnnxEncoder load(HubModel model, EngineOptions options) {
        return load(ModelFolder.of(model).encoder(), options);
    }

    /**
     * An encoder from a folder, named after it and its ONNX file. {@link EncoderSpec#read} says which files it needs.
     *
     * @param folder holds the files
     * @param options how it uses the machine
     * @return ready; to be closed by the caller
     * @throws RerankException as {@link #load(EncoderSpec, EngineOptions)}
     */
    public static OnnxEncoder load(Path folder, EngineOptions options) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return load(EncoderSpec.read(String.valueOf(name), ModelFiles.folder(folder)), options);
    }

    /**
     * Loads an encoder.
     *
     * @param spec what to load
     * @param options how it uses the machine
     * @return ready; to be closed by the caller
     * @throws RerankException {@code UNAVAILABLE} if a file is missing, {@code MODEL} if one is damaged or the model
     *         gives neither a vector for each token nor one for the text
     */
    public static OnnxEncoder load(EncoderSpec spec, EngineOptions options) {
        ModelFile file = ModelFile.read(spec.files(), spec.modelFile(), spec.sha256());
        HeadNetwork head = HeadNetwork.load(spec.files(), spec.head());
        Tokenizer tokenizer = Tokenizer.load(spec.files(), spec.tokenizerFile(), spec.input().lowerCase());
        Engine engine;
        try {
            engine = Engine.load(new Engine.Parts(spec.name(), file, Signature.Purpose.VECTORS, tokenizer,
                    tokenizer.singleTemplate(), spec.input()), options);
        } catch (RerankException e) {
            tokenizer.close();
            throw e;
        }
        try {
            return new OnnxEncoder(spec, head, engine);
        } catch (RerankException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public int dimension() {
        return dimension;
    }

    /** {@return what is known of the model} */
    public EncoderSpec spec() {
        return spec;
    }

    /** {@return how many tokens a text may have, special ones included} */
    public int maxLength() {
        return spec.maxLength();
    }

    /**
     * {@return where the model's tokens stand in a text: index of each token's first character (UTF-16 unit),
     * ascending, each once} For cutting texts to a number of tokens.
     *
     * @param text may be empty; the whole of it counts, however long
     */
    public int[] tokenStarts(String text) {
        return engine.whileOpen(() -> engine.tokenizer().starts(text));
    }

    /**
     * {@return counts a text's tokens as this encoder reads it, without special ones} Fails with {@link
     * IllegalStateException} once the encoder is closed.
     */
    public TokenCounter tokenCounter() {
        return text -> engine.whileOpen(() -> engine.tokenizer().ids(text).length);
    }

    @Override
    public float[] query(String text) {
        return encode(spec.queryInstruction(), List.of(text))[0];
    }

    @Override
    public float[][] passages(List<String> texts) {
        return encode(spec.textInstruction(), texts);
    }

    private float[][] encode(String instruction, List<String> texts) {
        return engine.whileOpen(() -> encodeWhileOpen(instruction, texts));
    }

    private float[][] encodeWhileOpen(String instruction, List<String> texts) {
        int room = Math.max(0, spec.maxLength() - engine.template().specials());
        int instructed = instruction.isEmpty() || head.instructionPooled()
                ? 0
                : engine.template().leading() + engine.tokenizer().ids(instruction).length;
        List<PairTemplate.Sequence> sequences = new ArrayList<>(texts.size());
        for (String text : texts) {
            sequences.add(PairTemplate.Sequence.single(engine.tokenizer().ids(instruction + text, room, false).ids()));
        }
        float[][] vectors = new float[texts.size()][];
        engine.run(sequences, (i, length, output, shape, row) -> vectors[i] = unit(
                head.apply(output, shape, row, length, instructed)), Deadline.none());
        return vectors;
    }

    private float[] unit(float[] vector) {
        double norm = 0;
        for (float value : vector) {
            norm += (double) value * value;
        }
        norm = Math.sqrt(norm);
        if (!(norm > 0 && Double.isFinite(norm))) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "encoder " + spec.name() + " gave a vector without direction");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }

    @Override
    public void close() {
        engine.close();
    }
}
