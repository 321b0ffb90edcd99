package dev.rerank4j.bench;

import dev.rerank4j.bench.Bm25Setting.Fields;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Run;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.Tokens;
import dev.rerank4j.onnx.OnnxEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;

/**
 * BM25 itself: words, k1, b and fields, by document, with leave-one-collection-out. Arguments: {@code --passages} to
 * index passages as the product cuts them and count a document where its best one stands, {@code --unseen} before
 * collections that are measured but never chosen on, and collections of BEIR's layout, {@code DIR} or
 * {@code DIR:LANGUAGE}.
 */
final class Bm25Study {

    /** The model's window that the product cuts for. */
    private static final int WINDOW = 512;

    private static final int THREADS = 2;
    private static final String OWN = "own";
    private static final String MEAN = "mean of those chosen on";
    private static final Pattern BLANK_AND_WORD = Pattern.compile("\\S+");
    private static final List<String> WORDS = EnglishWords.everything().stream().map(Object::toString).toList();

    private final List<JudgedTexts> collections;
    private final List<String> chosenOn;
    private final List<String> english;
    private final LeaveOneOut means = new LeaveOneOut(new ConcurrentHashMap<>());

    private Bm25Study(List<JudgedTexts> collections, List<String> unseen) {
        this.collections = collections;
        english = collections.stream().filter(JudgedTexts::isEnglish).map(JudgedTexts::name).toList();
        chosenOn = english.stream().filter(name -> !unseen.contains(name)).toList();
    }

    public static void main(String[] args) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(args));
        boolean passages = arguments.remove("--passages");
        List<JudgedTexts> collections = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        boolean seen = true;
        try (OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            Chunker chunker = passages
                    ? Chunker.forWindow(encoder::tokenStarts, WINDOW)
                    : Chunker.tokens(words(), 1_000_000_000, 0);
            for (String argument : arguments) {
                if (argument.equals("--unseen")) {
                    seen = false;
                } else {
                    String[] parts = argument.split(":", 2);
                    JudgedTexts texts = JudgedTexts.read(Path.of(parts[0]).toAbsolutePath(),
                            parts.length > 1 ? parts[1] : "en", chunker);
                    collections.add(texts);
                    if (!seen) {
                        unseen.add(texts.name());
                    }
                    System.out.printf("%s (%s): %d documents, %d passages, %d queries%n", texts.name(),
                            texts.language(), texts.documents(), texts.passages().size(), texts.queries().size());
                }
            }
        }
        Bm25Study study = new Bm25Study(collections, unseen);
        study.measure();
        study.print();
    }

    static Tokens words() {
        return text -> BLANK_AND_WORD.matcher(text).results().mapToInt(word -> word.start()).toArray();
    }

    private void measure() throws InterruptedException, ExecutionException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (JudgedTexts texts : collections) {
            for (String words : texts.isEnglish() ? WORDS : List.of(OWN)) {
                tasks.add(() -> measure(texts, words));
            }
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        }
    }

    private Void measure(JudgedTexts texts, String words) throws IOException {
        try (Bm25Memory index = index(texts, words)) {
            boolean titles = texts.hasTitles();
            for (Bm25Setting setting : settings(words)) {
                Bm25Setting same = titles ? setting : new Bm25Setting(words, Fields.ONE, setting.k1(), setting.b());
                double[] figures = means.means().computeIfAbsent(same, key -> new ConcurrentHashMap<>())
                        .get(texts.name());
                means.means().computeIfAbsent(setting, key -> new ConcurrentHashMap<>()).put(texts.name(),
                        figures != null ? figures : index.measure(same));
            }
        }
        System.err.println(texts.name() + ", " + words);
        return null;
    }

    /** Not all combinations: they would be thousands, chosen on a few collections. */
    private static List<Bm25Setting> settings(String words) {
        if (words.equals(Bm25Setting.LUCENE.words())) {
            return Bm25Setting.of(words, Fields.ALL);
        }
        return words.equals(Bm25Setting.FEWER.words()) || words.equals(OWN)
                ? Bm25Setting.of(words, List.of(Fields.ONE))
                : List.of(new Bm25Setting(words, Fields.ONE, Bm25Setting.LUCENE.k1(), Bm25Setting.LUCENE.b()));
    }

    private static Bm25Memory index(JudgedTexts texts, String words) throws IOException {
        if (texts.isEnglish()) {
            return Bm25Memory.english(texts, words);
        }
        Analyzer analyzer = switch (texts.language()) {
            case "de" -> new GermanAnalyzer();
            case "es" -> new SpanishAnalyzer();
            case "zh" -> new SmartChineseAnalyzer();
            default -> throw new IllegalArgumentException("language must be one of en, de, es, zh, got "
                    + texts.language());
        };
        return new Bm25Memory(texts, analyzer, query -> EnglishWords.terms(analyzer, query));
    }

    private void print() throws IOException {
        Bm25Setting lucene = Bm25Setting.LUCENE;
        heading("Settings of others, and the product's: ndcg@10");
        header("setting", english, MEAN);
        row("Lucene's: " + lucene, lucene);
        row("Anserini's flat: k1 0.9, b 0.4", Bm25Setting.ANSERINI_FLAT);
        row("Anserini's multifield: text + title", Bm25Setting.ANSERINI_MULTIFIELD);
        row("the product's: " + Bm25Setting.FEWER, Bm25Setting.FEWER);

        heading("Words, with Lucene's k1 and b and one field: ndcg@10");
        header("words", english, MEAN);
        WORDS.forEach(words -> row(words, new Bm25Setting(words, Fields.ONE, lucene.k1(), lucene.b())));

        for (String words : List.of(lucene.words(), Bm25Setting.FEWER.words())) {
            grid(words, chosenOn, 0);
            grid(words, chosenOn, 2);
        }

        heading("Fields, with Lucene's words, k1 and b: ndcg@10");
        header("fields", english, MEAN);
        Fields.ALL.forEach(fields -> row(fields.toString(),
                new Bm25Setting(lucene.words(), fields, lucene.k1(), lucene.b())));

        chosen("words", lucene, WORDS.stream()
                .map(words -> new Bm25Setting(words, Fields.ONE, lucene.k1(), lucene.b())).toList());
        chosen("k1 and b", lucene, Bm25Setting.of(lucene.words(), List.of(Fields.ONE)));
        chosen("k1 and b, the product's words", Bm25Setting.FEWER,
                Bm25Setting.of(Bm25Setting.FEWER.words(), List.of(Fields.ONE)));
        chosen("fields", lucene, Fields.ALL.stream()
                .map(fields -> new Bm25Setting(lucene.words(), fields, lucene.k1(), lucene.b())).toList());
        chosen("k1, b and fields", lucene, Bm25Setting.of(lucene.words(), Fields.ALL));

        for (int metric = 1; metric < Bm25Memory.METRICS.size(); metric++) {
            int which = metric;
            heading(Bm25Memory.METRICS.get(metric).name());
            header("setting", english, MEAN);
            for (Bm25Setting setting : List.of(lucene, Bm25Setting.FEWER)) {
                cells(setting.toString(), DoubleStream.concat(
                        english.stream().mapToDouble(name -> means.of(setting, name, which)),
                        DoubleStream.of(means.of(setting, chosenOn, which))));
            }
        }
        // where nobody chose: other languages, with their own analysis
        collections.stream().filter(each -> !each.isEnglish())
                .forEach(each -> grid(OWN, List.of(each.name()), 0));
    }

    private void grid(String words, List<String> names, int metric) {
        heading("k1 and b, one field, words " + words + ": " + Bm25Memory.METRICS.get(metric).name() + ", "
                + (names.size() == 1 ? names.getFirst() : MEAN));
        header("k1 \\ b", floats(Bm25Setting.B).toList(), "");
        for (float k1 : Bm25Setting.K1) {
            cells(Float.toString(k1), floats(Bm25Setting.B).mapToDouble(
                    b -> means.of(new Bm25Setting(words, Fields.ONE, k1, Float.parseFloat(b)), names, metric)));
        }
    }

    private void chosen(String what, Bm25Setting before, List<Bm25Setting> settings) throws IOException {
        heading("Chosen leave-one-collection-out: " + what + " (" + settings.size() + " settings), ndcg@10");
        System.out.println("| collection | " + before + " | chosen on the others | difference | p | the best here "
                + "| what was chosen |");
        System.out.println("|---".repeat(7) + "|");
        double sum = 0;
        for (JudgedTexts texts : collections.stream().filter(JudgedTexts::isEnglish).toList()) {
            String name = texts.name();
            Bm25Setting left = means.bestWithout(name, settings, chosenOn);
            double difference = means.of(left, name, 0) - means.of(before, name, 0);
            sum += chosenOn.contains(name) ? difference : 0;
            System.out.printf(Locale.ROOT, "| %s | %.4f | %.4f | %+.4f | %.3f | %.4f | %s |%n",
                    chosenOn.contains(name) ? name : name + " (unseen)", means.of(before, name, 0),
                    means.of(left, name, 0), difference, p(texts, before, left),
                    means.of(means.best(settings, List.of(name)), name, 0), left);
        }
        Bm25Setting best = means.best(settings, chosenOn);
        double mean = means.of(before, chosenOn, 0);
        System.out.printf(Locale.ROOT, "| mean | %.4f | %.4f | %+.4f | | %.4f, one for all | %s |%n", mean,
                mean + sum / chosenOn.size(), sum / chosenOn.size(), means.of(best, chosenOn, 0), best);
    }

    /** Of the paired randomization test, by query. */
    private double p(JudgedTexts texts, Bm25Setting before, Bm25Setting after) throws IOException {
        if (before.equals(after)) {
            return 1;
        }
        Evaluation evaluation = Evaluation.of(texts.qrels(),
                List.of(run("before", texts, before), run("after", texts, after)), Bm25Memory.METRICS.subList(0, 1), 1);
        return evaluation.compare(List.of(new Evaluation.Pair("before", "after"))).getFirst().p();
    }

    private static Run run(String name, JudgedTexts texts, Bm25Setting setting) throws IOException {
        Run.Builder run = new Run.Builder(name);
        try (Bm25Memory index = index(texts, setting.words())) {
            int number = 0;
            for (String query : texts.queries().keySet()) {
                List<String> documents = index.search(number++, setting);
                double[] scores = new double[documents.size()];
                Arrays.setAll(scores, rank -> -rank);
                run.add(query, documents, scores);
            }
        }
        return run.build();
    }

    private static Stream<String> floats(float[] values) {
        List<String> texts = new ArrayList<>();
        for (float value : values) {
            texts.add(Float.toString(value));
        }
        return texts.stream();
    }

    private void row(String name, Bm25Setting setting) {
        cells(name, DoubleStream.concat(english.stream().mapToDouble(each -> means.of(setting, each, 0)),
                DoubleStream.of(means.of(setting, chosenOn, 0))));
    }

    private static void heading(String text) {
        System.out.printf("%n### %s%n%n", text);
    }

    private static void header(String first, List<String> columns, String last) {
        List<String> all = new ArrayList<>(columns);
        if (!last.isEmpty()) {
            all.add(last);
        }
        System.out.println("| " + first + " | " + String.join(" | ", all) + " |");
        System.out.println("|---".repeat(all.size() + 1) + "|");
    }

    private static void cells(String name, DoubleStream values) {
        StringBuilder line = new StringBuilder("| " + name + " |");
        values.forEach(value -> line.append(String.format(Locale.ROOT, " %.4f |", value)));
        System.out.println(line);
    }
}
