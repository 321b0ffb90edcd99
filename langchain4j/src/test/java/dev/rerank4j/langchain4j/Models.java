package dev.rerank4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.function.Function;

/** Embedding models of the older kind, without input type, that do what their test says. */
final class Models {

    private Models() {
    }

    static EmbeddingModel answering(Function<List<String>, List<float[]>> answer) {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(answer.apply(segments.stream().map(TextSegment::text).toList()).stream()
                        .map(Embedding::from).toList());
            }

            @Override
            public int dimension() {
                return 3;
            }
        };
    }
}
