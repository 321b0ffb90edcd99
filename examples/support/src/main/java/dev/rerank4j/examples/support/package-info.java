/** A support desk's memory: error descriptions matched with past tickets, or nothing relevant was found. */
@NullMarked
package dev.rerank4j.examples.support;

import org.jspecify.annotations.NullMarked;
