package dev.rerank4j;

class WordEncoderTest extends EncoderContract {

    private final Encoder encoder = new WordEncoder(64);

    @Override
    protected Encoder encoder() {
        return encoder;
    }

    @Override
    protected Encoder freshEncoder() {
        return new WordEncoder(64);
    }

    @Override
    protected String queryInstruction() {
        return WordEncoder.INSTRUCTION;
    }

    @Override
    protected double tolerance() {
        return 0;
    }
}
