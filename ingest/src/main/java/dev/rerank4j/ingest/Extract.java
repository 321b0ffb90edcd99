package dev.rerank4j.ingest;

import java.util.List;
import java.util.Optional;

/**
 * What a file of one document holds.
 *
 * @param title what the file itself says its title is; empty if it does not
 */
record Extract(String title, String text, List<Section> sections, Optional<String> author) {
}
