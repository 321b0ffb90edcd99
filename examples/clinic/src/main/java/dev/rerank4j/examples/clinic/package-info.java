/** Asks an invented formulary: one note applies to the patient, or the program says that it is not sure which. */
@NullMarked
package dev.rerank4j.examples.clinic;

import org.jspecify.annotations.NullMarked;
