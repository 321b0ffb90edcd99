/**
 * Judgments, runs, metrics, statistics, reports: whether one system finds better than another.
 *
 * <p>Files of the field are read as {@link dev.rerank4j.eval.Qrels}, {@link dev.rerank4j.eval.Queries} and
 * {@link dev.rerank4j.eval.Run}, a whole folder as a {@link dev.rerank4j.eval.Collection}, and a person's own table as
 * {@link dev.rerank4j.eval.Judgments}. A {@link dev.rerank4j.eval.Metric} is a pure function of grades and a ranking; an
 * {@link dev.rerank4j.eval.Evaluation} has its means with intervals, and compares systems:
 *
 * <pre>{@code
 * Qrels qrels = Qrels.read(folder.resolve("qrels.tsv"));
 * List<Run> runs = List.of(Run.read(folder.resolve("bm25.run")), Run.read(folder.resolve("hybrid.run")));
 * Evaluation evaluation = Evaluation.of(qrels, runs, List.of(Metric.parse("ndcg@10")), 1);
 * evaluation.means("hybrid").forEach((metric, mean) -> System.out.printf("%s %.2f, 95%% within %.2f to %.2f%n",
 *         metric, mean.mean(), mean.low(), mean.high()));
 * for (Comparison comparison : evaluation.compare(List.of(new Evaluation.Pair("bm25", "hybrid")))) {
 *     System.out.printf("better by %.2f, p = %.2f%n", comparison.delta(), comparison.p());
 * }
 * evaluation.notes(runs, document -> true).forEach(System.out::println);
 * }</pre>
 *
 * <p>A {@link dev.rerank4j.eval.Report} holds what was measured and becomes JSON or a page. All of it is by document, as
 * judgments are; a {@link dev.rerank4j.eval.DocumentRule} makes documents of passages.
 */
@NullMarked
package dev.rerank4j.eval;

import org.jspecify.annotations.NullMarked;
