package dev.rerank4j.langchain4j;

import dev.rerank4j.Encoder;
import dev.rerank4j.EncoderContract;
import dev.rerank4j.WordEncoder;

/** An encoder of ours as a model of theirs as an encoder of ours: both ways, with their checks between. */
class EmbeddingModelEncoderContractTest extends EncoderContract {

    private final Encoder encoder = freshEncoder();

    @Override
    protected Encoder encoder() {
        return encoder;
    }

    @Override
    protected Encoder freshEncoder() {
        return EmbeddingModelEncoder.of(EncoderEmbeddingModel.of(new WordEncoder(64)));
    }

    @Override
    protected String queryInstruction() {
        return WordEncoder.INSTRUCTION;
    }

    @Override
    protected double tolerance() {
        return 1e-6;
    }
}
