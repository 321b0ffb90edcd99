package dev.rerank4j.cli;

import dev.rerank4j.Passage;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The documents of an index as resources: {@code rerank4j://document/} and the document's id, percent-encoded. */
final class McpDocuments {

    static final String BASE = "rerank4j://document/";
    static final int PAGE = 100;
    private static final String KIND = "text/markdown";

    private final Supplier<TextIndex> index;

    /**
     * @param index waits for it
     */
    McpDocuments(Supplier<TextIndex> index) {
        this.index = index;
    }

    /**
     * A page of all documents.
     *
     * @param cursor as the page before gave it; null to begin
     * @throws McpError if it is none of ours
     */
    McpSchema.ListResourcesResult list(@Nullable String cursor) {
        List<Passage> firsts = index.get().firstPassages(cursor == null ? "" : id(cursor), PAGE + 1);
        boolean more = firsts.size() > PAGE;
        List<Passage> page = more ? firsts.subList(0, PAGE) : firsts;
        List<McpSchema.Resource> resources = page.stream().map(McpDocuments::resource).toList();
        return new McpSchema.ListResourcesResult(resources, more ? cursor(page.getLast().documentId()) : null, null);
    }

    private static McpSchema.Resource resource(Passage first) {
        McpSchema.Resource.Builder resource = McpSchema.Resource
                .builder(uri(first.documentId()), first.documentId()).mimeType(KIND);
        if (!first.title().isBlank()) {
            resource.title(first.title());
        }
        return resource.build();
    }

    static McpSchema.ResourceTemplate template() {
        return McpSchema.ResourceTemplate.builder(BASE + "{id}", "document").title("A document")
                .description("The text of a document by its id, as search gives it in document and uri.")
                .mimeType(KIND).build();
    }

    /**
     * A document.
     *
     * @throws McpError if there is no such document, or the URI is none of ours
     */
    McpSchema.ReadResourceResult read(String uri) {
        if (!uri.startsWith(BASE) || uri.length() == BASE.length()) {
            throw McpError.RESOURCE_NOT_FOUND.apply(uri);
        }
        List<Passage> passages = index.get().passages(decoded(uri));
        if (passages.isEmpty()) {
            throw McpError.RESOURCE_NOT_FOUND.apply(uri);
        }
        return new McpSchema.ReadResourceResult(List.of(McpSchema.TextResourceContents
                .builder(uri, DocumentText.of(passages)).mimeType(KIND).build()), null);
    }

    /** Of the document with this id. */
    static String uri(String id) {
        StringBuilder uri = new StringBuilder(BASE);
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "-._~".indexOf(b) >= 0) {
                uri.append((char) b);
            } else {
                uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return uri.toString();
    }

    /** The id in a URI; slashes and the like may stand as they are. */
    private static String decoded(String uri) {
        byte[] raw = uri.substring(BASE.length()).getBytes(StandardCharsets.UTF_8);
        ByteBuffer id = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                id.put(raw[i]);
            } else if (i + 2 < raw.length && HexFormat.isHexDigit(raw[i + 1]) && HexFormat.isHexDigit(raw[i + 2])) {
                id.put((byte) (HexFormat.fromHexDigit(raw[i + 1]) << 4 | HexFormat.fromHexDigit(raw[i + 2])));
                i += 2;
            } else {
                throw McpError.RESOURCE_NOT_FOUND.apply(uri);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(id.flip()).toString();
        } catch (CharacterCodingException e) {
            throw McpError.RESOURCE_NOT_FOUND.apply(uri);
        }
    }

    private static String cursor(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String id(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message("cursor must be one that resources/list gave").build();
        }
    }
}
