package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import java.time.Duration;
import java.util.Optional;

/**
 * One call of a service, with all its attempts; without texts, keys and addresses.
 *
 * @param service what was called, such as {@code cohere}
 * @param model the model asked; empty where there is none
 * @param attempts how often it was tried, at least once unless its turn did not come in time or the service was left alone
 * @param time until the caller had its answer, the wait for its turn and the pauses included
 * @param usage what the service says was consumed; unknown after a failure
 * @param failure what the call ended with; empty if it was answered
 */
public record RemoteCall(String service, String model, int attempts, Duration time, Usage usage,
        Optional<RerankException.Kind> failure) {
}
