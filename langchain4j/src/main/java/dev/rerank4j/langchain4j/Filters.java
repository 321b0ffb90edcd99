package dev.rerank4j.langchain4j;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's filters as ours, and the other way round: what both let pass is the same, for metadata of the type that
 * the filter compares with. Where the types differ, theirs fails and ours does not match.
 */
final class Filters {

    /** So many conditions within conditions; a chain of one operator counts as one, however long. */
    static final int MAX_DEPTH = 100;

    private static final String THEIRS = Filter.class.getPackageName();

    private Filters() {
    }

    /**
     * @param filter null for none
     * @throws IllegalArgumentException if it is nested too deep, is of an unknown class, or compares with what a {@link
     *         Value} cannot hold or order
     */
    static dev.rerank4j.Filter ours(@Nullable Filter filter) {
        return filter == null ? dev.rerank4j.Filter.NONE : ours(filter, 0);
    }

    private static dev.rerank4j.Filter ours(Filter filter, int depth) {
        checkDepth(depth);
        if (!filter.getClass().getPackageName().startsWith(THEIRS)) {
            throw unknown(filter); // also a subclass of a known one: it may mean something else
        }
        return switch (filter) {
            case IsEqualTo is -> new dev.rerank4j.Filter.Equal(is.key(), value(is.key(), is.comparisonValue()));
            case IsNotEqualTo is -> new dev.rerank4j.Filter.Not(
                    new dev.rerank4j.Filter.Equal(is.key(), value(is.key(), is.comparisonValue())));
            case IsGreaterThan is -> dev.rerank4j.Filter.Range.above(is.key(), bound(is.key(), is.comparisonValue()));
            case IsGreaterThanOrEqualTo is -> dev.rerank4j.Filter.Range.atLeast(is.key(),
                    bound(is.key(), is.comparisonValue()));
            case IsLessThan is -> dev.rerank4j.Filter.Range.below(is.key(), bound(is.key(), is.comparisonValue()));
            case IsLessThanOrEqualTo is -> dev.rerank4j.Filter.Range.atMost(is.key(),
                    bound(is.key(), is.comparisonValue()));
            case IsIn is -> in(is.key(), is.comparisonValues());
            case IsNotIn is -> new dev.rerank4j.Filter.Not(in(is.key(), is.comparisonValues()));
            case ContainsString contains -> new dev.rerank4j.Filter.Contains(contains.key(),
                    contains.comparisonValue());
            case And and -> new dev.rerank4j.Filter.And(chain(and, depth,
                    f -> f instanceof And a ? List.of(a.left(), a.right()) : List.of()));
            case Or or -> any(chain(or, depth,
                    f -> f instanceof Or o ? List.of(o.left(), o.right()) : List.of()));
            case Not not -> new dev.rerank4j.Filter.Not(ours(not.expression(), depth + 1));
            default -> throw unknown(filter);
        };
    }

    /** The operands of a chain such as {@code a.or(b).or(c)}, in order, without recursion: such chains get long. */
    private static List<dev.rerank4j.Filter> chain(Filter root, int depth, Function<Filter, List<Filter>> operands) {
        List<dev.rerank4j.Filter> flat = new ArrayList<>();
        Deque<Filter> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Filter next = open.pop();
            List<Filter> inner = operands.apply(next);
            if (inner.isEmpty()) {
                flat.add(ours(next, depth + 1));
            } else {
                inner.reversed().forEach(open::push);
            }
        }
        return flat;
    }

    /** Values of one field in one condition: an index takes thousands of values, but not thousands of conditions. */
    private static dev.rerank4j.Filter any(List<dev.rerank4j.Filter> filters) {
        Map<String, Set<Value>> values = new LinkedHashMap<>();
        List<dev.rerank4j.Filter> conditions = new ArrayList<>();
        for (dev.rerank4j.Filter filter : filters) {
            switch (filter) {
                case dev.rerank4j.Filter.Equal equal -> values
                        .computeIfAbsent(equal.field(), field -> new HashSet<>()).add(equal.value());
                case dev.rerank4j.Filter.In in -> values.computeIfAbsent(in.field(), field -> new HashSet<>())
                        .addAll(in.values());
                default -> conditions.add(filter);
            }
        }
        values.forEach((field, several) -> conditions.add(new dev.rerank4j.Filter.In(field, several)));
        return conditions.size() == 1 ? conditions.getFirst() : new dev.rerank4j.Filter.Or(conditions);
    }

    private static dev.rerank4j.Filter in(String field, Collection<?> values) {
        return new dev.rerank4j.Filter.In(field,
                values.stream().map(value -> value(field, value)).collect(Collectors.toSet()));
    }

    private static Value value(String field, Object value) {
        return switch (value) {
            case String text -> Value.of(text);
            case UUID id -> Value.of(id.toString());
            case Boolean flag -> Value.of(flag);
            case Instant moment -> Value.of(moment);
            case Number number -> Segments.number(number).map(Value::of)
                    .orElseThrow(() -> new IllegalArgumentException("filter on " + field + " compares with a "
                            + number.getClass().getSimpleName() + " that no double holds exactly: keep such values as"
                            + " text"));
            default -> throw new IllegalArgumentException("filter on " + field + " compares with a "
                    + value.getClass().getName() + ": texts, UUIDs, numbers, booleans and instants can be compared");
        };
    }

    private static Value bound(String field, Object value) {
        Value bound = value(field, value);
        return switch (bound) {
            case Value.Number number -> number;
            case Value.Moment moment -> moment;
            case Value.Text text -> throw unordered(field, value);
            case Value.Flag flag -> throw unordered(field, value);
            case Value.Values several -> throw unordered(field, value);
        };
    }

    private static IllegalArgumentException unordered(String field, Object value) {
        return new IllegalArgumentException("filter on " + field + " asks for the order of a "
                + value.getClass().getName() + ": only numbers and instants are in order");
    }

    private static IllegalArgumentException unknown(Filter filter) {
        return new IllegalArgumentException("filter class " + filter.getClass().getName() + " is not supported");
    }

    /**
     * A filter for an embedding store.
     *
     * @param always whether everything passes, if there is no condition
     * @param condition empty if everything or nothing passes, which theirs cannot say
     */
    record Condition(Optional<Filter> condition, boolean always) {

        private static final Condition ALWAYS = new Condition(Optional.empty(), true);
        private static final Condition NEVER = new Condition(Optional.empty(), false);

        private static Condition of(Filter filter) {
            return new Condition(Optional.of(filter), false);
        }

        boolean never() {
            return condition.isEmpty() && !always;
        }
    }

    /**
     * @throws IllegalArgumentException if it is nested too deep or compares moments, which their metadata cannot hold
     */
    static Condition theirs(dev.rerank4j.Filter filter) {
        return theirs(filter, 0);
    }

    private static Condition theirs(dev.rerank4j.Filter filter, int depth) {
        checkDepth(depth);
        return switch (filter) {
            case dev.rerank4j.Filter.Equal equal -> Condition
                    .of(new IsEqualTo(equal.field(), plain(equal.field(), equal.value())));
            case dev.rerank4j.Filter.In in -> oneOf(in);
            case dev.rerank4j.Filter.Range range -> Condition.of(range(range));
            case dev.rerank4j.Filter.Contains contains -> Condition
                    .of(new ContainsString(contains.field(), contains.text()));
            case dev.rerank4j.Filter.And and -> joined(and.filters(), depth, Condition.ALWAYS, And::new);
            case dev.rerank4j.Filter.Or or -> joined(or.filters(), depth, Condition.NEVER, Or::new);
            case dev.rerank4j.Filter.Not not -> {
                Condition inner = theirs(not.filter(), depth + 1);
                yield inner.condition().map(condition -> Condition.of(new Not(condition)))
                        .orElse(inner.always() ? Condition.NEVER : Condition.ALWAYS);
            }
        };
    }

    /** One condition for each kind of value: theirs takes the first value for the type of all. */
    private static Condition oneOf(dev.rerank4j.Filter.In in) {
        List<Filter> kinds = new ArrayList<>();
        in.values().stream().map(value -> plain(in.field(), value))
                .collect(Collectors.partitioningBy(Number.class::isInstance)).values().stream()
                .filter(values -> !values.isEmpty())
                .forEach(values -> kinds.add(new IsIn(in.field(), values)));
        return kinds.isEmpty() ? Condition.NEVER : Condition.of(balanced(kinds, Or::new));
    }

    private static Filter range(dev.rerank4j.Filter.Range range) {
        List<Filter> bounds = new ArrayList<>();
        range.from().map(from -> (Comparable<?>) plain(range.field(), from)).ifPresent(from -> bounds.add(
                range.fromInclusive()
                        ? new IsGreaterThanOrEqualTo(range.field(), from)
                        : new IsGreaterThan(range.field(), from)));
        range.to().map(to -> (Comparable<?>) plain(range.field(), to)).ifPresent(to -> bounds.add(
                range.toInclusive()
                        ? new IsLessThanOrEqualTo(range.field(), to)
                        : new IsLessThan(range.field(), to)));
        return balanced(bounds, And::new);
    }

    /** What is neutral adds nothing; its opposite decides. */
    private static Condition joined(List<dev.rerank4j.Filter> filters, int depth, Condition neutral,
            BinaryOperator<Filter> operator) {
        List<Filter> conditions = new ArrayList<>();
        boolean decided = false;
        for (dev.rerank4j.Filter filter : filters) {
            Condition inner = theirs(filter, depth + 1);
            inner.condition().ifPresent(conditions::add);
            decided |= inner.condition().isEmpty() && inner.always() != neutral.always();
        }
        if (decided) {
            return neutral.always() ? Condition.NEVER : Condition.ALWAYS;
        }
        return conditions.isEmpty() ? neutral : Condition.of(balanced(conditions, operator));
    }

    /** As flat a tree as two operands allow, for stores walk it recursively. */
    private static Filter balanced(List<Filter> filters, BinaryOperator<Filter> operator) {
        int size = filters.size();
        return size == 1
                ? filters.getFirst()
                : operator.apply(balanced(filters.subList(0, size / 2), operator),
                        balanced(filters.subList(size / 2, size), operator));
    }

    private static Object plain(String field, Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Number number -> Segments.number(number.value());
            case Value.Flag flag -> Boolean.toString(flag.value());
            case Value.Moment moment -> throw new IllegalArgumentException("filter on " + field
                    + " compares moments: the metadata of embedding stores cannot hold them");
            case Value.Values several -> throw new IllegalArgumentException("a filter compares with single values");
        };
    }

    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("filter must not be nested more than " + MAX_DEPTH + " deep");
        }
    }
}
