/**
 * What others serve, as stages of a search: rerank APIs, language models, search engines and databases.
 */
@NullMarked
package dev.rerank4j.remote;

import org.jspecify.annotations.NullMarked;
