package dev.rerank4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CombinedFieldQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * One way of ranking by BM25.
 *
 * @param words how text becomes terms: {@link EnglishWords}, or the analysis of the collection's language
 */
record Bm25Setting(String words, Fields fields, float k1, float b) {

    static final float[] K1 = {0.6f, 0.9f, 1.2f, 1.5f, 1.8f, 2.0f};
    static final float[] B = {0.2f, 0.4f, 0.6f, 0.75f, 0.9f};

    static final String FLAT = "flat";
    static final String TITLE = "title";
    static final String TEXT = "text";

    /** Lucene's defaults, and the product's before this was measured. */
    static final Bm25Setting LUCENE = new Bm25Setting(EnglishWords.LUCENE.toString(), Fields.ONE, 1.2f, 0.75f);

    /** The product's. */
    static final Bm25Setting FEWER = new Bm25Setting(EnglishWords.FEWER.toString(), Fields.ONE, 1.2f, 0.75f);

    /** Anserini's, for its "flat" figures. */
    static final Bm25Setting ANSERINI_FLAT = new Bm25Setting(EnglishWords.LUCENE.toString(), Fields.ONE, 0.9f, 0.4f);

    /** Anserini's, for its "multifield" figures. */
    static final Bm25Setting ANSERINI_MULTIFIELD = new Bm25Setting(EnglishWords.LUCENE.toString(),
            new Fields(Fields.Kind.SUM, 1), 0.9f, 0.4f);

    /** All combinations for one kind of words. */
    static List<Bm25Setting> of(String words, List<Fields> fields) {
        List<Bm25Setting> all = new ArrayList<>();
        for (Fields each : fields) {
            for (float k1 : K1) {
                for (float b : B) {
                    all.add(new Bm25Setting(words, each, k1, b));
                }
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return words + "; " + fields + "; k1 " + k1 + ", b " + b;
    }

    /** The fields that are searched, and the weight of the title. */
    record Fields(Kind kind, float title) {

        /** How fields come together. */
        enum Kind {
            /** Title and text are one field. */
            FLAT,
            /** Each word's BM25 scores in title and text are added: Anserini's multifield. */
            SUM,
            /** BM25F: frequencies and lengths are added, then scored once. */
            COMBINED
        }

        static final Fields ONE = new Fields(Kind.FLAT, 1);

        static final List<Fields> ALL = List.of(ONE, new Fields(Kind.SUM, 0), new Fields(Kind.SUM, 0.5f),
                new Fields(Kind.SUM, 1), new Fields(Kind.SUM, 2), new Fields(Kind.SUM, 3),
                new Fields(Kind.COMBINED, 1), new Fields(Kind.COMBINED, 2), new Fields(Kind.COMBINED, 3));

        Query query(String word, int count) {
            Query query = switch (kind) {
                case FLAT -> new TermQuery(new Term(FLAT, word));
                case SUM -> title == 0
                        ? new TermQuery(new Term(TEXT, word))
                        : new BooleanQuery.Builder().add(new TermQuery(new Term(TEXT, word)), Occur.SHOULD)
                                .add(new BoostQuery(new TermQuery(new Term(TITLE, word)), title), Occur.SHOULD)
                                .build();
                case COMBINED -> new CombinedFieldQuery.Builder(word).addField(TEXT).addField(TITLE, title).build();
            };
            return count == 1 ? query : new BoostQuery(query, count);
        }

        @Override
        public String toString() {
            return switch (kind) {
                case FLAT -> "one field";
                case SUM -> String.format(Locale.ROOT, "text + %.1f title", title);
                case COMBINED -> String.format(Locale.ROOT, "bm25f, title %.0f", title);
            };
        }
    }
}
