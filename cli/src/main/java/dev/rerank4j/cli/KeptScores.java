package dev.rerank4j.cli;

import dev.rerank4j.CachedScorer.Score;
import java.util.AbstractMap;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A {@link ScoreCache} as the map that a {@link dev.rerank4j.CachedScorer} asks for: it is read and added to. */
final class KeptScores extends AbstractMap<String, Score> implements ConcurrentMap<String, Score> {

    private final ScoreCache cache;

    KeptScores(ScoreCache cache) {
        this.cache = cache;
    }

    @Override
    public @Nullable Score get(Object key) {
        return cache.get((String) key);
    }

    @Override
    public @Nullable Score put(String key, Score value) {
        return cache.put(key, value);
    }

    @Override
    public @Nullable Score putIfAbsent(String key, Score value) {
        Score known = cache.get(key);
        return known == null ? cache.put(key, value) : known;
    }

    @Override
    public Set<Entry<String, Score>> entrySet() {
        throw new UnsupportedOperationException("scores are looked up by their keys");
    }

    @Override
    public boolean remove(Object key, Object value) {
        throw new UnsupportedOperationException("scores do not change");
    }

    @Override
    public boolean replace(String key, Score before, Score value) {
        throw new UnsupportedOperationException("scores do not change");
    }

    @Override
    public @Nullable Score replace(String key, Score value) {
        throw new UnsupportedOperationException("scores do not change");
    }
}
