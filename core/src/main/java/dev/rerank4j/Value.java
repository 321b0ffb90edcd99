package dev.rerank4j;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A metadata value: what {@linkplain Filter filters} can compare. Values of different kinds are never equal and never
 * in order: the number 10 is not the text "10".
 */
public sealed interface Value {

    /**
     * A text; compared by its characters, case included.
     *
     * @param value the characters, as they are; may be empty
     */
    record Text(String value) implements Value {
        /** Holds the text as it is. */
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A finite number. Whole numbers beyond ±2<sup>53</sup> do not fit exactly: keep such identifiers as text.
     *
     * @param value finite; there is one zero, -0.0 becomes 0.0
     */
    record Number(double value) implements Value {
        /**
         * Checks that the number is one.
         *
         * @throws IllegalArgumentException if {@code value} is NaN or infinite
         */
        public Number {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("number must be finite, got " + value);
            }
            value = value == 0 ? 0.0 : value; // one zero: -0.0 would be unequal to 0.0
        }
    }

    /**
     * True or false.
     *
     * @param value the one or the other
     */
    record Flag(boolean value) implements Value {
    }

    /**
     * A point in time, within 292 million years of 1970; compared to the millisecond.
     *
     * @param value the point in time, kept exactly
     */
    record Moment(Instant value) implements Value {

        private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
        private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

        /**
         * Checks that the moment can be compared to the millisecond.
         *
         * @throws IllegalArgumentException if {@code value} is farther away, such as {@link Instant#MAX}: what never
         *         ends is better said by leaving the field out
         */
        public Moment {
            if (value.isBefore(FIRST) || value.isAfter(LAST)) {
                throw new IllegalArgumentException("moment must be within " + FIRST + " to " + LAST + ", got " + value);
            }
        }
    }

    /**
     * Several values of one field, in order, such as tags. Not nested; may be empty.
     *
     * @param values the single values; copied
     */
    record Values(List<Value> values) implements Value {
        /**
         * Copies the values.
         *
         * @throws IllegalArgumentException if one of the values is itself a {@code Values}
         */
        public Values {
            values = List.copyOf(values);
            if (values.stream().anyMatch(Values.class::isInstance)) {
                throw new IllegalArgumentException("values must not be nested");
            }
        }
    }

    /**
     * {@return a text}
     *
     * @param value the characters, as they are; may be empty
     */
    static Value of(String value) {
        return new Text(value);
    }

    /**
     * A number.
     *
     * @param value finite
     * @return a number
     * @throws IllegalArgumentException if {@code value} is NaN or infinite
     */
    static Value of(double value) {
        return new Number(value);
    }

    /**
     * {@return true or false as a value}
     *
     * @param value which of them
     */
    static Value of(boolean value) {
        return new Flag(value);
    }

    /**
     * {@return a point in time}
     *
     * @param value within 292 million years of 1970
     * @throws IllegalArgumentException if {@code value} is farther away
     */
    static Value of(Instant value) {
        return new Moment(value);
    }

    /**
     * {@return a field with several texts}
     *
     * @param values in order; possibly none
     */
    static Value of(String... values) {
        return new Values(List.of(values).stream().map(Value::of).toList());
    }

    /** {@return the single values: the members of {@link Values}, otherwise the value itself alone} */
    default List<Value> members() {
        return this instanceof Values several ? several.values() : List.of(this);
    }
}
