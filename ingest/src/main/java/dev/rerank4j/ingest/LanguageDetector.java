package dev.rerank4j.ingest;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * Tells the language of a text, by Apache OpenNLP's model of character sequences: about ninety languages, known by their
 * two-letter codes of ISO 639-1 such as {@code en} or {@code zh}. It answers only where the likeliest language is a
 * third likelier than the next, so that of a few words it often says nothing; a sentence or two are enough. Only the
 * first {@value #READ} characters are read, which takes less than a millisecond.
 *
 * <p>The model (ten megabytes) is read when the first text comes, once for all detectors. Safe for use by several
 * threads.
 */
public final class LanguageDetector {

    /** The metadata field of passages that holds their language. */
    public static final String FIELD = "language";

    /** More changes no answer and costs time. */
    private static final int READ = 400;

    /** Of 3,700 passages and 1,700 queries in four languages, one in a thousand is then named wrongly. */
    private static final double TIMES_LIKELIER = 1.3;

    /** The same where few languages are possible. */
    private static final double TIMES_LIKELIER_OF_FEW = 1.1;

    private static final String MODEL = "/langdetect-183.bin";

    /** Dead or made up: what the model sees in lists of names and numbers. */
    private static final Set<String> UNLIKELY = Set.of("la", "vo");

    /** The model's three-letter codes of single languages, which ISO 639-1 knows as a group of them. */
    private static final Map<String, String> GROUPED = Map.of("cmn", "zh", "ekk", "et", "lvs", "lv", "nno", "no", "nob",
            "no", "pes", "fa", "plt", "mg");

    /** Three letters to two. */
    private static final Map<String, String> CODES = codes();

    /** A detector like all others. Nothing is read before the first text comes. */
    public LanguageDetector() {
    }

    /**
     * The language of a text.
     *
     * @param text may be empty
     * @return a two-letter code; empty if the text does not tell, or is in a language without one
     */
    public Optional<String> detect(String text) {
        return likeliest(text, code -> true, TIMES_LIKELIER);
    }

    /**
     * The language of a text of which is known that it is in one of some languages: an answer that is possible for
     * shorter texts.
     *
     * @param text may be empty
     * @param candidates two-letter codes; those that the model does not know are left out
     * @return one of the candidates; empty if the text does not tell, or fewer than two are known
     */
    public Optional<String> detect(String text, Set<String> candidates) {
        return likeliest(text, Set.copyOf(candidates)::contains, TIMES_LIKELIER_OF_FEW);
    }

    private static Optional<String> likeliest(String text, Predicate<String> candidate, double times) {
        Objects.requireNonNull(text, "text");
        String read = text.length() > READ ? text.substring(0, READ) : text;
        if (read.codePoints().noneMatch(Character::isLetter)) {
            return Optional.empty();
        }
        Map<String, Double> likelihoods = new HashMap<>();
        for (Language language : Model.LOADED.predictLanguages(read)) {
            String code = CODES.get(language.getLang());
            if (code != null && candidate.test(code)) {
                likelihoods.merge(code, language.getConfidence(), Math::max);
            }
        }
        List<Map.Entry<String, Double>> best = likelihoods.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed()).limit(2).toList();
        return best.size() == 2 && best.getFirst().getValue() >= times * best.getLast().getValue()
                ? Optional.of(best.getFirst().getKey())
                : Optional.empty();
    }

    private static Map<String, String> codes() {
        Map<String, String> codes = Stream.of(Locale.getISOLanguages()).filter(code -> !UNLIKELY.contains(code))
                .map(Locale::of).collect(toUnmodifiableMap(Locale::getISO3Language, Locale::getLanguage,
                        (one, same) -> one));
        Map<String, String> all = new HashMap<>(codes);
        all.putAll(GROUPED);
        return Map.copyOf(all);
    }

    /** Loaded at its first use. */
    private static final class Model {

        static final LanguageDetectorME LOADED = load();

        private static LanguageDetectorME load() {
            try (InputStream model = LanguageDetectorModel.class.getResourceAsStream(MODEL)) {
                if (model == null) {
                    throw new IllegalStateException(
                            "the model of languages is not on the class path: add opennlp-models-langdetect");
                }
                return new LanguageDetectorME(new LanguageDetectorModel(model));
            } catch (IOException e) {
                throw new UncheckedIOException("the model of languages on the class path cannot be read", e);
            }
        }
    }
}
