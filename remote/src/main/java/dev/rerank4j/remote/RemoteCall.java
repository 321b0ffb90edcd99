package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import java.time.Duration;
import java.util.Optional;

/**
 * One call of a service, with all its attempts; without texts, keys and addresses.
 *
 * @param service what was called, such as {@code cohere}
 * @param model the model asked; empty where there is none
 * @param attempts how often it was tried, at least once unless the circuit was open
 * @param time from the first attempt to the end of the last, pauses included
 * @param usage what the service says was consumed; unknown after a failure
 * @param failure what the call ended with; empty if it was answered
 */
public record RemoteCall(String service, String model, int attempts, Duration time, Usage usage,
        Optional<RerankException.Kind> failure) {
}
