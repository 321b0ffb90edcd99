/** A shop's search box: the category filters, the model orders what is left by what the customer wants. */
@NullMarked
package dev.rerank4j.examples.shop;

import org.jspecify.annotations.NullMarked;
