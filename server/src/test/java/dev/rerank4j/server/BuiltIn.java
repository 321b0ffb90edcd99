package dev.rerank4j.server;

import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.onnx.EngineActivity;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.util.Optional;

/** The built-in models, loaded once for all tests, and served as the command line serves them. */
final class BuiltIn {

    static final OnnxScorer SCORER = OnnxScorer.builtIn();

    static final OnnxEncoder ENCODER = OnnxEncoder.builtIn();

    /** Leaves room for a query of 64 tokens and the special ones. */
    static final Chunker CHUNKER = Chunker.structured(ENCODER::tokenStarts, SCORER.maxLength() - 64 - 3, 55);

    static final ServedModel MODEL = model(SCORER);

    static final ServedEncoder SERVED_ENCODER = new ServedEncoder(ENCODER.name(), ENCODER, ENCODER.maxLength(),
            text -> ENCODER.tokenStarts(text).length);

    private BuiltIn() {
    }

    /** A model served under its own name; whoever made it closes it. */
    static ServedModel model(OnnxScorer scorer) {
        return new ServedModel(scorer.spec().name(), scorer, scorer.maxLength(), CHUNKER::cut, () -> {
            EngineActivity activity = scorer.activity();
            return new ServedModel.Load(activity.pendingTokens(), activity.batches(), activity.usefulTokens(),
                    activity.paddedTokens());
        }, new ServedModel.Origin(Optional.empty(), "int8"));
    }
}
