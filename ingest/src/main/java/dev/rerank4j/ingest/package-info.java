/**
 * Files to documents, documents to passages.
 *
 * <p>A {@link dev.rerank4j.ingest.DocumentReader} reads files as
 * {@linkplain dev.rerank4j.ingest.SectionedDocument documents with sections}; a {@link dev.rerank4j.ingest.Chunker}
 * cuts them into {@linkplain dev.rerank4j.Passage passages} that a model can read, counted in that model's
 * {@link dev.rerank4j.ingest.Tokens}:
 *
 * <pre>{@code
 * Chunker chunker = Chunker.forWindow(tokens, 512);
 * try (DocumentReader reader = new DocumentReader()) {
 *     for (DocumentReader.SourceFile file : reader.files(folder)) {
 *         reader.read(file,
 *                 document -> index.add(chunker.chunk(document)),
 *                 warning -> System.err.println(warning.name() + ": " + warning.reason()));
 *     }
 * }
 * index.commit();
 * }</pre>
 *
 * <p>PDF and office files are parsed by Apache Tika in a child process, so that a file that hangs its parser or eats
 * its memory is a warning too. Tika reports the life of that process through SLF4J, to loggers below
 * {@code org.apache.tika}.
 */
@NullMarked
package dev.rerank4j.ingest;

import org.jspecify.annotations.NullMarked;
