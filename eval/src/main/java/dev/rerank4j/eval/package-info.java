/**
 * Judgments, runs, metrics, statistics, reports: whether one system finds better than another.
 *
 * <p>Files of the field are read as {@link dev.rerank4j.eval.Qrels} and {@link dev.rerank4j.eval.Run}; a
 * {@link dev.rerank4j.eval.Metric} is a pure function of both; a {@link dev.rerank4j.eval.Report} holds what was
 * measured and becomes JSON or a page. All of it is by document, as judgments are.
 */
@NullMarked
package dev.rerank4j.eval;

import org.jspecify.annotations.NullMarked;
