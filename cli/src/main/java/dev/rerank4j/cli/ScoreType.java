package dev.rerank4j.cli;

import dev.rerank4j.CachedScorer.Score;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How a score lies in the {@link ScoreCache}: flags, logit, probability if there is one, tokens. */
final class ScoreType extends BasicDataType<Score> {

    private static final int CALIBRATED = 1;
    private static final int CUT = 2;
    private static final int MEMORY = 64;

    @Override
    public int getMemory(Score score) {
        return MEMORY;
    }

    @Override
    public void write(WriteBuffer buffer, Score score) {
        buffer.put((byte) ((score.probability().isPresent() ? CALIBRATED : 0) | (score.cut() ? CUT : 0)));
        buffer.putFloat(score.logit());
        // Models give floats: nothing is lost.
        score.probability().ifPresent(probability -> buffer.putFloat((float) probability));
        buffer.putVarInt(score.tokens());
    }

    @Override
    public Score read(ByteBuffer buffer) {
        int flags = buffer.get();
        float logit = buffer.getFloat();
        OptionalDouble probability = (flags & CALIBRATED) == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(buffer.getFloat());
        return new Score(logit, probability, DataUtils.readVarInt(buffer), (flags & CUT) != 0);
    }

    @Override
    public Score[] createStorage(int size) {
        return new Score[size];
    }
}
