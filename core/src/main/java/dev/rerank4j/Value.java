package dev.rerank4j;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A metadata value: what {@linkplain Filter filters} can compare. Values of different kinds are never equal and never
 * in order: the number 10 is not the text "10".
 */
public sealed interface Value {

    /** A text; compared by its characters, case included. */
    record Text(String value) implements Value {
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /** A finite number. Whole numbers beyond ±2<sup>53</sup> do not fit exactly: keep such identifiers as text. */
    record Number(double value) implements Value {
        /**
         * @throws IllegalArgumentException if {@code value} is NaN or infinite
         */
        public Number {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("number must be finite, got " + value);
            }
            value = value == 0 ? 0.0 : value; // one zero: -0.0 would be unequal to 0.0
        }
    }

    /** True or false. */
    record Flag(boolean value) implements Value {
    }

    /** A point in time, within 292 million years of 1970; compared to the millisecond. */
    record Moment(Instant value) implements Value {

        private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
        private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

        /**
         * @throws IllegalArgumentException if {@code value} is farther away, such as {@link Instant#MAX}: what never
         *         ends is better said by leaving the field out
         */
        public Moment {
            if (value.isBefore(FIRST) || value.isAfter(LAST)) {
                throw new IllegalArgumentException("moment must be within " + FIRST + " to " + LAST + ", got " + value);
            }
        }
    }

    /** Several values of one field, in order, such as tags. Not nested; may be empty. */
    record Values(List<Value> values) implements Value {
        /**
         * @throws IllegalArgumentException if one of the values is itself a {@code Values}
         */
        public Values {
            values = List.copyOf(values);
            if (values.stream().anyMatch(Values.class::isInstance)) {
                throw new IllegalArgumentException("values must not be nested");
            }
        }
    }

    static Value of(String value) {
        return new Text(value);
    }

    /**
     * @throws IllegalArgumentException if {@code value} is NaN or infinite
     */
    static Value of(double value) {
        return new Number(value);
    }

    static Value of(boolean value) {
        return new Flag(value);
    }

    static Value of(Instant value) {
        return new Moment(value);
    }

    /** A field with several texts. */
    static Value of(String... values) {
        return new Values(List.of(values).stream().map(Value::of).toList());
    }

    /** The single values: the members of {@link Values}, otherwise the value itself alone. */
    default List<Value> members() {
        return this instanceof Values several ? several.values() : List.of(this);
    }
}
