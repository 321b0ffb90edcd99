package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the files that Hugging Face and sentence-transformers write. */
class ModelFolderTest {

    private static final String MODULES = """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}%s]""";
    private static final String POOLING = """
            , {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            // max_position_embeddings, model_max_length, expected
            "bert|0|512|512|512", "bert|0|512|1000000000000000019884624838656|512", "bert|0|512|128|128",
            "bert|0|512||512", "roberta|1|514|512|512", "roberta|1|514||512", "xlm-roberta|1|8194||8192",
            "camembert|1|514|1000000000000000019884624838656|512", "mpnet|1|514||512", "bert|0|-1|300|300",
            "modernbert|50283|8192|8192|8192"})
    void theLongestInputIsWhatBothAllow(String type, int pad, int positions, String limit, int expected)
            throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"model_type\": \"" + type + "\", \"pad_token_id\": " + pad
                + ", \"max_position_embeddings\": " + positions + "}");
        if (limit != null) {
            ModelFolders.write(folder, "tokenizer_config.json", "{\"model_max_length\": " + limit + "}");
        }
        ModelSpec spec = reranker();
        assertEquals(expected, spec.maxLength());
        assertEquals(pad, spec.input().padId());
    }

    @Test
    void positionsOfTheRobertaFamilyBeginAfterThePaddingsId() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", """
                {"model_type": "xlm-roberta", "max_position_embeddings": 66}""");
        assertEquals(new TokenInput(1, 2, false, true), reranker().input());
        assertEquals(64, reranker().maxLength());
    }

    @Test
    void aLengthThatNothingSaysIsNotGuessed() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"model_type\": \"t5\"}");
        assertRefused(this::reranker, RerankException.Kind.MODEL, "says how many tokens");
    }

    @Test
    void sentenceTransformersOwnLengthGoesBeforeTheTokenizers() throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json", MODULES.formatted(""));
        ModelFolders.write(folder, "tokenizer_config.json", "{\"model_max_length\": 32}");
        ModelFolders.write(folder, "sentence_bert_config.json", "{\"max_seq_length\": 48, \"do_lower_case\": true}");
        assertEquals(48, encoder().maxLength());
        assertTrue(encoder().input().lowerCase());
        ModelFolders.write(folder, "sentence_bert_config.json", "{\"max_seq_length\": 4096}");
        assertEquals(64, encoder().maxLength(), "there are no more positions");
        ModelFolders.write(folder, "sentence_bert_config.json", "{\"max_seq_length\": null}");
        assertEquals(32, encoder().maxLength());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'\"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.linear.Identity\"}'|NONE",
            "'\"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.activation.Sigmoid\"}'|SIGMOID",
            "'\"sentence_transformers\": {\"version\": \"4.1\"}'|SIGMOID",
            "'\"sbert_ce_default_activation_function\": \"torch.nn.modules.linear.Identity\"'|NONE",
            "'\"sbert_ce_default_activation_function\": null'|SIGMOID",
            "'\"sbert_ce_default_activation_function\": \"mine.Doubled\"'|SIGMOID",
            "'\"sbert_ce_default_activation_function\": \"torch.nn.modules.activation.Tanh\"'|NONE"})
    void theActivationIsRead(String entry, ModelSpec.Activation expected) throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"max_position_embeddings\": 64, " + entry + "}");
        assertEquals(expected, reranker().activation());
    }

    @Test
    void aCrossEncoderOfModulesSaysItsActivationAndPromptItself() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "modules.json", MODULES.formatted(""));
        ModelFolders.write(folder, "config_sentence_transformers.json", """
                {"model_type": "CrossEncoder", "activation_fn": "torch.nn.modules.linear.Identity",
                 "prompts": {"rank": "Rank: "}, "default_prompt_name": "rank"}""");
        assertEquals(ModelSpec.Activation.NONE, reranker().activation());
        assertEquals("Rank: ", reranker().queryInstruction());
        assertEquals(Optional.empty(), reranker().head(), "its file gives the logit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"0\": \"entailment\", \"1\": \"not_entailment\"}",
            "{\"0\": \"CONTRADICTION\", \"1\": \"ENTAILMENT\"}",
            "{\"0\": \"contradiction\", \"1\": \"entailment\", \"2\": \"neutral\"}"})
    void aModelOfInferenceIsNoReranker(String labels) throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"max_position_embeddings\": 64, \"id2label\": " + labels + "}");
        assertRefused(this::reranker, RerankException.Kind.MODEL, "one text follows from another");
    }

    @Test
    void threeClassesAreRefusedAndTwoAreNot() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", """
                {"max_position_embeddings": 64, "id2label": {"0": "bad", "1": "fair", "2": "good"}}""");
        assertRefused(this::reranker, RerankException.Kind.MODEL, "has 3 classes");
        ModelFolders.write(folder, "config.json", """
                {"max_position_embeddings": 64, "id2label": {"0": "LABEL_0", "1": "LABEL_1"}}""");
        assertEquals(ModelSpec.Activation.SIGMOID, reranker().activation());
    }

    @Test
    void anEncoderIsNoRerankerAndTheOtherWayRound() throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json", MODULES.formatted(POOLING));
        ModelFolders.write(folder, "1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}");
        assertRefused(this::reranker, RerankException.Kind.MODEL, "is a sentence encoder");
        ModelFolders.write(folder, "config_sentence_transformers.json", "{\"model_type\": \"CrossEncoder\"}");
        assertRefused(this::encoder, RerankException.Kind.MODEL, "is a cross-encoder");
        ModelFolders.write(folder, "config_sentence_transformers.json", "{\"model_type\": \"SparseEncoder\"}");
        assertRefused(this::encoder, RerankException.Kind.MODEL, "is a SparseEncoder");
        assertRefused(this::reranker, RerankException.Kind.MODEL, "is a SparseEncoder");
        Files.delete(folder.resolve("modules.json"));
        Files.delete(folder.resolve("1_Pooling/config.json"));
        ModelFolders.write(folder, "config.json", """
                {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 64}""");
        assertRefused(this::encoder, RerankException.Kind.MODEL, "is a cross-encoder");
    }

    @Test
    void whatIsMissingIsNamedWithWhatToDo() throws IOException {
        assertRefused(this::reranker, RerankException.Kind.UNAVAILABLE, "training/export.py");
        ModelFolders.reranker(folder);
        Files.delete(folder.resolve("tokenizer.json"));
        assertRefused(this::reranker, RerankException.Kind.UNAVAILABLE, "there is no tokenizer.json");
        assertRefused(this::encoder, RerankException.Kind.UNAVAILABLE, "there is no tokenizer.json");
    }

    @Test
    void halfPrecisionAloneIsNotTaken() throws IOException {
        ModelFolders.reranker(folder);
        Files.move(folder.resolve("onnx/model.onnx"), folder.resolve("onnx/model_fp16.onnx"));
        assertRefused(this::reranker, RerankException.Kind.UNAVAILABLE, "onnx/model_fp16.onnx (half precision)");
    }

    @Test
    void theFloatFileStandsInForInt8() throws IOException {
        ModelFolders.reranker(folder);
        Files.copy(folder.resolve("onnx/model.onnx"), folder.resolve("onnx/model_int8.onnx"));
        boolean fast = Processor.here().int8().isPresent();
        assertEquals(fast ? List.of("onnx/model_int8.onnx", "onnx/model.onnx") : List.of("onnx/model.onnx"),
                reranker().modelFiles());
    }

    @Test
    void knownScoresBelongToTheFilesThatTheyNameWhereverThoseLie() throws IOException {
        ModelFolders.reranker(folder);
        Files.copy(folder.resolve("onnx/model.onnx"), folder.resolve("onnx/model_int8.onnx"));
        ModelFolders.write(folder, "golden.json",
                """
                        {"max_length": 60, "files": {"onnx/model.onnx": {"sha256": "a"}, "onnx/model_int8.onnx": {"sha256": "b"}},
                         "pairs": [{"query": "q", "text": "t", "tokens": 5, "first_ids": [2], "logit": 1.5, "logit_int8": 1.25}]}
                        """);
        ModelSpec spec = reranker();
        assertEquals(List.of("onnx/model_int8.onnx", "onnx/model.onnx"), spec.modelFiles());
        assertEquals(Map.of("onnx/model.onnx", 1.5f, "onnx/model_int8.onnx", 1.25f),
                spec.golden().getFirst().logits());
        assertEquals(60, spec.maxLength());
        assertEquals("b", spec.sha256().get("onnx/model_int8.onnx"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}|CLS",
            "{\"pooling_mode_mean_tokens\": true, \"pooling_mode_cls_token\": true}|CLS MEAN",
            "{\"pooling_mode_max_tokens\": true}|MAX", "{\"pooling_mode_mean_sqrt_len_tokens\": true}|MEAN_SQRT_LENGTH",
            "{\"pooling_mode_weightedmean_tokens\": true}|WEIGHTED_MEAN", "{\"pooling_mode_lasttoken\": true}|LAST",
            "{\"pooling_mode\": \"lasttoken\"}|LAST", "{\"pooling_mode\": [\"mean\", \"cls\"]}|MEAN CLS",
            "{\"pooling_mode\": \"mean_sqrt_len_tokens\", \"pooling_mode_cls_token\": true}|MEAN_SQRT_LENGTH",
            "{\"word_embedding_dimension\": 3}|MEAN"})
    void thePoolingIsReadAsItWasWrittenBeforeAndIsNow(String config, String expected) throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json", MODULES.formatted(POOLING));
        ModelFolders.write(folder, "1_Pooling/config.json", config);
        List<Pooling> pooling = List.of(expected.split(" ")).stream().map(Pooling::valueOf).toList();
        assertEquals(pooling, encoder().head().pooling());
        Files.delete(folder.resolve("modules.json"));
        assertEquals(pooling, encoder().head().pooling(), "a pooling by itself");
    }

    @Test
    void withoutModulesTheMeanIsTaken() throws IOException {
        ModelFolders.encoder(folder);
        assertEquals(Head.of(Pooling.MEAN), encoder().head());
    }

    @Test
    void modulesAreReadInOrder() throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json", MODULES.formatted(POOLING + """
                , {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}
                , {"path": "3_LayerNorm", "type": "sentence_transformers.models.LayerNorm"}
                , {"path": "4_Dropout", "type": "sentence_transformers.models.Dropout"}
                , {"path": "5_Normalize", "type": "sentence_transformers.models.Normalize"}"""));
        ModelFolders.write(folder, "1_Pooling/config.json", """
                {"pooling_mode": "cls", "include_prompt": false}""");
        ModelFolders.write(folder, "config_sentence_transformers.json", "{\"truncate_dim\": 2}");
        assertEquals(new Head(List.of(Pooling.CLS), false, List.of(new Head.Layer(Head.Kind.DENSE, "2_Dense/"),
                new Head.Layer(Head.Kind.LAYER_NORM, "3_LayerNorm/"),
                new Head.Layer(Head.Kind.NORMALIZE, "5_Normalize/")), OptionalInt.of(2)), encoder().head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WordEmbeddings", "Router", "LogitScore", "mine.Whiten"})
    void aModuleThatCannotBeComputedIsRefused(String type) throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json",
                MODULES.formatted(", {\"path\": \"1\", \"type\": \"" + type + "\"}"));
        assertRefused(this::encoder, RerankException.Kind.MODEL, "has a module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc", "/etc", "a/../../b", "..\\\\x", "C:x"})
    void aModuleOutsideTheFolderIsRefused(String path) throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json",
                MODULES.formatted(", {\"path\": \"" + path + "\", \"type\": \"Pooling\"}"));
        assertRefused(this::encoder, RerankException.Kind.MODEL, "within the model's folder");
    }

    @Test
    void promptsAreReadByTheirNames() throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.write(folder, "modules.json", MODULES.formatted(""));
        prompts("""
                {"query": "query: ", "passage": "passage: ", "document": ""}""");
        assertEquals("query: ", encoder().queryInstruction());
        assertEquals("passage: ", encoder().textInstruction());
        prompts("""
                {"query": "", "document": "d: ", "passage": "p: "}""");
        assertEquals("", encoder().queryInstruction());
        assertEquals("d: ", encoder().textInstruction());
        prompts("{\"corpus\": \"c: \", \"retrieval\": \"r: \"}");
        assertEquals("c: ", encoder().textInstruction());
    }

    private void prompts(String prompts) throws IOException {
        ModelFolders.write(folder, "config_sentence_transformers.json",
                "{\"prompts\": " + prompts + ", \"default_prompt_name\": null}");
    }

    @Test
    void theListFillsWhatTheFilesDoNotSay() throws IOException {
        ModelFolders.encoder(folder);
        KnownModel known = known(ModelKind.ENCODER, "query: ", "passage: ");
        EncoderSpec filled = folder(known).encoder();
        assertEquals("query: ", filled.queryInstruction());
        assertEquals("passage: ", filled.textInstruction());
        assertEquals(Set.of("en"), filled.languages());
        ModelFolders.write(folder, "modules.json", MODULES.formatted(""));
        prompts("{\"query\": \"mine: \", \"document\": \"\"}");
        assertEquals("mine: ", folder(known).encoder().queryInstruction());
        assertEquals("passage: ", folder(known).encoder().textInstruction());
    }

    @Test
    void otherPrefixesOfTheListAreAnotherName() throws IOException {
        ModelFolders.encoder(folder);
        String one = folder(known(ModelKind.ENCODER, "query: ", "passage: ")).encoder().name();
        String two = folder(known(ModelKind.ENCODER, "query: ", "text: ")).encoder().name();
        assertEquals("m@1/onnx/model", folder(known(ModelKind.ENCODER, "", "")).encoder().name());
        assertTrue(one.startsWith("m@1/onnx/model/prefix-"), one);
        assertNotEquals(one, two);
    }

    @Test
    void theListSaysWhatAModelIsFor() throws IOException {
        ModelFolders.encoder(folder);
        assertRefused(() -> folder(known(ModelKind.ENCODER, "", "")).reranker(), RerankException.Kind.MODEL,
                "is a sentence encoder");
        assertRefused(() -> folder(known(ModelKind.RERANKER, "", "")).encoder(), RerankException.Kind.MODEL,
                "is a cross-encoder");
    }

    @Test
    void theListFillsLengthAndActivationOfAReranker() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"id2label\": {\"0\": \"LABEL_0\"}}");
        ModelSpec spec = folder(known(ModelKind.RERANKER, "", "")).reranker();
        assertEquals(77, spec.maxLength());
        assertEquals(ModelSpec.Activation.NONE, spec.activation());
    }

    private static KnownModel known(ModelKind kind, String query, String text) {
        return new KnownModel("owner/name", kind, Optional.of("bert"), Optional.of(query), Optional.of(text),
                Optional.of(ModelSpec.Activation.NONE), OptionalInt.of(77), "mit", true, Set.of("en"),
                List.of("https://example.org"), "");
    }

    private ModelFolder folder(KnownModel known) {
        return new ModelFolder("m@1", ModelFiles.folder(folder), Optional.of("onnx/model.onnx"), Optional.of(known));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"config.json|{\"max_position_embeddings\": \"many\"}",
            "config.json|{\"max_position_embeddings\": [1]}", "config.json|[]", "config.json|{\"id2label\": 3}",
            "config.json|{\"id2label\": {\"x\": \"y\"}}", "config.json|{\"architectures\": [{}]}",
            "tokenizer_config.json|{\"model_max_length\": \"long\"}", "tokenizer_config.json|nothing {",
            "modules.json|{}", "modules.json|[]", "modules.json|[3]", "modules.json|[{\"type\": 1}]"})
    void whatIsNotAsItShouldBeIsRefusedAndTheFileNamed(String file, String text) throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, file, text);
        assertRefused(this::reranker, RerankException.Kind.MODEL, file);
    }

    @Test
    void aConfigurationOfAnySizeTakesNoMemory() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", " ".repeat((16 << 20) + 1));
        assertRefused(this::reranker, RerankException.Kind.MODEL, "must have at most");
        ModelFolders.write(folder, "config.json", "[".repeat(1 << 20));
        assertRefused(this::reranker, RerankException.Kind.MODEL, "config.json");
    }

    private ModelSpec reranker() {
        return ModelSpec.read("m", ModelFiles.folder(folder));
    }

    private EncoderSpec encoder() {
        return EncoderSpec.read("m", ModelFiles.folder(folder));
    }

    private static void assertRefused(Executable work, RerankException.Kind kind, String words) {
        RerankException e = assertThrows(RerankException.class, work);
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(kind, e.kind(), e.getMessage());
    }
}
