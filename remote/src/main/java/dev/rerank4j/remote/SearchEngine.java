package dev.rerank4j.remote;

/** Which search engine answers: OpenSearch, or Elasticsearch, whose HTTP API is the same but for vectors and keys. */
public enum SearchEngine {
    /** OpenSearch 2 or 3; vectors need its k-NN plugin, which its distributions have. */
    OPENSEARCH("opensearch", "OpenSearch"),
    /** Elasticsearch 8 or 9. */
    ELASTICSEARCH("elasticsearch", "Elasticsearch");

    private final String service;
    private final String title;

    SearchEngine(String service, String title) {
        this.service = service;
        this.title = title;
    }

    /** The name under which calls are counted. */
    String service() {
        return service;
    }

    /** The name in sentences. */
    String title() {
        return title;
    }
}
