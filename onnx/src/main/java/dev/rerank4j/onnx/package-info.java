/**
 * Cross-encoders and sentence encoders inside the process: ONNX Runtime computes, Hugging Face's tokenizers read.
 *
 * <p>{@link dev.rerank4j.onnx.OnnxScorer} scores query–text pairs, {@link dev.rerank4j.onnx.OnnxEncoder} makes vectors;
 * both check themselves against known values before they serve. {@link dev.rerank4j.onnx.EngineOptions} says how many
 * threads they may use.
 *
 * <p>ONNX Runtime 1.29 can report usage to its makers. That is switched off here as soon as it is loaded; to have it off
 * from the start, set the environment variable {@code ORT_DISABLE_TELEMETRY=1} for the process.
 *
 * <pre>{@code
 * try (OnnxScorer scorer = OnnxScorer.builtIn()) {
 *     Scores scores = scorer.score(ScoreRequest.of("how many days of paid leave do I get", List.of(
 *             "Full-time employees receive 25 days of paid leave per calendar year.",
 *             "Leave your laptop at the front desk when you get a paid parking permit for the day.")));
 *     System.out.println(Arrays.toString(scores.probabilities()));
 * }
 * }</pre>
 */
@NullMarked
package dev.rerank4j.onnx;

import org.jspecify.annotations.NullMarked;
