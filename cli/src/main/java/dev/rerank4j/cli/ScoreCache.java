package dev.rerank4j.cli;

import dev.rerank4j.CachedScorer.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * Scores that outlive the process: a file for each model in the {@link CacheFolder}, so that an evaluation that was
 * interrupted, or is run again with other settings, scores only pairs that are new. Only hashes of the texts are kept.
 *
 * <p>The file is written by appending, about once a second and at {@link #commit}: a process that is killed loses what
 * is newer, and nothing else.
 * It is never a reason to fail: where another process holds it, where it is damaged (then it is set aside, under its
 * name with {@code .damaged}) or cannot be written, scores are kept in memory, and a warning says so. A file that has
 * grown beyond its limit is emptied when it is opened.
 */
final class ScoreCache implements AutoCloseable {

    /** A gibibyte holds some twenty million pairs. */
    static final long LIMIT = 1L << 30;

    private static final String MAP = "scores";
    /** Failures that say nothing about what is in the file. */
    private static final Set<Integer> SOUND = Set.of(DataUtils.ERROR_WRITING_FAILED, DataUtils.ERROR_CLOSED);
    private static final int CACHE_MIB = 32;

    private final Path file;
    private final Diagnostics diagnostics;
    private final ConcurrentMap<String, Score> memory = new ConcurrentHashMap<>();
    private volatile @Nullable MVStore store;
    private volatile @Nullable MVMap<String, Score> map;

    private ScoreCache(Path file, Diagnostics diagnostics) {
        this.file = file;
        this.diagnostics = diagnostics;
    }

    /**
     * @param model what tells it from other models: equal names must mean equal scores
     * @param limit how many bytes the file may have when it is opened
     */
    static ScoreCache open(Path cache, String model, long limit, Diagnostics diagnostics) {
        Path folder = CacheFolder.scores(cache);
        ScoreCache scores = new ScoreCache(folder.resolve(model.replaceAll("[^A-Za-z0-9._-]+", "-") + ".scores"),
                diagnostics);
        try {
            Files.createDirectories(folder);
            scores.open(limit);
        } catch (IOException e) {
            scores.keepInMemory("cannot be used (" + Diagnostics.sentence(e) + ")");
        }
        return scores;
    }

    private void open(long limit) throws IOException {
        try {
            openStore(limit);
        } catch (RuntimeException | AssertionError e) {
            if (e instanceof MVStoreException failure && failure.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                keepInMemory("is in use by another rerank");
                return;
            }
            setAside();
            try {
                openStore(limit);
            } catch (RuntimeException again) {
                keepInMemory("cannot be used (" + firstLine(again) + ")");
            }
        }
    }

    private void openStore(long limit) throws IOException {
        MVStore opened = store();
        if (opened.getFileStore().size() > limit) { // asked only now that the file is ours
            opened.closeImmediately();
            Files.delete(file);
            diagnostics.say("the score cache had outgrown " + Units.size(limit) + " and starts anew");
            opened = store();
        }
        try {
            MVMap<String, Score> scores = opened.openMap(MAP, new MVMap.Builder<String, Score>()
                    .keyType(StringDataType.INSTANCE).valueType(new ScoreType()));
            store = opened;
            map = scores;
        } catch (RuntimeException | AssertionError e) {
            closeQuietly(opened);
            throw e;
        }
    }

    private MVStore store() {
        return new MVStore.Builder().fileName(file.toString()).cacheSize(CACHE_MIB)
                .backgroundExceptionHandler((thread, error) -> lost(error)).open();
    }

    private static void closeQuietly(MVStore opened) {
        try {
            opened.closeImmediately();
        } catch (RuntimeException | AssertionError e) {
            // it has failed already
        }
    }

    private void setAside() throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        diagnostics.warn("the score cache " + file + " is damaged; it is set aside as " + aside.getFileName()
                + " and made anew");
    }

    /** How many pairs it knows. */
    long size() {
        MVMap<String, Score> kept = map;
        return kept == null ? memory.size() : kept.sizeAsLong();
    }

    /** For a {@link dev.rerank4j.CachedScorer}, until this is closed. */
    ConcurrentMap<String, Score> scores() {
        return new KeptScores(this);
    }

    @Nullable
    Score get(String key) {
        MVMap<String, Score> kept = map;
        try {
            if (kept != null) {
                return kept.get(key);
            }
        } catch (RuntimeException | AssertionError e) { // whatever a damaged page leads to
            lost(e);
        }
        return memory.get(key);
    }

    @Nullable
    Score put(String key, Score score) {
        MVMap<String, Score> kept = map;
        try {
            if (kept != null) {
                return kept.put(key, score);
            }
        } catch (RuntimeException | AssertionError e) { // whatever a damaged page leads to
            lost(e);
        }
        return memory.put(key, score);
    }

    /** Writes what is new, so that a process that is killed from now on loses none of it. */
    void commit() {
        MVStore opened = store;
        if (opened != null) {
            try {
                opened.commit();
            } catch (RuntimeException | AssertionError e) {
                lost(e);
            }
        }
    }

    /** The file failed under our hands; what it held has to be scored again. */
    private synchronized void lost(Throwable error) {
        MVStore opened = store;
        if (opened != null) {
            map = null;
            store = null;
            closeQuietly(opened);
            keepInMemory("failed (" + firstLine(error) + ")");
            boolean sound = error instanceof MVStoreException failure && SOUND.contains(failure.getErrorCode());
            if (!sound) {
                try {
                    setAside();
                } catch (IOException e) {
                    diagnostics.warn("delete the score cache " + file + ", it is damaged");
                }
            }
        }
    }

    private void keepInMemory(String why) {
        diagnostics.warn("the score cache " + file + " " + why
                + ": this run works without it, and its scores will have to be computed again");
    }

    private static String firstLine(Throwable error) {
        return Diagnostics.sentence(error).lines().findFirst().orElse("").replaceFirst(" \\[.*", "");
    }

    @Override
    public synchronized void close() {
        MVStore opened = store;
        map = null;
        store = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (RuntimeException | AssertionError e) {
                keepInMemory("could not be closed (" + firstLine(e) + ")");
            }
        }
    }
}
