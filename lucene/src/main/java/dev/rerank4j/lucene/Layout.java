package dev.rerank4j.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * How passages and marks lie in Lucene's fields. One Lucene document is one passage or one mark; the passages of a
 * document are a block, whose first one also stands for the document as a whole.
 *
 * <p>Each kind of metadata value has its own Lucene field or its own first byte, so that kinds never meet: texts and
 * flags are terms of {@code t:NAME}, numbers points of {@code n:NAME}, moments points of {@code m:NAME}. A text of more
 * than {@value #LONGEST_TERM} bytes, which Lucene could not hold as a term, is represented by its SHA-256.
 */
final class Layout {

    /** Written into each commit; raised whenever what is below, {@link PassageCodec} or an analysis changes. */
    static final int FORMAT = 1;

    static final String CONTENT = "content";
    static final String VECTOR = "vector";
    static final String STORED_PASSAGE = "passage";
    static final String DOCUMENT_NAME = "document-name";
    static final String FINGERPRINT = "fingerprint";
    static final String STORED_MARK_KEY = "mark-key";
    static final String STORED_MARK = "mark-value";
    static final String FIELD_NAMES = "metadata";

    /** The longest metadata field name, in characters. */
    static final int LONGEST_NAME = 1_000;

    /** The longest text that is a term itself, in bytes of UTF-8; Lucene allows 32,766. */
    static final int LONGEST_TERM = 4_096;

    static final byte WHOLE = 'T';
    static final byte HASHED = 'H';
    private static final byte FLAG = 'F';

    private static final String KIND = "kind";
    private static final String PASSAGE_KEY = "passage-key";
    private static final String DOCUMENT_KEY = "document-key";
    private static final String MARK_KEY = "mark";
    private static final String FILE = "file";

    /** Finds all passages. */
    static final Query PASSAGES = new TermQuery(new Term(KIND, "passage"));

    /** Finds the first passage of each document. */
    static final Query DOCUMENTS = new TermQuery(new Term(KIND, "document"));

    /** Finds all marks. */
    static final Query MARKS = new TermQuery(new Term(KIND, "mark"));

    private static final FieldType CONTENT_TYPE = contentType();

    private Layout() {
    }

    /** A document as a block: its passages with their encoded form and vectors. */
    static List<Document> block(List<Passage> passages, List<byte[]> encoded, List<float[]> vectors) {
        List<Document> block = new ArrayList<>(passages.size());
        for (int i = 0; i < passages.size(); i++) {
            block.add(passage(passages.get(i), encoded.get(i), vectors.get(i)));
        }
        Document first = block.getFirst();
        first.add(new StringField(KIND, "document", Field.Store.NO));
        first.add(new BinaryDocValuesField(FINGERPRINT, new BytesRef(Hash.of(encoded))));
        Set<String> files = new HashSet<>();
        passages.stream().map(Passage::location).map(Location::file).filter(files::add)
                .forEach(file -> first.add(new StringField(FILE, exact(file), Field.Store.NO)));
        return block;
    }

    static Document mark(String key, String mark) {
        Document document = new Document();
        document.add(new StringField(KIND, "mark", Field.Store.NO));
        document.add(new StringField(MARK_KEY, exact(key), Field.Store.NO));
        document.add(new StoredField(STORED_MARK_KEY, key));
        document.add(new StoredField(STORED_MARK, mark));
        return document;
    }

    static Term passageKey(String id) {
        return new Term(PASSAGE_KEY, exact(id));
    }

    static Term documentKey(String documentId) {
        return new Term(DOCUMENT_KEY, exact(documentId));
    }

    static Term markKey(String key) {
        return new Term(MARK_KEY, exact(key));
    }

    /** Finds the first passage of each document that has a passage of this file. */
    static Query documentsOf(String file) {
        return new TermQuery(new Term(FILE, exact(WellFormed.of(file))));
    }

    static String terms(String field) {
        return "t:" + field;
    }

    static String numbers(String field) {
        return "n:" + field;
    }

    static String moments(String field) {
        return "m:" + field;
    }

    static BytesRef flag(boolean value) {
        return new BytesRef(new byte[]{FLAG, (byte) (value ? 1 : 0)});
    }

    /** A term for exactly this text, whatever its length and characters. */
    static BytesRef exact(String text) {
        if (text.length() <= LONGEST_TERM && WellFormed.is(text)) {
            byte[] utf8 = text.getBytes(UTF_8);
            if (utf8.length <= LONGEST_TERM) {
                return tagged(WHOLE, utf8);
            }
        }
        return tagged(HASHED, Hash.of(text));
    }

    /** The text that a term stands for; empty if it is a flag or too long a text. */
    static Optional<String> text(BytesRef term) {
        return term.length > 0 && term.bytes[term.offset] == WHOLE
                ? Optional.of(new String(term.bytes, term.offset + 1, term.length - 1, UTF_8))
                : Optional.empty();
    }

    private static BytesRef tagged(byte tag, byte[] bytes) {
        byte[] term = new byte[bytes.length + 1];
        term[0] = tag;
        System.arraycopy(bytes, 0, term, 1, bytes.length);
        return new BytesRef(term);
    }

    private static Document passage(Passage passage, byte[] encoded, float[] vector) {
        Document document = new Document();
        document.add(new StringField(KIND, "passage", Field.Store.NO));
        document.add(new StringField(PASSAGE_KEY, exact(passage.id()), Field.Store.NO));
        document.add(new StringField(DOCUMENT_KEY, exact(passage.documentId()), Field.Store.NO));
        document.add(new BinaryDocValuesField(DOCUMENT_NAME, new BytesRef(passage.documentId())));
        document.add(new Field(CONTENT, passage.content(), CONTENT_TYPE));
        document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StoredField(STORED_PASSAGE, encoded));
        passage.metadata().forEach((field, value) -> {
            document.add(new StringField(FIELD_NAMES, field, Field.Store.NO));
            value.members().forEach(member -> document.add(metadata(field, member)));
        });
        return document;
    }

    private static Field metadata(String field, Value value) {
        return switch (value) {
            case Value.Text text -> new StringField(terms(field), exact(text.value()), Field.Store.NO);
            case Value.Flag flag -> new StringField(terms(field), flag(flag.value()), Field.Store.NO);
            case Value.Number number -> new DoublePoint(numbers(field), number.value());
            case Value.Moment moment -> new LongPoint(moments(field), moment.value().toEpochMilli());
            case Value.Values nested -> throw new IllegalArgumentException("values must not be nested");
        };
    }

    /** BM25 needs how often a word occurs and how long the text is; positions only phrases would need. */
    private static FieldType contentType() {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.freeze();
        return type;
    }
}
