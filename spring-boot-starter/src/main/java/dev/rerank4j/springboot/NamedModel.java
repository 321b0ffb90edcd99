package dev.rerank4j.springboot;

import dev.rerank4j.RerankException;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.PullOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model as a property names it: the built-in one, a folder, or a name of a hub. A folder that is there wins over a
 * name.
 *
 * @param property without {@code rerank4j.}
 * @param name as it is set
 * @param what it must be, for people
 */
record NamedModel(String property, @Nullable String name, String what) {

    private static final String BUILT_IN = "built-in";

    /**
     * The model, downloaded if it is a hub's and not in the cache.
     *
     * @param builtIn makes the one that comes with the starter
     * @param ofFolder loads one from a folder
     * @param ofHub loads one whose files are there
     * @param hub is asked for only if it is needed
     * @param acceptLicence whether a licence that forbids commercial use is accepted
     */
    <T> T load(Supplier<T> builtIn, Function<Path, T> ofFolder, Function<HubModel, T> ofHub, Supplier<ModelHub> hub,
            boolean acceptLicence) {
        if (name == null || name.equals(BUILT_IN)) {
            return builtIn.get();
        }
        Path folder = Rerank4jProperties.path(property, name);
        boolean named = ModelId.isId(name) && !Files.isDirectory(folder);
        try {
            return named
                    ? ofHub.apply(pull(ModelId.of(name), hub.get(), acceptLicence))
                    : ofFolder.apply(folder);
        } catch (RerankException e) {
            throw Rerank4jProperties.invalid(property, name, "It must be built-in, the folder of " + what
                    + " in ONNX format, or its name: " + e.getMessage() + ".", e);
        }
    }

    private static HubModel pull(ModelId id, ModelHub hub, boolean acceptLicence) {
        return hub.get(id, new PullOptions(Optional.empty(), acceptLicence), new LoggedDownload(id));
    }
}
