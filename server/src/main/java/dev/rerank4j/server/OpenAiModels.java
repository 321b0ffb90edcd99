package dev.rerank4j.server;

import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.stream.Stream;

/** {@code GET /v1/models} and {@code /v1/models/ID}, as OpenAI has them. */
record OpenAiModels(boolean one) implements Action {

    record Listing(String object, List<Model> data) {
    }

    record Model(String id, String object, long created, String ownedBy) {
        Model(String id) {
            this(id, "model", 0, "rerank4j");
        }
    }

    @Override
    public Reply answer(Exchange exchange) {
        List<Model> models = Stream.concat(exchange.catalogue().rerankers().stream().map(ServedCascade::name),
                exchange.catalogue().encoder().stream().map(ServedEncoder::name)).map(Model::new)
                .toList();
        if (!one) {
            return Reply.json(new Listing("list", models));
        }
        String id = exchange.request().path().pathParameters().get("id");
        return models.stream().filter(model -> model.id().equals(id)).findFirst().map(Reply::json)
                .orElseThrow(() -> new Refusal(Reason.NOT_FOUND, "there is no model of that name; there are: "
                        + String.join(", ", models.stream().map(Model::id).toList())));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.OPENAI;
    }
}
