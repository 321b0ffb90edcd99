package dev.rerank4j.springboot;

import dev.rerank4j.Encoder;
import dev.rerank4j.Scorer;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications that have the starter on their class path and nothing else. */
final class Contexts {

    private Contexts() {
    }

    /** With all that the starter registers, in its order. */
    static ApplicationContextRunner withStarter() {
        Class<?>[] all = ImportCandidates.load(AutoConfiguration.class, Contexts.class.getClassLoader()).getCandidates()
                .stream().filter(name -> name.startsWith("dev.rerank4j.")).map(Contexts::load).toArray(Class<?>[]::new);
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(all));
    }

    /** The same with small models, for what does not depend on the real ones. */
    static ApplicationContextRunner withWords() {
        return withStarter().withBean("words", Scorer.class, WordScorer::new)
                .withBean("wordEncoder", Encoder.class, () -> new WordEncoder(16));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Contexts.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("the file of imports names a class that is not there", e);
        }
    }
}
