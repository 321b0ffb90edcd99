package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.RerankException;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What is answered over the Model Context Protocol: a method of the protocol, a method here. It is the SDK's session
 * without its server, which would list all documents at once.
 */
final class McpService implements AutoCloseable {

    private static final List<String> VERSIONS = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    /** Calls at once; more of them would only wait for the model. */
    private static final int AT_ONCE = 16;

    private final Map<String, McpTool> tools = new LinkedHashMap<>();
    private final McpDocuments documents;
    private final String version;
    private final Diagnostics diagnostics;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Scheduler scheduler = Schedulers.fromExecutorService(threads);
    private final Semaphore places = new Semaphore(AT_ONCE);

    /**
     * @param version of this program
     */
    McpService(List<McpTool> tools, McpDocuments documents, String version, Diagnostics diagnostics) {
        tools.forEach(tool -> this.tools.put(tool.name(), tool));
        this.documents = documents;
        this.version = version;
        this.diagnostics = diagnostics;
        Hooks.onErrorDropped(diagnostics::trace); // of calls that were cancelled
    }

    /** The session of a client. */
    McpServerSession session(McpLink link) {
        Map<String, McpRequestHandler<?>> methods = Map.of(
                McpSchema.METHOD_TOOLS_LIST, on(params -> new McpSchema.ListToolsResult(
                        tools.values().stream().map(McpTool::described).toList(), null, null)),
                McpSchema.METHOD_TOOLS_CALL, on(this::call),
                McpSchema.METHOD_RESOURCES_LIST, on(params -> documents.list(text(params, "cursor"))),
                McpSchema.METHOD_RESOURCES_TEMPLATES_LIST, on(params -> new McpSchema.ListResourceTemplatesResult(
                        List.of(McpDocuments.template()), null, null)),
                McpSchema.METHOD_RESOURCES_READ, on(params -> documents.read(required(params, "uri"))));
        return new McpServerSession("stdio", Duration.ofMinutes(1), link,
                request -> Mono.fromCallable(() -> initialize(request)), methods,
                Map.of(McpSchema.METHOD_NOTIFICATION_INITIALIZED, (exchange, params) -> Mono.empty()));
    }

    private McpSchema.InitializeResult initialize(McpSchema.InitializeRequest request) {
        String agreed = VERSIONS.contains(request.protocolVersion())
                ? request.protocolVersion()
                : VERSIONS.getLast();
        McpSchema.ServerCapabilities capabilities = McpSchema.ServerCapabilities.builder().tools(false)
                .resources(false, false).build();
        return McpSchema.InitializeResult
                .builder(agreed, capabilities,
                        McpSchema.Implementation.builder("rerank4j", version).title("Rerank4j").build())
                .instructions("Searches the user's own documents. Call search with a question before answering from "
                        + "memory, cite passages by their numbers, and read the resource under a hit's uri for the "
                        + "whole document. Say so if nothing that was found answers the question.")
                .build();
    }

    private McpRequestHandler<Object> on(Function<JsonNode, Object> method) {
        return (exchange, params) -> Mono.fromCallable(() -> {
            places.acquire();
            try {
                return method.apply(Json.MAPPER.valueToTree(params));
            } catch (McpError wrong) {
                throw wrong;
            } catch (RuntimeException failure) {
                throw McpError.builder(McpSchema.ErrorCodes.INTERNAL_ERROR).message(sentence(failure)).build();
            } finally {
                places.release();
            }
        }).subscribeOn(scheduler);
    }

    private McpSchema.CallToolResult call(JsonNode params) {
        McpTool tool = tools.get(required(params, "name"));
        if (tool == null) {
            throw invalid("there is no such tool: there are " + String.join(", ", tools.keySet()));
        }
        JsonNode arguments = params.path("arguments");
        if (!arguments.isObject() && !arguments.isNull() && !arguments.isMissingNode()) {
            throw invalid("arguments must be an object");
        }
        try {
            return tool.call(arguments);
        } catch (RuntimeException failure) {
            return McpTool.refusal(sentence(failure));
        }
    }

    /** What to tell the client of a failure. */
    private String sentence(RuntimeException failure) {
        return switch (failure) {
            case UsageException wrong -> asArguments(String.valueOf(wrong.getMessage()));
            case RerankException world -> asArguments(String.valueOf(world.getMessage()));
            default -> {
                diagnostics.trace(failure);
                yield "unexpected failure (" + Diagnostics.sentence(failure) + ")";
            }
        };
    }

    /** Sentences of the command line speak of options. */
    static String asArguments(String sentence) {
        return sentence.replace("--min-probability", "min_probability").replaceAll("(?<![^ ])--(?=[a-z])", "");
    }

    private static McpError invalid(String message) {
        return McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS).message(message).build();
    }

    private static String required(JsonNode params, String name) {
        String text = text(params, name);
        if (text == null) {
            throw invalid(name + " is missing");
        }
        return text;
    }

    private static @Nullable String text(JsonNode params, String name) {
        JsonNode value = params.path(name);
        if (!value.isTextual() && !value.isNull() && !value.isMissingNode()) {
            throw invalid(name + " must be a string");
        }
        return value.textValue();
    }

    /** Ends what still runs. */
    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
