package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.SearchRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing but a remark", "---", "search:", "search: {}", "index: {chunk: }"})
    void whatTheFileDoesNotSayKeepsItsDefault(String yaml) {
        assertEquals(Config.DEFAULTS, ConfigFile.parse(yaml));
    }

    @Test
    void everySettingCanBeSaid() {
        assertEquals(
                new Config(new Config.Search(5, 100, 0.25, SearchRequest.Unit.DOCUMENT, Duration.ofMillis(200),
                        Config.Retrieval.BM25, new Config.Fusing(Config.Fusing.Type.WEIGHTED, 10, List.of(0.25, 1.0))),
                        new Config.Indexing("de", "acme/encoder@v2",
                                new Config.Chunk(200, 20, Config.Chunk.By.SENTENCES)),
                        new Reranking("models/mine", List.of(),
                                new Config.Mixing(Config.Mixing.Type.NONE, List.of(1.0, 2.0, 0.0), 0.4, 1.5),
                                new ByteSize(1 << 20)),
                        new Config.Prompt(500, Config.Prompt.Order.ENDS, 1),
                        new Serving("0.0.0.0", 0, List.of("a", "b=c"), new ByteSize(1 << 10), 5, 6, 7,
                                Duration.ofSeconds(8), Duration.ofMillis(9), List.of("*"), false,
                                List.of(new Serving.Key("k", "K", null, List.of("a=1"), false, 3, 4),
                                        new Serving.Key("l", null, "/l", null, true, null, null))),
                        Map.of(),
                        new Cluster("https://search.example.com:9200", "handbook", "reader", "P", null, null, "/k",
                                Cluster.Search.HYBRID,
                                new Cluster.Fields("key", "doc", "name", "body", "embedding", List.of("category"))),
                        new Cluster("http://localhost:9200", "papers", null, null, null, "K", null, Cluster.Search.BM25,
                                null),
                        new Database("jdbc:postgresql://localhost/docs", "reader", null, "/p", "passages",
                                Database.Search.VECTOR)),
                ConfigFile.parse("""
                        search:
                          limit: 5
                          depth: 100
                          min-probability: 0.25
                          unit: document
                          timeout: 200ms
                          retriever: bm25
                          fusion: {type: weighted, k: 10, weights: [0.25, 1]}
                        index:
                          language: de
                          encoder: acme/encoder@v2
                          chunk:
                            size: 200
                            overlap: 20
                            by: sentences
                        reranker:
                          model: models/mine
                          mix: {type: none, weights: [1, 2, 0], neighbours: 0.4, margin: 1.5}
                          max-input: 1MiB
                        context: {tokens: 500, order: ends, near-duplicate: 1}
                        server:
                          host: 0.0.0.0
                          port: 0
                          indexes: [a, b=c]
                          max-body: 1KiB
                          max-documents: 5
                          max-concurrent: 6
                          queue-tokens: 7
                          timeout: 8s
                          shutdown-timeout: 9ms
                          cors: ["*"]
                          access-log: false
                          keys:
                          - {name: k, key-env: K, filter: [a=1], max-documents: 3, max-concurrent: 4}
                          - {name: l, key-file: /l, write: true}
                        opensearch:
                          address: https://search.example.com:9200
                          index: handbook
                          user: reader
                          password-env: P
                          api-key-file: /k
                          search: hybrid
                          fields:
                            {id: key, document: doc, title: name, text: body, vector: embedding, metadata: [category]}
                        elasticsearch:
                          address: http://localhost:9200
                          index: papers
                          api-key-env: K
                        postgres:
                          url: jdbc:postgresql://localhost/docs
                          user: reader
                          password-file: /p
                          table: passages
                          search: vector
                        """));
    }

    @Test
    void whatIsPrintedReadsBackAsTheSame() {
        assertEquals(Config.DEFAULTS, ConfigFile.parse(ConfigFile.text(Config.DEFAULTS)));
        Config other = ConfigFile.parse("search: {timeout: 1500ms, depth: 70}\nreranker: {max-input: 3B}");
        assertEquals(other, ConfigFile.parse(ConfigFile.text(other)));
    }

    @Test
    void anInfiniteMarginIsPrintedAsItIsRead() {
        Config all = ConfigFile.parse("reranker: {mix: {margin: Infinity}}");
        assertEquals(Double.POSITIVE_INFINITY, all.reranker().mix().margin());
        assertEquals(all, ConfigFile.parse(ConfigFile.text(all)));
    }

    @Test
    void theDefaultsArePrintedAsPeopleWriteThem() {
        assertEquals("""
                search:
                  limit: 10
                  depth: null
                  min-probability: null
                  unit: passage
                  timeout: 30s
                  retriever: hybrid
                  fusion:
                    type: standardized
                    k: 60
                    weights:
                    - 1.0
                    - 1.0
                index:
                  language: auto
                  encoder: built-in
                  chunk:
                    size: null
                    overlap: null
                    by: structure
                reranker:
                  model: built-in
                  cascade: []
                  mix:
                    type: standardized
                    weights:
                    - 0.6
                    - 1.0
                    - 1.0
                    neighbours: 0.2
                    margin: 0.5
                  max-input: 64MiB
                context:
                  tokens: 2000
                  order: best
                  near-duplicate: 0.9
                server:
                  host: 127.0.0.1
                  port: 8080
                  indexes: []
                  max-body: 32MiB
                  max-documents: 10000
                  max-concurrent: 256
                  queue-tokens: 65536
                  timeout: 30s
                  shutdown-timeout: 10s
                  cors: []
                  access-log: true
                  keys: []
                providers: {}
                """, ConfigFile.text(Config.DEFAULTS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "search: {limt: 5}|unknown key search.limt; did you mean limit? "
                    + "known are depth, fusion, limit, min-probability, retriever, timeout, unit",
            "serch: {limit: 5}|unknown key serch; did you mean search? known are context, elasticsearch, index, opensearch, postgres, providers, reranker, search, server",
            "search: {maxInput: 1}|unknown key search.maxInput; known are depth, fusion, limit, min-probability, retriever, timeout, unit",
            "search: {limit: 0}|search: limit must be >= 1, got 0",
            "search: {limit: 20, depth: 10}|search: depth must be >= limit (20), got 10",
            "search: {min-probability: 1.5}|search: min-probability must be within 0 to 1, got 1.5",
            "search: {min-probability: NaN}|search: min-probability must be within 0 to 1, got NaN",
            "search: {minProbability: 1}|unknown key search.minProbability; did you mean min-probability? "
                    + "known are depth, fusion, limit, min-probability, retriever, timeout, unit",
            "reranker: {mix: {weights: [1, 2]}}|reranker.mix: weights must be three numbers, of the model, of bm25 and of "
                    + "vector, got 2",
            "reranker: {mix: {weights: [1, -2, 1]}}|reranker.mix: weights must be finite and >= 0, got -2.0",
            "reranker: {mix: {weights: [1, NaN, 1]}}|reranker.mix: weights must be finite and >= 0, got NaN",
            "reranker: {mix: {weights: [1, null, 1]}}|reranker.mix: weights must be three numbers, of the model, of bm25 "
                    + "and of vector, got nothing for one of them",
            "reranker: {mix: {neighbours: 1.5}}|reranker.mix: neighbours must be within 0 to 1, got 1.5",
            "reranker: {mix: {margin: NaN}}|reranker.mix: margin must be a number, got NaN",
            "reranker: {mix: {type: weighted}}|reranker.mix.type must be one of none, standardized, got weighted",
            "search: {fusion: {k: 0}}|search.fusion: k must be >= 1, got 0",
            "search: {fusion: {type: weighted, weights: []}}|search.fusion: weights must be two numbers, of bm25 and of vector, got 0",
            "search: {fusion: {type: weighted, weights: [1, -1]}}|search.fusion: weights must be finite and >= 0, got -1.0",
            "search: {unit: chapter}|search.unit must be one of passage, document, got chapter",
            "search: {timeout: 200}|search.timeout: must be a number with one of the units ms, s, m, h, "
                    + "such as 200ms, got \"200\"",
            "reranker: {max-input: 64MB}|reranker.max-input: must be a number with one of the units "
                    + "B, KiB, MiB, GiB, such as 64MiB, got \"64MB\"",
            "index: {chunk: {size: 4}}|index.chunk: size must be >= 16, got 4",
            "index: {chunk: {size: 100, overlap: 51}}|index.chunk: overlap must be >= 0 and at most half the size, got 51",
            "reranker: {cascade: [{model: built-in, depth: 9}]}|reranker: cascade must have two models or more, got one: "
                    + "that is a model",
            "reranker: {cascade: [{model: built-in, depth: 9}, {depth: 5}]}|reranker: cascade must have a model in each "
                    + "place: built-in, a folder or a model's name, got nothing",
            "reranker: {cascade: [{model: built-in, depth: 9}, {model: none, depth: 5}]}|reranker: cascade must have a "
                    + "model in each place: built-in, a folder or a model's name, got none",
            "reranker: {cascade: [{model: a, depth: 9}, {model: a, depth: 5}]}|reranker: cascade must have different "
                    + "models, got a twice",
            "reranker: {cascade: [{model: a, depth: 9}, {model: b}]}|reranker: cascade must have depths >= 1 that do not "
                    + "grow, got 9, 0",
            "reranker: {cascade: [{model: a, depth: 9}, {model: b, depth: 10}]}|reranker: cascade must have depths >= 1 "
                    + "that do not grow, got 9, 10",
            "reranker: {cascade: [{modl: a, depth: 9}]}|unknown key reranker.cascade.0.modl; did you mean model? known "
                    + "are depth, model",
            "reranker: {model: ' '}|reranker: model must be built-in, none, a folder or a model's name, got nothing",
            "index: {encoder: ''}|index: encoder must be built-in, a folder or a model's name, got nothing",
            "index: {encodr: x}|unknown key index.encodr; did you mean encoder? known are chunk, encoder, language",
            "server: {prot: 80}|unknown key server.prot; did you mean port? known are access-log, cors, host, indexes, keys, "
                    + "max-body, max-concurrent, max-documents, port, queue-tokens, shutdown-timeout, timeout",
            "server: {port: 70000}|server: port must be within 0 to 65535, got 70000",
            "server: {host: ''}|server: host must be an address or a name, got nothing",
            "server: {max-documents: 0}|server: max-documents must be >= 1, got 0",
            "server: {max-concurrent: 0}|server: max-concurrent must be >= 1, got 0",
            "server: {queue-tokens: 0}|server: queue-tokens must be >= 1, got 0",
            "server: {max-body: 32}|server.max-body: must be a number with one of the units B, KiB, MiB, GiB, such as "
                    + "64MiB, got \"32\"",
            "server: {timeout: 30}|server.timeout: must be a number with one of the units ms, s, m, h, such as 200ms, "
                    + "got \"30\"",
            "- 1|must be a mapping of sections such as \"search:\", got array",
            "search|must be a mapping of sections such as \"search:\", got string"})
    void aMistakeIsOneSentenceThatNamesTheKey(String yaml, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> ConfigFile.parse(yaml)).getMessage());
    }

    @Test
    void aCascadeSaysHowManyCandidatesThereAre() {
        Config config = ConfigFile.parse(
                "reranker: {cascade: [{model: built-in, depth: 200}, {model: BAAI/bge-reranker-base, depth: 20}]}");
        assertEquals(List.of("built-in", "BAAI/bge-reranker-base"), config.reranker().models());
        assertEquals(200, config.depth());
        assertEquals(100, ConfigFile.parse("search: {depth: 100}\nreranker: {cascade: [{model: a, depth: 200}, "
                + "{model: b, depth: 20}]}").depth());
        assertEquals(config, ConfigFile.parse(ConfigFile.text(config)));
        assertEquals(List.of("none-of-these"), config.reranker().withModel("none-of-these").models());
        assertEquals(50, config.with(config.reranker().withModel("built-in")).depth());
    }

    @ParameterizedTest
    @ValueSource(strings = {"search: {limit: ten}", "search: {limit: 1.5}", "search: [1]", "search: {limit: [1]}",
            "search: {fusion: rrf}", "reranker: {model: {a: 1}}"})
    void aValueOfTheWrongKindNamesTheKey(String yaml) {
        String message = assertThrows(IllegalArgumentException.class, () -> ConfigFile.parse(yaml)).getMessage();
        assertTrue(message.matches("(search|reranker)[a-z.]* has a value of the wrong kind: .+"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"search: {limit: 5", "search:\n\t limit: 5", "search: {limit: 1, limit: 2}", "a: b: c"})
    void whatIsNotYamlSaysWhere(String yaml) {
        String message = assertThrows(IllegalArgumentException.class, () -> ConfigFile.parse(yaml)).getMessage();
        assertTrue(message.startsWith("not YAML at line "), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void theNameOfTheFileStandsInTheMessage(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("r.yaml"), "search: {limt: 5}");
        String message = assertThrows(UsageException.class, () -> ConfigFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": unknown key search.limt"), message);
        String missing = assertThrows(UsageException.class, () -> ConfigFile.read(folder.resolve("no.yaml")))
                .getMessage();
        assertTrue(missing.contains("no.yaml cannot be read"), missing);
    }

    @Test
    void aLargeLimitDeepensTheSearchUnlessADepthIsSaid() {
        assertEquals(50, Config.DEFAULTS.depth());
        assertEquals(80, ConfigFile.parse("search: {limit: 80}").depth());
        assertEquals(90, ConfigFile.parse("search: {limit: 80, depth: 90}").depth());
    }
}
