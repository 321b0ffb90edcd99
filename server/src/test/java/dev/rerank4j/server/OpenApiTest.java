package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.helidon.http.Method;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code openapi.json} says is what the server does. */
class OpenApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode DOCUMENT = document();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static PlainIndex index;
    private static RerankServer server;
    private static RerankServer loading;

    @BeforeAll
    static void start(@TempDir Path folder) {
        index = new PlainIndex("default", folder, BuiltIn.ENCODER);
        Catalogue catalogue = new Catalogue(List.of(BuiltIn.MODEL), Optional.of(BuiltIn.SERVED_ENCODER),
                List.of(index));
        ServerOptions options = ServerOptions.defaults().withPort(0);
        server = RerankServer.start(options, CompletableFuture.completedFuture(catalogue), List.of(), AccessLog.NONE);
        loading = RerankServer.start(options, new CompletableFuture<>(), List.of(ApiKey.of("known", "secret", true)),
                AccessLog.NONE);
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        loading.close();
        server.close();
        index.close();
    }

    /** One of the document's operations. */
    private record Operation(String path, String method, JsonNode node) {

        boolean needsKey() {
            return !node.has("security");
        }

        /** Whether it has a deadline, and needs the models. */
        boolean works() {
            return parameters().stream()
                    .anyMatch(parameter -> parameter.path("name").textValue().equals("X-Request-Timeout-Ms"));
        }

        JsonNode answer(int status) {
            JsonNode answer = resolved(node.path("responses").path(String.valueOf(status)));
            assertFalse(answer.isMissingNode(), this + " may answer " + status);
            return answer;
        }

        List<JsonNode> parameters() {
            List<JsonNode> parameters = new ArrayList<>();
            node.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
            return parameters;
        }

        JsonNode body() {
            return resolved(node.path("requestBody")).path("content").path("application/json");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static JsonNode document() {
        try {
            return JSON.readTree(Page.resource("openapi.json"));
        } catch (IOException e) {
            throw new AssertionError("openapi.json is JSON", e);
        }
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").textValue().substring(1)) : node;
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        DOCUMENT.path("paths").properties().forEach(path -> path.getValue().properties()
                .forEach(method -> operations.add(new Operation(path.getKey(),
                        method.getKey().toUpperCase(Locale.ROOT), method.getValue()))));
        return operations;
    }

    private static void requireFit(JsonNode schema, JsonNode value, String what) {
        JsonNode whole = JSON.createObjectNode().<com.fasterxml.jackson.databind.node.ObjectNode>set("components",
                DOCUMENT.get("components")).set("allOf", JSON.createArrayNode().add(schema));
        assertEquals(List.of(), SCHEMAS.getSchema(whole).validate(value).stream().map(String::valueOf).toList(), what);
    }

    @Test
    void everyRouteIsDocumentedAndNothingElse() {
        Set<String> registered = new TreeSet<>();
        server.routes().methods().forEach((path, methods) -> methods.stream().map(Method::text)
                .filter(method -> !method.equals("HEAD")) // everything that can be got has it
                .forEach(method -> registered.add(method + " " + path.replace("{+", "{"))));
        assertEquals(registered, new TreeSet<>(operations().stream().map(Operation::toString).toList()));
    }

    @Test
    void operationsHaveIdsOfTheirOwnAndKnownTags() {
        Set<String> tags = new TreeSet<>();
        DOCUMENT.path("tags").forEach(tag -> tags.add(tag.path("name").textValue()));
        List<String> ids = operations().stream().map(o -> o.node().path("operationId").textValue()).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size(), () -> "ids differ: " + ids);
        operations().forEach(operation -> assertTrue(tags.contains(operation.node().at("/tags/0").textValue()),
                () -> operation + " has a known tag"));
    }

    @TestFactory
    Stream<DynamicTest> examplesFitTheirSchemas() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : operations()) {
            addExamples(tests, operation + " takes", operation.body());
            operation.node().path("responses").properties()
                    .forEach(answer -> resolved(answer.getValue()).path("content").properties()
                            .forEach(media -> addExamples(tests, operation + " answers " + answer.getKey(),
                                    media.getValue())));
        }
        return tests.stream();
    }

    private static void addExamples(List<DynamicTest> tests, String what, JsonNode media) {
        if (media.has("example")) {
            tests.add(dynamicTest(what, () -> requireFit(media.path("schema"), media.get("example"), what)));
        }
        media.path("examples").properties().forEach(example -> tests.add(dynamicTest(what + ": " + example.getKey(),
                () -> requireFit(media.path("schema"), resolved(example.getValue()).path("value"), what))));
    }

    /** All examples of all operations, each with the parameters' examples of the same name. */
    @TestFactory
    Stream<DynamicTest> examplesAreAnsweredAsDocumented() throws IOException, InterruptedException {
        Operation add = operations().stream().filter(o -> o.toString().equals("POST /api/documents")).findFirst()
                .orElseThrow();
        assertEquals(200, send(server, add, "one").statusCode(), "there is something to find");
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : operations()) {
            Set<String> names = new LinkedHashSet<>();
            operation.body().path("examples").fieldNames().forEachRemaining(names::add);
            operation.parameters().stream().filter(parameter -> !parameter.path("in").textValue().equals("header"))
                    .forEach(parameter -> parameter.path("examples").fieldNames().forEachRemaining(names::add));
            for (String name : names.isEmpty() ? Set.of("") : names) {
                tests.add(dynamicTest(operation + " " + name, () -> {
                    HttpResponse<String> response = send(server, operation, name);
                    assertEquals(200, response.statusCode(), response::body);
                    requireDocumented(operation, response);
                }));
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> refusalsAreAnsweredAsDocumented() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : operations().stream().filter(Operation::needsKey).toList()) {
            tests.add(refused(operation + " without a key", 401, operation, loading, "X-Request-Id", "mine"));
        }
        for (Operation operation : operations().stream().filter(Operation::works).toList()) {
            tests.add(refused(operation + " while the models are loaded", 503, operation, loading, "Authorization",
                    "Bearer secret"));
            // Text Embeddings Inference calls that a failed validation.
            tests.add(refused(operation + " with a timeout that is none", operation.path().equals("/info") ? 413 : 400,
                    operation, server, "X-Request-Timeout-Ms", "soon"));
        }
        return tests.stream();
    }

    private static DynamicTest refused(String what, int status, Operation operation, RerankServer at,
            String... headers) {
        return dynamicTest(what, () -> {
            HttpResponse<String> response = send(at, operation, "", headers);
            assertEquals(status, response.statusCode(), response::body);
            requireDocumented(operation, response);
        });
    }

    private static void requireDocumented(Operation operation, HttpResponse<String> response)
            throws JsonProcessingException {
        JsonNode content = operation.answer(response.statusCode()).path("content");
        String type = response.headers().firstValue("Content-Type").orElse("none");
        assertTrue(content.has(type), () -> operation + " may answer with " + type);
        if (type.equals("application/json")) {
            requireFit(content.path(type).path("schema"), JSON.readTree(response.body()), response.body());
        }
    }

    private static HttpResponse<String> send(RerankServer at, Operation operation, String example, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        String path = operation.path();
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").textValue();
            JsonNode value = parameter.path("examples").path(example).path("value");
            if (value.isMissingNode()) {
                continue;
            }
            switch (parameter.path("in").textValue()) {
                case "header" -> request.header(name, value.asText());
                case "path" -> path = path.replace("{" + name + "}", encoded(value));
                default -> (value.isArray() ? value : JSON.createArrayNode().add(value))
                        .forEach(one -> query.add(name + "=" + encoded(one)));
            }
        }
        String body = operation.body().isMissingNode()
                ? ""
                : operation.body().path("examples").path(example).path("value").toString();
        request.uri(URI.create("http://127.0.0.1:" + at.port() + path.replaceAll("[{}]", "")
                + (query.isEmpty() ? "" : "?" + String.join("&", query))))
                .method(operation.method(), HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(JsonNode value) {
        return URLEncoder.encode(value.asText(), StandardCharsets.UTF_8);
    }
}
