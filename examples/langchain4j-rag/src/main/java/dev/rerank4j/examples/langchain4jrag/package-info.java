/** A question to a company's handbook, answered with cited passages by LangChain4j, with and without reranking. */
@NullMarked
package dev.rerank4j.examples.langchain4jrag;

import org.jspecify.annotations.NullMarked;
