package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A text to be reranked.
 *
 * @param text what the model reads
 * @param line as it came in
 * @param object what it was, if the input is JSONL
 */
record Candidate(String text, String line, Optional<ObjectNode> object) {
}
