/** Rerank4j in LangChain4j. */
@NullMarked
package dev.rerank4j.langchain4j;

import org.jspecify.annotations.NullMarked;
