/** What docs/benchmarks.md measures with: programs that print a table each. Never published, never part of a test. */
@NullMarked
package dev.rerank4j.bench;

import org.jspecify.annotations.NullMarked;
