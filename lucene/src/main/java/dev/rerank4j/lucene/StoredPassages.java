package dev.rerank4j.lucene;

import dev.rerank4j.Passage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Reads passages back. */
final class StoredPassages {

    private static final Set<String> FIELDS = Set.of(Layout.STORED_PASSAGE);

    private StoredPassages() {
    }

    /** The passage of a Lucene document. */
    static Passage read(StoredFields stored, int doc) throws IOException {
        BytesRef bytes = stored.document(doc, FIELDS).getBinaryValue(Layout.STORED_PASSAGE);
        if (bytes == null) {
            throw new CorruptIndexException("there is no stored passage", "passage");
        }
        return PassageCodec.decode(bytes);
    }

    /** The passages of a document, in the order they were added: those of a block stay together and in order. */
    static List<Passage> of(String documentId, IndexSearcher searcher) throws IOException {
        List<Passage> passages = new ArrayList<>();
        StoredFields stored = searcher.storedFields();
        forEachLive(new TermQuery(Layout.documentKey(documentId)), searcher,
                (leaf, doc) -> passages.add(read(stored, leaf.docBase + doc)));
        return List.copyOf(passages);
    }

    /** The first passages of the documents after one, by the order of their terms. */
    static List<Passage> firsts(String after, int limit, IndexSearcher searcher) throws IOException {
        List<Passage> firsts = new ArrayList<>();
        Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), Layout.documentKey("").field());
        if (terms == null) {
            return firsts;
        }
        Bits live = MultiBits.getLiveDocs(searcher.getIndexReader());
        StoredFields stored = searcher.storedFields();
        TermsEnum documents = terms.iterator();
        BytesRef document = after.isEmpty() ? documents.next() : following(documents, Layout.documentKey(after));
        for (; document != null && firsts.size() < limit; document = documents.next()) {
            int first = firstLive(documents.postings(null, PostingsEnum.NONE), live);
            if (first >= 0) {
                firsts.add(read(stored, first));
            }
        }
        return List.copyOf(firsts);
    }

    private static @Nullable BytesRef following(TermsEnum terms, Term term) throws IOException {
        return switch (terms.seekCeil(term.bytes())) {
            case FOUND -> terms.next();
            case NOT_FOUND -> terms.term();
            case END -> null;
        };
    }

    /** Of each document with a passage of this file, its id and fingerprint. */
    static Map<String, String> fingerprints(String file, IndexSearcher searcher) throws IOException {
        Map<String, String> fingerprints = new HashMap<>();
        forEachLive(Layout.documentsOf(file), searcher, (leaf, doc) -> fingerprints.put(
                binary(Layout.DOCUMENT_NAME, leaf, doc), binary(Layout.FINGERPRINT, leaf, doc)));
        return Map.copyOf(fingerprints);
    }

    /** The metadata fields that passages have; Lucene itself still knows those of deleted ones. */
    static Set<String> fields(IndexSearcher searcher) throws IOException {
        SortedSet<String> fields = new TreeSet<>();
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            Terms terms = leaf.reader().terms(Layout.FIELD_NAMES);
            if (terms != null) {
                TermsEnum names = terms.iterator();
                for (BytesRef name = names.next(); name != null; name = names.next()) {
                    if (firstLive(names.postings(null, PostingsEnum.NONE), leaf) >= 0) {
                        fields.add(name.utf8ToString());
                    }
                }
            }
        }
        return Collections.unmodifiableSortedSet(fields);
    }

    /** Of the passages that a query finds, how many have each text of a metadata field. */
    static SortedMap<String, Integer> counts(String field, Query query, IndexSearcher searcher) throws IOException {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            Terms terms = leaf.reader().terms(Layout.terms(field));
            if (terms != null) {
                TermsEnum texts = terms.iterator();
                for (BytesRef text = texts.next(); text != null; text = texts.next()) {
                    Layout.text(text).ifPresent(value -> counts.put(value, 0));
                }
            }
        }
        for (Map.Entry<String, Integer> text : counts.entrySet()) {
            Query having = new TermQuery(new Term(Layout.terms(field), Layout.exact(text.getKey())));
            text.setValue(searcher.count(both(having, query)));
        }
        counts.values().removeIf(count -> count == 0);
        return Collections.unmodifiableSortedMap(counts);
    }

    /** How many passages a query finds. */
    static int count(Query query, IndexSearcher searcher) throws IOException {
        return searcher.count(both(Layout.PASSAGES, query));
    }

    private static Query both(Query one, Query other) {
        return new BooleanQuery.Builder().add(one, BooleanClause.Occur.FILTER).add(other, BooleanClause.Occur.FILTER)
                .build();
    }

    /** The id of the document that has a passage of this id. */
    static Optional<String> documentOf(String passageId, IndexSearcher searcher) throws IOException {
        Term key = Layout.passageKey(passageId);
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            PostingsEnum postings = leaf.reader().postings(key, PostingsEnum.NONE);
            int doc = postings == null ? -1 : firstLive(postings, leaf);
            if (doc >= 0) {
                return Optional.of(binary(Layout.DOCUMENT_NAME, leaf, doc));
            }
        }
        return Optional.empty();
    }

    /** Visits what a query finds, in the order in which it lies in the index. */
    static void forEachLive(Query query, IndexSearcher searcher, Visitor visitor) throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            Scorer scorer = weight.scorer(leaf);
            Bits live = leaf.reader().getLiveDocs();
            if (scorer != null) {
                DocIdSetIterator docs = scorer.iterator();
                while (docs.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
                    if (live == null || live.get(docs.docID())) {
                        visitor.visit(leaf, docs.docID());
                    }
                }
            }
        }
    }

    private static int firstLive(PostingsEnum postings, LeafReaderContext leaf) throws IOException {
        return firstLive(postings, leaf.reader().getLiveDocs());
    }

    private static int firstLive(PostingsEnum postings, @Nullable Bits live) throws IOException {
        while (postings.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
            if (live == null || live.get(postings.docID())) {
                return postings.docID();
            }
        }
        return -1;
    }

    private static String binary(String field, LeafReaderContext leaf, int doc) throws IOException {
        BinaryDocValues values = leaf.reader().getBinaryDocValues(field);
        if (values == null || !values.advanceExact(doc)) {
            throw new CorruptIndexException("there is no " + field, field);
        }
        return values.binaryValue().utf8ToString();
    }

    /** Called with a document's number within its segment. */
    interface Visitor {
        void visit(LeafReaderContext leaf, int doc) throws IOException;
    }
}
