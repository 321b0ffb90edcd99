package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/embeddings}, as OpenAI has it. Texts are encoded as passages, unless {@code input_type} says {@code
 * query}, as other providers have it.
 */
record OpenAiEmbeddings() implements Action {

    /** Texts that are encoded between two looks at the clock. */
    private static final int SLICE = 32;

    record Request(@Nullable String model, @Nullable JsonNode input, @Nullable String encodingFormat,
            @Nullable Integer dimensions, @Nullable String inputType) {
    }

    record Response(String object, List<Datum> data, String model, Usage usage) {
    }

    /**
     * @param embedding numbers, or their little-endian bytes in base64
     */
    record Datum(String object, int index, Object embedding) {
    }

    record Usage(long promptTokens, long totalTokens) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.lenient(exchange.body(), Request.class);
        ServedEncoder served = exchange.catalogue().encoder()
                .orElseThrow(() -> new Refusal(Reason.NOT_FOUND, "this server has no encoder"));
        List<String> texts = texts(request.input(), exchange.maxDocuments());
        boolean base64 = switch (request.encodingFormat()) {
            case null -> false;
            case "float" -> false;
            case "base64" -> true;
            default -> throw new Refusal(Reason.MALFORMED, "encoding_format must be float or base64");
        };
        if (request.dimensions() != null && request.dimensions() != 0 // which Infinity's client sends
                && request.dimensions() != served.encoder().dimension()) {
            throw Refusal.invalid("dimensions must be " + served.encoder().dimension() + ", which is what "
                    + served.name() + " gives, or be left out, got " + request.dimensions());
        }
        float[][] vectors = vectors(served, texts, "query".equals(request.inputType()), exchange);
        long tokens = texts.stream().mapToLong(text -> Math.min(served.maxTokens(), served.tokens().applyAsInt(text)))
                .sum();
        return Reply.json(new Response("list",
                IntStream.range(0, vectors.length)
                        .mapToObj(i -> new Datum("embedding", i, base64 ? base64(vectors[i]) : vectors[i])).toList(),
                served.name(), new Usage(tokens, tokens)));
    }

    private static float[][] vectors(ServedEncoder served, List<String> texts, boolean queries, Exchange exchange) {
        float[][] vectors = new float[texts.size()][];
        for (int from = 0; from < vectors.length; from += SLICE) {
            exchange.deadline().check("encoding");
            if (Thread.currentThread().isInterrupted()) {
                throw new Refusal(Reason.UNAVAILABLE, "encoding was interrupted");
            }
            List<String> slice = texts.subList(from, Math.min(vectors.length, from + SLICE));
            if (queries) {
                for (int i = 0; i < slice.size(); i++) {
                    vectors[from + i] = served.encoder().query(slice.get(i));
                }
            } else {
                System.arraycopy(served.encoder().passages(slice), 0, vectors, from, slice.size());
            }
        }
        return vectors;
    }

    private static List<String> texts(@Nullable JsonNode input, int most) {
        if (input == null || input.isNull()) {
            throw new Refusal(Reason.MALFORMED, "input must be a text or a list of texts, got nothing");
        }
        List<JsonNode> nodes = input.isArray()
                ? StreamSupport.stream(input.spliterator(), false).toList()
                : List.of(input);
        if (nodes.isEmpty()) {
            throw new Refusal(Reason.EMPTY, "input must not be empty");
        }
        if (nodes.size() > most) {
            throw Refusal.invalid("input must be at most " + most + " texts, got " + nodes.size());
        }
        if (nodes.stream().anyMatch(node -> !node.isTextual())) {
            throw new Refusal(Reason.MALFORMED,
                    "input must be a text or a list of texts; lists of tokens are not read");
        }
        if (nodes.stream().anyMatch(node -> node.textValue().isEmpty())) {
            throw Refusal.invalid("input must not hold empty texts");
        }
        return nodes.stream().map(JsonNode::textValue).toList();
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.OPENAI;
    }
}
