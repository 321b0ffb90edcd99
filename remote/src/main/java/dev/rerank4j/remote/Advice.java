package dev.rerank4j.remote;

/**
 * What a user can do when a service refuses, as the ends of messages.
 *
 * @param key about the key, such as {@code set COHERE_API_KEY}
 * @param missing about what is not found, such as {@code check the model's name}
 */
record Advice(String key, String missing) {

    static final Advice GENERAL = new Advice("check its key", "check its address");
}
