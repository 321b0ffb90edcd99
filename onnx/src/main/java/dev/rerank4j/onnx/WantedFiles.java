package dev.rerank4j.onnx;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of a repository's files a model here is made of. PyTorch's weights, which are as large as the ONNX file, are not
 * among them, except those of small layers that the ONNX file leaves out.
 */
final class WantedFiles {

    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String MODULES = "modules.json";

    /** In the root, and in the folder of the transformer where it has one. */
    private static final Set<String> DESCRIPTIONS = Set.of(CONFIG, TOKENIZER, "tokenizer_config.json",
            "special_tokens_map.json", "sentence_bert_config.json", "sentence_roberta_config.json",
            "sentence_distilbert_config.json", "sentence_camembert_config.json", "sentence_albert_config.json",
            "sentence_xlm-roberta_config.json", "sentence_xlnet_config.json");
    private static final Set<String> ROOT = Set.of(MODULES, "config_sentence_transformers.json", "golden.json",
            "calibration.json");

    private WantedFiles() {
    }

    /** What lies in the root, large files aside: {@code modules.json} among it says what else is wanted. */
    static List<String> root(Collection<String> all) {
        return all.stream().filter(path -> DESCRIPTIONS.contains(path) || ROOT.contains(path)).sorted().toList();
    }

    /**
     * What sentence-transformers' modules are made of.
     *
     * @param modules {@code modules.json}
     */
    static List<String> modules(Collection<String> all, Path modules) throws IOException {
        Set<String> wanted = new TreeSet<>();
        for (Module module : read(modules)) {
            String folder = module.path() + "/";
            for (String path : all) {
                String name = path.startsWith(folder) ? path.substring(folder.length()) : "";
                if (module.transformer() ? DESCRIPTIONS.contains(name) : name.equals(CONFIG) || weights(name)) {
                    wanted.add(path);
                }
            }
        }
        return List.copyOf(wanted);
    }

    private static boolean weights(String name) {
        return name.equals("model.safetensors");
    }

    private record Module(String path, boolean transformer) {
    }

    /** Those with a folder of their own. A file that is none of sentence-transformers' has no modules. */
    private static List<Module> read(Path modules) throws IOException {
        List<Module> read = new ArrayList<>();
        try {
            for (JsonElement element : JsonParser.parseString(Files.readString(modules)).getAsJsonArray()) {
                JsonObject module = element.getAsJsonObject();
                String path = module.get("path").getAsString().replaceFirst("/+$", "");
                String type = module.get("type").getAsString();
                if (!path.isEmpty()) {
                    read.add(new Module(path, type.substring(type.lastIndexOf('.') + 1).equals("Transformer")));
                }
            }
        } catch (JsonParseException | IllegalStateException | ClassCastException | NullPointerException
                | UnsupportedOperationException e) {
            return List.of(); // who loads the model says so
        }
        return read;
    }

    /**
     * The files that hold an ONNX file's weights where it does not itself.
     *
     * @param file path of the ONNX file in the repository
     * @param content where it lies here
     */
    static List<String> weights(String file, Path content) {
        String folder = file.substring(0, file.lastIndexOf('/') + 1);
        try (InputStream in = Files.newInputStream(content)) {
            return OnnxGraph.read(in).externalData().stream().map(name -> folder + name).toList();
        } catch (IOException e) {
            return List.of(); // who loads the model says that it is none
        }
    }
}
