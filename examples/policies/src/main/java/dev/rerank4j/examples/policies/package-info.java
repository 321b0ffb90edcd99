/** Asks a company's policies: of many clauses that are nearly the same, which one applies to these circumstances? */
@NullMarked
package dev.rerank4j.examples.policies;

import org.jspecify.annotations.NullMarked;
