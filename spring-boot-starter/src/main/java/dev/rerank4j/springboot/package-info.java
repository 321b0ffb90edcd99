/** Rerank4j in Spring Boot. */
@NullMarked
package dev.rerank4j.springboot;

import org.jspecify.annotations.NullMarked;
