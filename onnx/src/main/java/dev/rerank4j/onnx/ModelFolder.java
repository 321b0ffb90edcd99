package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * A folder of a model as Hugging Face's {@code transformers}, {@code sentence-transformers} or this project write it, read
 * into what loading needs. What the folder says goes before what the reviewed list of models says.
 *
 * @param name what to call the model
 * @param files where its files lie
 * @param modelFile the ONNX file to use; if empty, the one that suits this processor
 * @param known what the list says of it
 */
record ModelFolder(String name, ModelFiles files, Optional<String> modelFile, Optional<KnownModel> known) {

    static final String TOKENIZER = "tokenizer.json";

    static ModelFolder of(String name, ModelFiles files) {
        return new ModelFolder(name, files, Optional.empty(), Optional.empty());
    }

    static ModelFolder of(HubModel model) {
        return new ModelFolder(model.name(), ModelFiles.folder(model.folder()), Optional.of(model.modelFile()),
                KnownModel.find(model.id().repository()));
    }

    /** What its files say that it is for; that it is usable is not said. */
    ModelKind kind() {
        Optional<String> modelClass = SentenceTransformersFiles.read(files).modelClass();
        boolean classifies = modelClass.isPresent()
                ? modelClass.get().equals("CrossEncoder")
                : HuggingFaceConfig.read(files).architectures().stream()
                        .anyMatch(type -> type.endsWith("ForSequenceClassification"));
        return known.map(KnownModel::kind).orElse(classifies ? ModelKind.RERANKER : ModelKind.ENCODER);
    }

    /** @throws RerankException as {@link ModelSpec#read} */
    ModelSpec reranker() {
        Optional<GoldenFile> golden = GoldenFile.readIfThere(files);
        List<String> models = modelFiles(golden.map(GoldenFile::files).orElse(List.of()));
        requireTokenizer();
        refuseOtherKind(ModelKind.RERANKER);
        HuggingFaceConfig config = HuggingFaceConfig.read(files);
        SentenceTransformersFiles own = SentenceTransformersFiles.read(files);
        own.modelClass().filter(type -> !type.equals("CrossEncoder")).ifPresent(type -> {
            throw isOther(type);
        });
        if (config.isInference()) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "model " + name + " says whether one text follows from"
                            + " another (its classes are " + String.join(", ", config.labels())
                            + "), not whether a text answers a query: it cannot rerank");
        }
        if (config.labels().size() > 2) {
            throw new RerankException(RerankException.Kind.MODEL, "model " + name + " has " + config.labels().size()
                    + " classes: a reranker has one number a pair, or two classes");
        }
        int maxLength = golden.map(GoldenFile::maxLength)
                .orElseGet(() -> length(config.maxLength(own.maxLength())));
        Optional<String> prefix = own.defaultPromptText().isPresent()
                ? Optional.empty()
                : prefix(KnownModel::queryPrefix);
        return new ModelSpec(name + mark(prefix, Optional.empty()), files, models, maxLength, activation(config, own),
                Calibration.read(files),
                new TokenInput(config.padId(), config.firstPosition(), own.lowerCase(), config.typed()),
                own.head().filter(head -> !head.pooling().isEmpty() || !head.layers().isEmpty()),
                own.defaultPromptText().or(() -> prefix).orElse(""),
                golden.map(GoldenFile::sha256).orElse(Map.of()), golden.map(GoldenFile::scores).orElse(List.of()),
                golden.map(GoldenFile::languages).filter(languages -> !languages.isEmpty())
                        .or(() -> known.map(KnownModel::languages)).orElse(Set.of()));
    }

    /** @throws RerankException as {@link EncoderSpec#read} */
    EncoderSpec encoder() {
        String model = modelFiles(List.of()).getFirst();
        requireTokenizer();
        refuseOtherKind(ModelKind.ENCODER);
        HuggingFaceConfig config = HuggingFaceConfig.read(files);
        SentenceTransformersFiles own = SentenceTransformersFiles.read(files);
        own.modelClass().filter(type -> !type.equals("SentenceTransformer")).ifPresent(type -> {
            throw isOther(type);
        });
        if (own.modelClass().isEmpty()
                && config.architectures().stream().anyMatch(type -> type.endsWith("ForSequenceClassification"))) {
            throw isReranker(name);
        }
        Optional<String> queryPrefix = own.queryPrompt().isPresent()
                ? Optional.empty()
                : prefix(KnownModel::queryPrefix);
        Optional<String> textPrefix = own.textPrompt().isPresent() ? Optional.empty() : prefix(KnownModel::textPrefix);
        return new EncoderSpec(name + "/" + stem(model) + mark(queryPrefix, textPrefix), files, model, TOKENIZER,
                length(config.maxLength(own.maxLength())), own.head().orElse(Head.of(Pooling.MEAN)),
                own.queryPrompt().or(() -> queryPrefix).orElse(""), own.textPrompt().or(() -> textPrefix).orElse(""),
                new TokenInput(config.padId(), config.firstPosition(), own.lowerCase(), config.typed()),
                Optional.empty(),
                known.map(KnownModel::languages).orElse(Set.of()));
    }

    private Optional<String> prefix(Function<KnownModel, Optional<String>> which) {
        return known.flatMap(which).filter(text -> !text.isEmpty());
    }

    /**
     * A commit says what the model's own files are, but not what the list is: with other prefixes, it gives other vectors,
     * and must not be taken for the same model.
     */
    private static String mark(Optional<String> queryPrefix, Optional<String> textPrefix) {
        return queryPrefix.isEmpty() && textPrefix.isEmpty()
                ? ""
                : String.format("/prefix-%08x", (queryPrefix.orElse("") + '\0' + textPrefix.orElse("")).hashCode());
    }

    /** Without its ending. */
    static String stem(String modelFile) {
        return modelFile.toLowerCase(Locale.ROOT).endsWith(".onnx")
                ? modelFile.substring(0, modelFile.length() - ".onnx".length())
                : modelFile;
    }

    /** @param scored those with known scores: the first choice, where nobody chose */
    private List<String> modelFiles(List<String> scored) {
        if (modelFile.isPresent()) {
            return List.of(modelFile.get());
        }
        List<String> models = new ArrayList<>(scored.stream().filter(files::has).toList());
        if (models.isEmpty()) {
            List<String> all = new ArrayList<>(files.list());
            if (all.isEmpty()) { // nothing there, or a place that cannot be listed
                List.of(ModelSpec.INT8, ModelSpec.FLOAT).stream().filter(files::has).forEach(all::add);
            }
            Processor processor = Processor.here();
            FileChoice.of(all, processor).ifPresent(choice -> models.add(choice.file()));
            FileChoice.of(all, processor.withoutInt8()).map(FileChoice::file).filter(file -> !models.contains(file))
                    .ifPresent(models::add);
            if (models.isEmpty()) {
                throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no " + ModelSpec.FLOAT + " in "
                        + files.describe() + " (" + FileChoice.whyNone(all, processor) + "): a model needs one. "
                        + "A model of PyTorch becomes one by python training/export.py OWNER/NAME FOLDER");
            }
        }
        return models;
    }

    private void requireTokenizer() {
        if (!files.has(TOKENIZER)) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no " + TOKENIZER + " in "
                    + files.describe() + ": a model needs one. python training/export.py OWNER/NAME FOLDER writes it,"
                    + " also for models that have their vocabulary in another file");
        }
    }

    private int length(OptionalInt said) {
        return (said.isPresent() ? said : known.map(KnownModel::maxLength).orElse(OptionalInt.empty()))
                .orElseThrow(() -> new RerankException(RerankException.Kind.MODEL, "neither config.json"
                        + " (max_position_embeddings) nor tokenizer_config.json (model_max_length) in "
                        + files.describe() + " says how many tokens the model reads: add one of them"));
    }

    private ModelSpec.Activation activation(HuggingFaceConfig config, SentenceTransformersFiles own) {
        // What is not PyTorch's own needs foreign code, and is passed over there too.
        Optional<String> said = own.activation().or(config::activation).filter(text -> text.startsWith("torch."));
        if (said.isPresent()) {
            String function = said.get().substring(said.get().lastIndexOf('.') + 1);
            return function.equals("Sigmoid") || function.equals("Softmax")
                    ? ModelSpec.Activation.SIGMOID
                    : ModelSpec.Activation.NONE;
        }
        return known.flatMap(KnownModel::activation).orElse(ModelSpec.Activation.SIGMOID);
    }

    private void refuseOtherKind(ModelKind wanted) {
        known.filter(model -> model.kind() != wanted).ifPresent(model -> {
            throw wanted == ModelKind.RERANKER ? isEncoder(name) : isReranker(name);
        });
    }

    private RerankException isOther(String type) {
        return switch (type) {
            case "SentenceTransformer" -> isEncoder(name);
            case "CrossEncoder" -> isReranker(name);
            default -> new RerankException(RerankException.Kind.MODEL, "model " + name + " is a " + type
                    + " of sentence-transformers: CrossEncoder can be used as reranker, SentenceTransformer as encoder");
        };
    }

    /** What is said of an encoder where a reranker is wanted. */
    static RerankException isEncoder(String name) {
        return new RerankException(RerankException.Kind.MODEL, "model " + name + " is a sentence encoder: it makes a"
                + " vector of one text and does not score pairs. Use it as encoder (--encoder), not as reranker");
    }

    /** What is said of a reranker where an encoder is wanted. */
    static RerankException isReranker(String name) {
        return new RerankException(RerankException.Kind.MODEL, "model " + name + " is a cross-encoder: it scores pairs"
                + " and makes no vectors. Use it as reranker (--reranker), not as encoder");
    }
}
