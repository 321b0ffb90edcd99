/** Rerank4j in Spring AI. */
@NullMarked
package dev.rerank4j.springai;

import org.jspecify.annotations.NullMarked;
