package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * A tool that assistants may call. What its file says of it is what clients are told, and what arguments are held
 * against.
 */
abstract sealed class McpTool permits McpSearchTool, McpRerankTool {

    private final JsonNode definition;

    McpTool(String file) {
        try (InputStream in = Objects.requireNonNull(McpTool.class.getResourceAsStream(file), file)) {
            definition = Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    final String name() {
        return definition.path("name").asText();
    }

    /** As clients are told of it. */
    final McpSchema.Tool described() {
        return Json.MAPPER.convertValue(definition, McpSchema.Tool.class);
    }

    /**
     * Checks the arguments and does what is asked for.
     *
     * @param given an object, or nothing
     * @throws UsageException if an argument is wrong
     */
    final McpSchema.CallToolResult call(JsonNode given) {
        return call(McpArguments.checked(definition.path("inputSchema"), given));
    }

    abstract McpSchema.CallToolResult call(McpArguments arguments);

    /**
     * An answer.
     *
     * @param text what a model reads
     * @param notes what else it should know, each a sentence
     * @param structured the same for programs
     */
    static McpSchema.CallToolResult answer(String text, List<String> notes, Object structured) {
        McpSchema.CallToolResult.Builder answer = McpSchema.CallToolResult.builder().addTextContent(text);
        if (!notes.isEmpty()) {
            answer.addTextContent("Note: " + String.join(". ", notes) + ".");
        }
        return answer.structuredContent(structured).build();
    }

    /** What the caller, or the person behind it, can do something about. */
    static McpSchema.CallToolResult refusal(String sentence) {
        return McpSchema.CallToolResult.builder().addTextContent(sentence).isError(true).build();
    }
}
