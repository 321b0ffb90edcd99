package dev.rerank4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a dialect says no: with which status, in which shape. Always JSON: several clients never look at the status. */
enum ErrorDialect {

    /** Ours. */
    NATIVE {
        @Override
        int status(Reason reason) {
            return reason == Reason.OVERLOADED ? 503 : reason.status();
        }

        @Override
        Object body(Reason reason, String message) {
            return new Native(reason.kind(), message);
        }
    },

    /** Cohere v2: a message and nothing else. */
    COHERE {
        @Override
        Object body(Reason reason, String message) {
            return new Message(message, null);
        }
    },

    /**
     * Everything that calls {@code /v1/rerank}, and {@code /rerank} with documents: never 422, at which the clients of
     * Infinity crash, and no object {@code error}, at which Voyage's crashes.
     */
    RERANK {
        @Override
        Object body(Reason reason, String message) {
            return new Message(message, message);
        }
    },

    /** Text Embeddings Inference, with its own statuses. */
    TEI {
        @Override
        int status(Reason reason) {
            return switch (reason) {
                case MALFORMED -> 422; // what its JSON reader answers
                case INVALID_REQUEST -> 413; // its word for whatever fails validation
                case MODEL -> 424;
                default -> reason.status();
            };
        }

        @Override
        Object body(Reason reason, String message) {
            return new Tei(message, teiType(reason), message, null);
        }
    },

    /** Of {@code /rerank} before it was read: what the clients of TEI and of Infinity look for. */
    UNREAD {
        @Override
        Object body(Reason reason, String message) {
            return new Tei(message, teiType(reason), message, message);
        }
    },

    PINECONE {
        @Override
        Object body(Reason reason, String message) {
            return new Pinecone(new PineconeError(switch (reason) {
                case MALFORMED, INVALID_REQUEST, EMPTY, METHOD_NOT_ALLOWED, SLOW, TOO_LARGE -> "INVALID_ARGUMENT";
                case UNAUTHORIZED -> "UNAUTHENTICATED";
                case FORBIDDEN -> "FORBIDDEN";
                case NOT_FOUND -> "NOT_FOUND";
                case OVERLOADED -> "RESOURCE_EXHAUSTED";
                case TIMEOUT -> "DEADLINE_EXCEEDED";
                case UNAVAILABLE -> "UNAVAILABLE";
                case MODEL, INTERNAL -> "UNKNOWN";
            }, message), status(reason), message);
        }
    },

    /** OpenAI, and what follows it: vLLM, NVIDIA NIM. */
    OPENAI {
        @Override
        Object body(Reason reason, String message) {
            int status = status(reason);
            return new OpenAi(new OpenAiError(message, openAiType(reason), null, String.valueOf(status)), message,
                    message);
        }
    },

    /** As vLLM: like OpenAI, but 503 when it is full. */
    VLLM {
        @Override
        int status(Reason reason) {
            return reason == Reason.OVERLOADED ? 503 : reason.status();
        }

        @Override
        Object body(Reason reason, String message) {
            return OPENAI.body(reason, message);
        }
    };

    int status(Reason reason) {
        return reason.status();
    }

    abstract Object body(Reason reason, String message);

    /** The whole answer. */
    final Reply reply(Reason reason, String message) {
        Map<String, String> headers = switch (reason) {
            case OVERLOADED, UNAVAILABLE -> Map.of("Retry-After", "1");
            case UNAUTHORIZED -> Map.of("WWW-Authenticate", "Bearer");
            default -> Map.of();
        };
        Reply reply = Reply.json(status(reason), headers, body(reason, message));
        return switch (reason) {
            case TOO_LARGE, SLOW -> reply.last();
            default -> reply;
        };
    }

    private static String teiType(Reason reason) {
        return switch (reason) {
            case EMPTY -> "Empty";
            case OVERLOADED -> "Overloaded";
            case UNAVAILABLE, TIMEOUT -> "Unhealthy";
            case MODEL, INTERNAL -> "Backend";
            default -> "Validation";
        };
    }

    private static String openAiType(Reason reason) {
        return switch (reason) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case OVERLOADED -> "rate_limit_error";
            case MODEL, INTERNAL, UNAVAILABLE, TIMEOUT -> "server_error";
            default -> "invalid_request_error";
        };
    }

    private record Native(String kind, String message) {
    }

    private record Message(String message, @Nullable String detail) {
    }

    private record Tei(String error, String errorType, String message, @Nullable String detail) {
    }

    private record Pinecone(PineconeError error, int status, String message) {
    }

    private record PineconeError(String code, String message) {
    }

    private record OpenAi(OpenAiError error, String message, String detail) {
    }

    private record OpenAiError(String message, String type,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String param, String code) {
    }
}
