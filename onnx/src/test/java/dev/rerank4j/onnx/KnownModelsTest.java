package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownModelsTest {

    /** Whether commercial use is allowed: whoever adds a licence to the list has to decide that here. */
    private static final Map<String, Boolean> COMMERCIAL = Map.of("apache-2.0", true, "mit", true, "cc-by-nc-4.0",
            false);

    /** What {@code config.json} may say: whoever adds an architecture has to see that it is spelt as there. */
    private static final Set<String> ARCHITECTURES = Set.of("bert", "xlm-roberta", "modernbert", "deberta-v2",
            "nomic_bert", "new");

    private static final Set<String> ISO_639_1 = Set.of(Locale.getISOLanguages());

    private static final String BGE_EN = "Represent this sentence for searching relevant passages: ";

    static Stream<KnownModel> all() {
        return KnownModel.all().stream();
    }

    @Test
    void theyAreSortedAndEachIsThereOnce() {
        List<String> repositories = all().map(KnownModel::repository).toList();
        assertEquals(repositories.stream().sorted(String.CASE_INSENSITIVE_ORDER).toList(), repositories);
        assertEquals(repositories.size(), new HashSet<>(repositories.stream().map(r -> r.toLowerCase(Locale.ROOT))
                .toList()).size());
        assertTrue(repositories.size() >= 45, "only " + repositories.size() + " models were read");
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsSaidOfOneIsWhole(KnownModel model) {
        assertEquals(model.repository(), ModelId.of(model.repository()).repository());
        model.architecture().ifPresent(name -> assertTrue(ARCHITECTURES.contains(name), name));
        model.maxLength().ifPresent(tokens -> assertTrue(tokens >= 128 && tokens <= 8192, "tokens: " + tokens));
        assertTrue(ISO_639_1.containsAll(model.languages()), model.languages().toString());
        assertEquals(model.note().strip(), model.note());
        if (model.kind() == ModelKind.ENCODER) {
            assertEquals(Optional.empty(), model.activation(), "vectors have no activation");
        } else {
            assertEquals(Optional.empty(), model.queryPrefix(), "a pair is put together by the tokenizer");
            assertEquals(Optional.empty(), model.textPrefix(), "a pair is put together by the tokenizer");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theLicenceSaysWhetherCommercialUseIsAllowed(KnownModel model) {
        assertTrue(COMMERCIAL.containsKey(model.licence()), model.licence());
        assertEquals(COMMERCIAL.get(model.licence()), model.commercial());
    }

    @ParameterizedTest
    @MethodSource("all")
    void theFirstSourceIsTheCardAndAllAreSafeAddresses(KnownModel model) {
        assertEquals("https://huggingface.co/" + model.repository(), model.source().getFirst());
        model.source().forEach(address -> {
            assertEquals("https", URI.create(address).getScheme(), address);
            assertTrue(List.of("huggingface.co", "github.com", "sbert.net", "www.mixedbread.com")
                    .contains(URI.create(address).getHost()), address);
        });
        assertEquals(model.source().size(), new HashSet<>(model.source()).size());
    }

    /** A prefix is glued to the text: without its last space the first word would be another one. */
    @ParameterizedTest
    @MethodSource("all")
    void aPrefixEndsWithASpaceOrAChineseColon(KnownModel model) {
        Stream.of(model.queryPrefix(), model.textPrefix()).flatMap(Optional::stream).filter(p -> !p.isEmpty())
                .forEach(prefix -> assertTrue(prefix.endsWith(": ") || prefix.endsWith("："), "'" + prefix + "'"));
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {"intfloat/e5-small-v2,'query: ','passage: '",
            "intfloat/multilingual-e5-large,'query: ','passage: '",
            "nomic-ai/nomic-embed-text-v1.5,'search_query: ','search_document: '",
            "nomic-ai/modernbert-embed-base,'search_query: ','search_document: '",
            "BAAI/bge-small-en-v1.5,'" + BGE_EN + "',''", "BAAI/bge-large-zh-v1.5,'为这个句子生成表示以用于检索相关文章：',''",
            "mixedbread-ai/mxbai-embed-large-v1,'" + BGE_EN + "',''",
            "Snowflake/snowflake-arctic-embed-m,'" + BGE_EN + "',''", "BAAI/bge-m3,'',''",
            "Alibaba-NLP/gte-modernbert-base,'',''", "sentence-transformers/all-MiniLM-L6-v2,'',''"})
    void thePrefixesOfTheCards(String repository, String query, String text) {
        KnownModel model = KnownModel.find(repository).orElseThrow();
        assertEquals(Optional.of(query), model.queryPrefix());
        assertEquals(Optional.of(text), model.textPrefix());
    }

    @Test
    void whatMayNotBeUsedCommerciallyIsFlagged() {
        assertEquals(List.of("jinaai/jina-reranker-v2-base-multilingual"), all().filter(model -> !model.commercial())
                .map(KnownModel::repository).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAAI/bge-reranker-base", "BAAI/bge-reranker-large", "BAAI/bge-reranker-v2-m3",
            "cross-encoder/ms-marco-MiniLM-L2-v2", "cross-encoder/ms-marco-MiniLM-L4-v2",
            "cross-encoder/ms-marco-MiniLM-L6-v2", "cross-encoder/ms-marco-MiniLM-L12-v2",
            "cross-encoder/ettin-reranker-17m-v1", "cross-encoder/ettin-reranker-1b-v1",
            "jinaai/jina-reranker-v1-tiny-en", "jinaai/jina-reranker-v1-turbo-en",
            "jinaai/jina-reranker-v2-base-multilingual", "mixedbread-ai/mxbai-rerank-xsmall-v1",
            "mixedbread-ai/mxbai-rerank-base-v1", "Alibaba-NLP/gte-multilingual-reranker-base",
            "Alibaba-NLP/gte-reranker-modernbert-base"})
    void theRerankersThatWerePromised(String repository) {
        assertEquals(ModelKind.RERANKER, KnownModel.find(repository).orElseThrow().kind());
    }

    /** What the configuration of sentence-transformers says: ms-marco and ettin give logits, BGE and GTE probabilities. */
    @ParameterizedTest
    @CsvSource({"cross-encoder/ms-marco-MiniLM-L6-v2, NONE", "cross-encoder/ettin-reranker-32m-v1, NONE",
            "BAAI/bge-reranker-v2-m3, SIGMOID", "Alibaba-NLP/gte-reranker-modernbert-base, SIGMOID"})
    void whatALogitMeans(String repository, ModelSpec.Activation activation) {
        assertEquals(Optional.of(activation), KnownModel.find(repository).orElseThrow().activation());
    }

    @Test
    void findingIgnoresCaseAndKnowsWhatItDoesNotKnow() {
        assertEquals("BAAI/bge-m3", KnownModel.find("baai/BGE-M3").orElseThrow().repository());
        assertFalse(KnownModel.find("somebody/else").isPresent());
        assertFalse(KnownModel.find("").isPresent());
    }

    private static final String LEAST = "'repository': 'a/b', 'kind': 'encoder', 'licence': 'mit', 'commercial': true";

    private static List<KnownModel> read(String keys) {
        return KnownModelReader.read("[{" + keys.replace('\'', '"') + "}]");
    }

    @Test
    void whatIsNotSaidIsEmpty() {
        assertEquals(List.of(new KnownModel("a/b", ModelKind.ENCODER, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), OptionalInt.empty(), "mit", true, Set.of(), List.of(), "")),
                read(LEAST));
    }

    @ParameterizedTest
    @ValueSource(strings = {LEAST + ", 'querryPrefix': 'q'", "'repository': 'a/b', 'kind': 'encoder', 'licence': 'mit'",
            "'repository': 'a/b', 'kind': 'encoder', 'commercial': true",
            "'repository': 'a/b', 'licence': 'mit', 'commercial': true", LEAST + ", 'activation': 'tanh'",
            LEAST + ", 'maxLength': 'long'", LEAST + ", 'languages': 'en'",
            "'repository': 'a/b', 'kind': 'encoder', 'licence': 'mit', 'commercial': 'false'",
            "'repository': 'a/b', 'kind': 'oracle', 'licence': 'mit', 'commercial': true"})
    void aMistakeInTheListStopsTheReading(String keys) {
        assertThrows(IllegalStateException.class, () -> read(keys));
    }
}
