/**
 * What others serve, as stages of a search: rerank APIs, language models, search engines and databases.
 *
 * <p>A {@link dev.rerank4j.remote.RemoteScorer} asks one of the {@linkplain dev.rerank4j.remote.RerankApi rerank APIs},
 * where {@link dev.rerank4j.remote.RemoteOptions} say that it is; a {@link dev.rerank4j.remote.RemoteListener} hears
 * what each call took and what is paid for it:
 *
 * <pre>{@code
 * RemoteOptions options = RemoteOptions.at(URI.create("http://localhost:" + port))
 *         .withListener(call -> System.out.println(call.service() + " was asked " + call.attempts() + " times"));
 * try (RemoteScorer scorer = RemoteScorer.of(RerankApi.TEI, "", options)) {
 *     Scores scores = scorer.score(ScoreRequest.of("how many days of paid leave do I get", List.of(
 *             "Full-time employees receive 25 days of paid leave per calendar year.",
 *             "Leave your laptop at the front desk when you get a paid parking permit for the day.")));
 *     System.out.println(Arrays.toString(scores.logits()));
 * }
 * }</pre>
 *
 * <p>{@link dev.rerank4j.remote.LanguageModels} asks models that chat instead, over Ollama's API or OpenAI's.
 *
 * <p>A service that fails is a {@link dev.rerank4j.RerankException} that names it and says what to do, and holds no text,
 * key or answer. Calls keep to the caller's deadline, their retries and pauses included.
 */
@NullMarked
package dev.rerank4j.remote;

import org.jspecify.annotations.NullMarked;
