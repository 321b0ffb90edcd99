package dev.rerank4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a model's file wants and gives: its inputs, and the output that is of use.
 *
 * @param inputs what it wants
 * @param output name of the output to ask for
 */
record Signature(List<Input> inputs, String output) {

    /** What an input is told. */
    enum Content {
        IDS, MASK, TYPES, POSITIONS
    }

    /**
     * An input.
     *
     * @param small whether it wants 32-bit numbers, not 64-bit ones
     */
    record Input(String name, Content content, boolean small) {
    }

    /** What is wanted of a model. */
    enum Purpose {
        /** A number or two for each pair. */
        SCORES,
        /** A vector for each token, or each text. */
        VECTORS,
        /** A vector for each token, of which layers outside the file make a score; or the score, if it has them inside. */
        PAIR_VECTORS
    }

    private static final Map<String, Content> CONTENTS = Map.of("input_ids", Content.IDS, "attention_mask",
            Content.MASK,
            "token_type_ids", Content.TYPES, "segment_ids", Content.TYPES, "input_mask", Content.MASK, "position_ids",
            Content.POSITIONS);
    private static final List<String> SCORES = List.of("logits", "scores", "score");
    private static final List<String> TOKENS = List.of("last_hidden_state", "token_embeddings");
    private static final List<String> TEXTS = List.of("sentence_embedding", "text_embeds", "text_embedding",
            "embeddings", "embedding", "dense_vecs");

    /**
     * @param name of the model, for messages
     * @throws RerankException {@code MODEL} if it wants what nobody knows, or does not give what is wanted
     */
    static Signature of(String name, OrtSession session, Purpose purpose) throws OrtException {
        List<Input> inputs = new ArrayList<>();
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
            Content content = CONTENTS.get(input.getKey());
            if (content == null || !(input.getValue().getInfo() instanceof TensorInfo tensor)
                    || tensor.type != OnnxJavaType.INT64 && tensor.type != OnnxJavaType.INT32) {
                throw new RerankException(RerankException.Kind.MODEL, "model " + name + " wants an input "
                        + input.getKey() + " of " + input.getValue().getInfo()
                        + ": known are input_ids, attention_mask,"
                        + " token_type_ids and position_ids of whole numbers");
            }
            inputs.add(new Input(input.getKey(), content, tensor.type == OnnxJavaType.INT32));
        }
        return new Signature(List.copyOf(inputs), new Outputs(name, session).choose(purpose));
    }

    /** The outputs that are tensors of floats, with their shapes; a size of -1 depends on the input. */
    private record Outputs(String name, Map<String, long[]> shapes) {

        Outputs(String name, OrtSession session) throws OrtException {
            this(name, new LinkedHashMap<>());
            session.getOutputInfo().forEach((output, info) -> {
                if (info.getInfo() instanceof TensorInfo tensor && (tensor.type == OnnxJavaType.FLOAT
                        || tensor.type == OnnxJavaType.FLOAT16 || tensor.type == OnnxJavaType.BFLOAT16)) {
                    shapes.put(output, tensor.getShape());
                }
            });
        }

        String choose(Purpose purpose) {
            Optional<String> tokens = named(TOKENS, 3).or(() -> only(shape -> shape.length == 3).filter(
                    output -> !SCORES.contains(output)));
            Optional<String> texts = named(TEXTS, 2);
            Optional<String> scores = named(SCORES, 2).or(() -> named(SCORES, 1))
                    .or(() -> only(shape -> shape.length < 3).filter(output -> !TEXTS.contains(output)
                            && !output.equals("pooler_output")));
            Optional<String> choice = switch (purpose) {
                case SCORES -> scores;
                case VECTORS -> tokens.or(() -> texts);
                case PAIR_VECTORS -> tokens.or(() -> scores);
            };
            return choice.orElseThrow(() -> refusal(purpose, tokens.or(() -> texts).isPresent(), scores.isPresent()));
        }

        private RerankException refusal(Purpose purpose, boolean vectors, boolean scores) {
            if (named(SCORES, 3).isPresent()) {
                return new RerankException(RerankException.Kind.MODEL, "model " + name
                        + " gives a number for each word of"
                        + " its vocabulary: it is a language model, which is neither reranker nor encoder here");
            }
            if (purpose == Purpose.SCORES && vectors) {
                return ModelFolder.isEncoder(name);
            }
            if (purpose == Purpose.VECTORS && scores) {
                return ModelFolder.isReranker(name);
            }
            return new RerankException(RerankException.Kind.MODEL, "model " + name + " gives "
                    + String.join(", ", shapes.keySet()) + ": "
                    + switch (purpose) {
                        case SCORES -> "a reranker must give logits";
                        case VECTORS ->
                            "an encoder must give last_hidden_state, token_embeddings or sentence_embedding";
                        case PAIR_VECTORS -> "its layers need last_hidden_state or token_embeddings";
                    });
        }

        private Optional<String> named(List<String> names, int rank) {
            return names.stream().filter(name -> shapes.containsKey(name)
                    && (shapes.get(name).length == rank || shapes.get(name).length == 0)) // 0: not said
                    .findFirst();
        }

        private Optional<String> only(Predicate<long[]> kind) {
            List<String> found = shapes.keySet().stream().filter(output -> kind.test(shapes.get(output))).toList();
            return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
        }
    }
}
