package dev.rerank4j.cli;

import dev.rerank4j.Passage;
import dev.rerank4j.eval.KnownItems;
import dev.rerank4j.eval.LanguageModel;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Documents that nobody judged, and queries made from them.
 *
 * @param wanted how many queries
 * @param model asks the questions, if there is one
 * @param folder where they are written, if anywhere
 */
record EvalGenerated(List<Path> roots, int wanted, long seed, Optional<LanguageModel> model, Optional<Path> folder)
        implements
            EvalSource {

    @Override
    public String name() {
        return EvalSource.names(roots);
    }

    @Override
    public EvalData read(LuceneIndex index, BooleanSupplier stop) {
        IntConsumer made = count -> {
            if (stop.getAsBoolean()) {
                throw new EvalScorer.Stopped();
            }
        };
        Iterable<Passage> passages = () -> index.marks().keySet().stream().sorted()
                .flatMap(file -> index.documents(file).keySet().stream().sorted())
                .flatMap(document -> index.passages(document).stream()).iterator();
        KnownItems items = model.isPresent()
                ? KnownItems.generate(passages, wanted, seed, model.get(), made)
                : KnownItems.generate(passages, wanted, seed, made);
        folder.ifPresent(items::write);
        return EvalData.of(name(), items.queries(), items.qrels(), Integer.MAX_VALUE, "", true, items.notes());
    }
}
