/** A real OpenSearch for tests and benchmarks. */
@NullMarked
package dev.rerank4j.opensearchserver;

import org.jspecify.annotations.NullMarked;
