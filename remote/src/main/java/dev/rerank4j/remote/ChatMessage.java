package dev.rerank4j.remote;

/** What somebody says in a conversation with a language model. */
record ChatMessage(Role role, String text) {

    /** Who says it. */
    enum Role {
        SYSTEM, USER, ASSISTANT
    }

    static ChatMessage system(String text) {
        return new ChatMessage(Role.SYSTEM, text);
    }

    static ChatMessage user(String text) {
        return new ChatMessage(Role.USER, text);
    }

    static ChatMessage assistant(String text) {
        return new ChatMessage(Role.ASSISTANT, text);
    }
}
