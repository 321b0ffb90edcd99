/** A question to a company's handbook, answered with cited passages by Spring AI, with and without reranking. */
@NullMarked
package dev.rerank4j.examples.springairag;

import org.jspecify.annotations.NullMarked;
