package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelDescription;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.ModelKind;
import dev.rerank4j.onnx.ModelSpec;
import dev.rerank4j.onnx.Pooling;
import dev.rerank4j.onnx.PullOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of a model by its name: from its files, if they are in the cache, and from the list of known models.
 *
 * @param cached its files; empty if not all of them are there
 * @param byFile whether they have another ONNX file than the one that suits this processor, which must be named
 * @param described what they say; empty if they are not there, or cannot be used
 * @param problem why they cannot be used; empty if nothing is wrong
 * @param known what the list says
 */
record ModelFacts(ModelId id, Optional<HubModel> cached, boolean byFile, Optional<ModelDescription> described,
        Optional<String> problem, Optional<KnownModel> known) {

    /**
     * Of a model that may be in the cache.
     *
     * @param repository what the cache has of it
     */
    static ModelFacts of(ModelId id, Optional<CachedRepository> repository, ModelHub hub) {
        Optional<KnownModel> known = KnownModel.find(id.repository());
        try {
            Optional<HubModel> usual = hub.cached(id, PullOptions.DEFAULT);
            // Somebody may have taken another file than the one that suits this processor.
            Optional<HubModel> found = usual.or(() -> files(id, repository).stream()
                    .filter(file -> file.endsWith(".onnx")).flatMap(file -> hub.cached(id, named(file)).stream())
                    .findFirst());
            return found.map(model -> of(model, usual.isEmpty()))
                    .orElse(new ModelFacts(id, Optional.empty(), false, Optional.empty(), Optional.empty(), known));
        } catch (RerankException e) {
            return new ModelFacts(id, Optional.empty(), false, Optional.empty(),
                    Optional.of(String.valueOf(e.getMessage())), known);
        }
    }

    /**
     * Of a model that is there.
     *
     * @param byFile whether its file must be named
     */
    static ModelFacts of(HubModel model, boolean byFile) {
        Optional<KnownModel> known = KnownModel.find(model.id().repository());
        try {
            return new ModelFacts(model.id(), Optional.of(model), byFile, Optional.of(ModelDescription.of(model)),
                    Optional.empty(), known);
        } catch (RerankException e) {
            return new ModelFacts(model.id(), Optional.of(model), byFile, Optional.empty(),
                    Optional.of(String.valueOf(e.getMessage())), known);
        }
    }

    /** Of what the cache has of a repository, at the branch that is usual or else at what is there. */
    static ModelFacts of(CachedRepository repository, ModelHub hub) {
        List<CachedRepository.Revision> revisions = repository.revisions();
        boolean usual = revisions.isEmpty()
                || revisions.stream().anyMatch(revision -> revision.names().contains(ModelId.MAIN));
        return of(new ModelId(repository.repository(), usual ? ModelId.MAIN : revisions.getFirst().commit()),
                Optional.of(repository), hub);
    }

    private static PullOptions named(String file) {
        return new PullOptions(Optional.of(file), false);
    }

    /** Files of the revision that are in the cache. */
    static List<String> files(ModelId id, Optional<CachedRepository> repository) {
        return repository.map(CachedRepository::revisions).orElse(List.of()).stream()
                .filter(one -> one.commit().equals(id.revision()) || one.names().contains(id.revision()))
                .findFirst().map(CachedRepository.Revision::files).orElse(List.of());
    }

    Optional<ModelKind> kind() {
        return described.map(ModelDescription::kind).or(() -> known.map(KnownModel::kind));
    }

    Optional<String> architecture() {
        return described.flatMap(ModelDescription::architecture).or(() -> known.flatMap(KnownModel::architecture));
    }

    OptionalInt maxLength() {
        return described.isPresent()
                ? OptionalInt.of(described.get().maxLength())
                : known.map(KnownModel::maxLength).orElse(OptionalInt.empty());
    }

    Optional<ModelSpec.Activation> activation() {
        return described.isPresent()
                ? described.get().activation()
                : known.flatMap(KnownModel::activation);
    }

    List<String> pooling() {
        return described.map(ModelDescription::pooling).orElse(List.of()).stream()
                .map(Pooling::name).map(ModelFacts::words).toList();
    }

    Optional<String> queryPrefix() {
        return described.map(ModelDescription::queryPrefix).or(() -> known.flatMap(KnownModel::queryPrefix));
    }

    Optional<String> textPrefix() {
        return described.map(ModelDescription::textPrefix).or(() -> known.flatMap(KnownModel::textPrefix));
    }

    Set<String> languages() {
        return new TreeSet<>(described.map(ModelDescription::languages).filter(found -> !found.isEmpty())
                .or(() -> known.map(KnownModel::languages)).orElse(Set.of()));
    }

    /** As the list has it; the hub alone knows that of other models. */
    Optional<String> licence() {
        return known.map(KnownModel::licence);
    }

    /** Bytes of the ONNX file. */
    static long size(HubModel model) {
        try {
            return Files.size(model.folder().resolve(model.modelFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How it is used. */
    Optional<String> command() {
        String name = new ModelName.Hub(id, cached.filter(model -> byFile).map(HubModel::modelFile)).toString();
        return kind().map(kind -> switch (kind) {
            case RERANKER -> "rerank search --docs PATH --reranker " + name + " \"query\"";
            case ENCODER -> "rerank search --docs PATH --encoder " + name + " \"query\"";
        });
    }

    /** For people; empty if it is not known. */
    String purpose() {
        return kind().map(kind -> switch (kind) {
            case RERANKER -> "reranking";
            case ENCODER -> "vectors";
        }).orElse("");
    }

    /** For people: {@code French (fr) and German (de)}. */
    String languagesInWords() {
        return languages().isEmpty() ? "not said: texts in any are taken" : TextLanguages.names(languages());
    }

    /** For people. */
    String licenceInWords() {
        return known.map(model -> model.licence() + (model.commercial() ? "" : ", not for commercial use"))
                .orElse("not known here: its card at the hub tells");
    }

    /** As JSON and people have it. */
    static String words(Enum<?> constant) {
        return words(constant.name());
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String joined(List<String> texts) {
        return texts.stream().collect(Collectors.joining(", "));
    }
}
