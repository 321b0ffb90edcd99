package dev.rerank4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A condition on metadata. It is part of the {@link Query} and applied in the first stage: "the best products
 * <em>within</em> a category", not "the best products, then those of the category".
 *
 * <p>A field with several values satisfies a comparison if one of them does; a missing field satisfies none.
 * {@link #matches} is the definition that every index has to agree with.
 */
public sealed interface Filter {

    /** Lets everything pass. */
    Filter NONE = new And(List.of());

    /**
     * {@return whether a document with this metadata passes}
     *
     * @param metadata by field name; a field that is not in it has no value
     */
    boolean matches(Map<String, Value> metadata);

    /**
     * The field has this value.
     *
     * @param field the metadata field; not blank
     * @param value a single value, of any kind
     */
    record Equal(String field, Value value) implements Filter {
        /**
         * Checks field and value.
         *
         * @throws IllegalArgumentException if {@code value} is a {@link Value.Values}: use {@link And} of single values
         */
        public Equal {
            requireField(field);
            requireSingle(value);
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return new In(field, Set.of(value)).matches(metadata);
        }
    }

    /**
     * The field has one of these values; of an empty set nothing passes.
     *
     * @param field the metadata field; not blank
     * @param values single values, of any kinds; copied
     */
    record In(String field, Set<Value> values) implements Filter {
        /**
         * Checks field and values, and copies the values.
         *
         * @throws IllegalArgumentException if one of the values is a {@link Value.Values}
         */
        public In {
            requireField(field);
            values = Set.copyOf(values);
            values.forEach(Filter::requireSingle);
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return members(metadata, field).stream()
                    .anyMatch(member -> values.stream().anyMatch(value -> sameAs(member, value)));
        }
    }

    /**
     * The field has a {@link Value.Number} or {@link Value.Moment} between two bounds of the same kind. An absent bound
     * is open on that side; at least one is present.
     *
     * @param field the metadata field; not blank
     * @param from lower bound
     * @param fromInclusive whether a value equal to {@code from} passes
     * @param to upper bound
     * @param toInclusive whether a value equal to {@code to} passes
     */
    record Range(String field, Optional<Value> from, boolean fromInclusive, Optional<Value> to, boolean toInclusive)
            implements
                Filter {
        /**
         * Checks field and bounds.
         *
         * @throws IllegalArgumentException if both bounds are absent, of different kinds, or neither numbers nor
         *         moments
         */
        public Range {
            requireField(field);
            Value first = from.or(() -> to)
                    .orElseThrow(() -> new IllegalArgumentException("range on " + field + " must have a bound"));
            if (!(first instanceof Value.Number || first instanceof Value.Moment)) {
                throw new IllegalArgumentException("range on " + field + " must have numbers or moments as bounds");
            }
            if (to.isPresent() && to.get().getClass() != first.getClass()) {
                throw new IllegalArgumentException("range on " + field + " must have bounds of one kind");
            }
        }

        /**
         * {@return a range that {@code from} and what is above it are in}
         *
         * @param field the metadata field; not blank
         * @param from a number or a moment
         * @throws IllegalArgumentException if {@code from} is neither
         */
        public static Range atLeast(String field, Value from) {
            return new Range(field, Optional.of(from), true, Optional.empty(), false);
        }

        /**
         * {@return a range that what is above {@code from} is in, {@code from} itself not}
         *
         * @param field the metadata field; not blank
         * @param from a number or a moment
         * @throws IllegalArgumentException if {@code from} is neither
         */
        public static Range above(String field, Value from) {
            return new Range(field, Optional.of(from), false, Optional.empty(), false);
        }

        /**
         * {@return a range that {@code to} and what is below it are in}
         *
         * @param field the metadata field; not blank
         * @param to a number or a moment
         * @throws IllegalArgumentException if {@code to} is neither
         */
        public static Range atMost(String field, Value to) {
            return new Range(field, Optional.empty(), false, Optional.of(to), true);
        }

        /**
         * {@return a range that what is below {@code to} is in, {@code to} itself not}
         *
         * @param field the metadata field; not blank
         * @param to a number or a moment
         * @throws IllegalArgumentException if {@code to} is neither
         */
        public static Range below(String field, Value to) {
            return new Range(field, Optional.empty(), false, Optional.of(to), false);
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return members(metadata, field).stream().anyMatch(this::within);
        }

        private boolean within(Value value) {
            Value bound = from.or(() -> to).orElseThrow();
            if (value.getClass() != bound.getClass()) {
                return false;
            }
            return from.map(b -> compare(value, b)).map(c -> c > 0 || c == 0 && fromInclusive).orElse(true)
                    && to.map(b -> compare(value, b)).map(c -> c < 0 || c == 0 && toInclusive).orElse(true);
        }
    }

    /**
     * The field has a {@link Value.Text} with this text in it; case counts.
     *
     * @param field the metadata field; not blank
     * @param text characters that must occur next to each other, as they are; every text has the empty one in it
     */
    record Contains(String field, String text) implements Filter {
        /**
         * Checks the field.
         *
         * @throws IllegalArgumentException if {@code field} is blank
         */
        public Contains {
            requireField(field);
            Objects.requireNonNull(text, "text");
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return members(metadata, field).stream()
                    .anyMatch(value -> value instanceof Value.Text t && t.value().contains(text));
        }
    }

    /**
     * All of these pass; true of none.
     *
     * @param filters in any order; copied
     */
    record And(List<Filter> filters) implements Filter {
        /** Copies the filters. */
        public And {
            filters = List.copyOf(filters);
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return filters.stream().allMatch(filter -> filter.matches(metadata));
        }
    }

    /**
     * At least one of these passes; false of none.
     *
     * @param filters in any order; copied
     */
    record Or(List<Filter> filters) implements Filter {
        /** Copies the filters. */
        public Or {
            filters = List.copyOf(filters);
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return filters.stream().anyMatch(filter -> filter.matches(metadata));
        }
    }

    /**
     * The other one does not pass: also what lacks the field.
     *
     * @param filter what must not pass
     */
    record Not(Filter filter) implements Filter {
        /** Holds the filter as it is. */
        public Not {
            Objects.requireNonNull(filter, "filter");
        }

        @Override
        public boolean matches(Map<String, Value> metadata) {
            return !filter.matches(metadata);
        }
    }

    private static List<Value> members(Map<String, Value> metadata, String field) {
        Value value = metadata.get(field);
        return value == null ? List.of() : value.members();
    }

    private static boolean sameAs(Value a, Value b) {
        return a instanceof Value.Moment && b instanceof Value.Moment ? compare(a, b) == 0 : a.equals(b);
    }

    private static int compare(Value a, Value b) {
        if (a instanceof Value.Number x && b instanceof Value.Number y) {
            return Double.compare(x.value(), y.value());
        }
        if (a instanceof Value.Moment x && b instanceof Value.Moment y) {
            return Long.compare(x.value().toEpochMilli(), y.value().toEpochMilli());
        }
        throw new IllegalArgumentException("numbers and moments can be compared");
    }

    private static void requireField(String field) {
        if (field.isBlank()) {
            throw new IllegalArgumentException("filter field must not be blank");
        }
    }

    private static void requireSingle(Value value) {
        if (value instanceof Value.Values) {
            throw new IllegalArgumentException("a filter compares with single values");
        }
    }
}
