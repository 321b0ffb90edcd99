package dev.rerank4j.springai;

import java.net.URI;
import java.util.Map;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.util.MimeTypeUtils;

/** Documents without a text. */
final class Pictures {

    private Pictures() {
    }

    static Document of(String id) {
        return new Document(id, new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/" + id + ".png")),
                Map.of());
    }
}
