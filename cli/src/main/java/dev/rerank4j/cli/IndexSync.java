package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.SectionedDocument;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Brings an index to what some files and folders hold: adds what is new, replaces what changed, removes what is gone.
 * Files elsewhere that the index knows are left alone.
 *
 * <p>It can be killed at any moment. A file is marked as unfinished before its first document is touched and as indexed
 * only when the last one is in, so that every commit in between is a searchable index of whole documents, and running
 * again goes on where it ended: documents whose passages are already there are recognised and not encoded again.
 *
 * <p>Of documents with one id in several files, that of the first file, by name, counts. For one run, on one thread.
 */
final class IndexSync {

    /** Few enough that an interrupt is answered soon, enough to fill the encoder's batches. */
    private static final int BATCH = 64;

    private static final int COMMIT_PASSAGES = 2000;
    private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final TextIndex index;
    private final DocumentReader reader;
    private final Chunker chunker;
    private final Diagnostics diagnostics;
    private final Progress progress;
    private final BooleanSupplier stop;
    private final LongSupplier nanoTime;

    private final List<Passage> batch = new ArrayList<>();
    private final Map<String, String> marksAfterBatch = new LinkedHashMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private boolean empty;
    private long bytes;
    private long lastCommit;
    private int sinceCommit;
    private int written;
    private int added;
    private int changed;
    private int removed;

    /**
     * @param stop asked between batches; once true, what is done is committed and the run ends
     */
    IndexSync(TextIndex index, DocumentReader reader, Chunker chunker, Diagnostics diagnostics, Progress progress,
            BooleanSupplier stop, LongSupplier nanoTime) {
        this.index = index;
        this.reader = reader;
        this.chunker = chunker;
        this.diagnostics = diagnostics;
        this.progress = progress;
        this.stop = stop;
        this.nanoTime = nanoTime;
    }

    /**
     * @param settings what decides about the passages beside the files, such as the chunk size: other settings, and all
     *        files count as changed
     */
    SyncReport run(List<Path> roots, String settings) {
        long start = nanoTime.getAsLong();
        SyncPlan plan = SyncPlan.of(roots, reader, index.marks(), settings, this::warn);
        boolean stopped = false;
        if (!plan.isEmpty()) {
            empty = index.documentCount() == 0;
            lastCommit = start;
            progress.start(plan.toRead().size(), plan.bytesToRead());
            try {
                readAll(plan);
                flush();
                plan.gone().forEach(this::remove);
            } catch (Stopped e) {
                stopped = true;
                marksAfterBatch.clear();
            } finally {
                progress.close();
            }
            index.commit();
        }
        return new SyncReport(index.documentCount(), index.count(Filter.NONE), added, changed, removed, written,
                Duration.ofNanos(nanoTime.getAsLong() - start), stopped);
    }

    private void readAll(SyncPlan plan) {
        // Taken one by one: a document found in an earlier file sends the later one that had it to be read again.
        for (String name = plan.toRead().pollFirst(); name != null; name = plan.toRead().pollFirst()) {
            long before = bytes;
            new FileSync(plan, name).run();
            bytes = before + plan.sizes().get(name);
            progress.at(bytes, written);
        }
    }

    private void remove(String file) {
        for (String id : index.documents(file)) {
            if (!owners.containsKey(id)) {
                index.delete(id);
                removed++;
            }
        }
        index.mark(file, "");
    }

    private void add(List<Passage> passages) {
        batch.addAll(passages);
        if (batch.size() >= BATCH) {
            flush();
            long now = nanoTime.getAsLong();
            if (sinceCommit >= COMMIT_PASSAGES || now - lastCommit >= COMMIT_NANOS) {
                index.commit();
                sinceCommit = 0;
                lastCommit = nanoTime.getAsLong();
            }
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
        }
    }

    private void flush() {
        if (!batch.isEmpty()) {
            int refused = write();
            written += batch.size() - refused;
            sinceCommit += batch.size();
            batch.clear();
        }
        marksAfterBatch.forEach(index::mark);
        marksAfterBatch.clear();
    }

    /** The batch; if the index refuses something in it, document by document: one bad id is not the end of the run. */
    private int write() {
        try {
            index.add(batch);
            return 0;
        } catch (RerankException e) {
            if (e.kind() != RerankException.Kind.INVALID_REQUEST) {
                throw e;
            }
        }
        Map<String, List<Passage>> documents = new LinkedHashMap<>();
        batch.forEach(passage -> documents.computeIfAbsent(passage.documentId(), id -> new ArrayList<>()).add(passage));
        int refused = 0;
        for (List<Passage> document : documents.values()) {
            try {
                index.add(document);
            } catch (RerankException e) {
                if (e.kind() != RerankException.Kind.INVALID_REQUEST) {
                    throw e;
                }
                refused += document.size();
                warn(new DocumentReader.Warning(document.getFirst().location().file(), String.valueOf(e.getMessage())));
            }
        }
        return refused;
    }

    private void warn(DocumentReader.Warning warning) {
        if (stop.getAsBoolean()) {
            return; // what interrupts us also kills the process that reads files
        }
        diagnostics.warn(warning.name() + ": " + warning.reason());
    }

    /** One file's documents. */
    private final class FileSync {

        private final SyncPlan plan;
        private final String name;
        private final Set<String> known;
        private final List<List<Passage>> read = new ArrayList<>();
        private final long start = bytes;
        private boolean shared;
        private int passagesRead;

        FileSync(SyncPlan plan, String name) {
            this.plan = plan;
            this.name = name;
            this.known = empty ? Set.of() : index.documents(name);
        }

        void run() {
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
            index.mark(name, SyncPlan.UNFINISHED);
            reader.read(plan.files().get(name), this::document, IndexSync.this::warn);
            if (stop.getAsBoolean()) {
                throw new Stopped(); // perhaps it has not been read to its end
            }
            addRead();
            for (String id : known) {
                if (!owners.containsKey(id)) {
                    index.delete(id);
                    removed++;
                }
            }
            done.add(name);
            String mark = plan.marks().get(name) + (shared ? SyncPlan.SHARED : "");
            if (batch.isEmpty()) {
                index.mark(name, mark);
            } else {
                marksAfterBatch.put(name, mark);
            }
        }

        private void document(SectionedDocument document) {
            List<Passage> passages = chunker.chunk(document);
            bytes = Math.min(bytes + document.document().text().length(), start + plan.sizes().get(name));
            if (!passages.isEmpty()) {
                read.add(passages);
                passagesRead += passages.size();
            }
            if (passagesRead >= BATCH) {
                addRead();
            }
            progress.at(bytes, written);
        }

        /** Several at a time: to ask an engine elsewhere for each would take longer than all else. */
        private void addRead() {
            Map<String, TextIndex.Committed> committed = empty
                    ? Map.of()
                    : index.committed(read.stream().map(passages -> passages.getFirst().documentId()).toList());
            read.forEach(passages -> document(passages.getFirst().documentId(), passages, committed));
            read.clear();
            passagesRead = 0;
        }

        private void document(String id, List<Passage> passages, Map<String, TextIndex.Committed> known) {
            Optional<TextIndex.Committed> committed = Optional.ofNullable(known.get(id));
            Optional<String> file = committed.map(TextIndex.Committed::file);
            Optional<String> owner = Optional.ofNullable(owners.get(id)).or(() -> file.filter(this::wins));
            if (owner.isPresent()) {
                refuse(id, owner.get());
                return;
            }
            owners.put(id, name);
            file.ifPresent(this::readAgain);
            if (!committed.equals(Optional.of(TextIndex.Committed.of(passages)))) {
                add(passages);
                added += committed.isEmpty() ? 1 : 0;
                changed += committed.isPresent() ? 1 : 0;
            }
        }

        /** Whether that file keeps its document: it comes before ours, is still there and will not be read again. */
        private boolean wins(String owner) {
            return owner.compareTo(name) < 0 && !done.contains(owner) && !plan.gone().contains(owner);
        }

        private void refuse(String id, String owner) {
            shared |= !owner.equals(name);
            warn(new DocumentReader.Warning(name, "document " + id + " is also in " + (owner.equals(name)
                    ? "another place of this file; the first counts"
                    : owner + "; that one counts")));
        }

        /** A later file has lost a document to this one: what it has instead, and its mark, must be seen to. */
        private void readAgain(String owner) {
            if (owner.compareTo(name) > 0) {
                if (plan.marks().containsKey(owner)) {
                    plan.toRead().add(owner);
                } else {
                    index.mark(owner, SyncPlan.UNFINISHED);
                }
            }
        }
    }

    /** Leaves the reader in the middle of a file. */
    private static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }
}
