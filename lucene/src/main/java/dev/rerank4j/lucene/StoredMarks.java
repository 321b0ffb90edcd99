package dev.rerank4j.lucene;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;

/** Reads marks back. */
final class StoredMarks {

    private StoredMarks() {
    }

    static Map<String, String> all(IndexSearcher searcher) throws IOException {
        Map<String, String> marks = new HashMap<>();
        StoredFields stored = searcher.storedFields();
        StoredPassages.forEachLive(Layout.MARKS, searcher, (leaf, doc) -> {
            Document mark = stored.document(leaf.docBase + doc);
            String key = mark.get(Layout.STORED_MARK_KEY);
            String value = mark.get(Layout.STORED_MARK);
            if (key == null || value == null) {
                throw new CorruptIndexException("a mark has no key or value", "mark");
            }
            marks.put(key, value);
        });
        return Map.copyOf(marks);
    }
}
