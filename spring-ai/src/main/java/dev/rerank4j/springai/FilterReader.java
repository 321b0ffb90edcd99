package dev.rerank4j.springai;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.Filter.Group;
import org.springframework.ai.vectorstore.filter.Filter.Key;
import org.springframework.ai.vectorstore.filter.Filter.Operand;
import org.springframework.ai.vectorstore.filter.FilterExpressionTextParser;

/** Spring AI's filter expressions as {@link Filter}s. What has no counterpart is refused by its name, never left out. */
final class FilterReader {

    /** Deeper ones come from programs gone wrong, and would end in a stack overflow somewhere else. */
    private static final int DEEPEST = 1_000;

    private FilterReader() {
    }

    /** @throws IllegalArgumentException if it is not in their language, or says what filters cannot */
    static Filter read(String expression) {
        try {
            return read(new FilterExpressionTextParser().parse(expression));
        } catch (FilterExpressionTextParser.FilterExpressionParseException e) {
            throw new IllegalArgumentException("filter expression cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** @throws IllegalArgumentException if it says what filters cannot */
    static Filter read(Expression expression) {
        return read(expression, 1);
    }

    private static Filter read(@Nullable Operand operand, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("filter expression must not be nested deeper than " + DEEPEST);
        }
        return switch (operand) {
            case Group group -> read(group.content(), depth + 1);
            case Expression expression -> switch (expression.type()) {
                case AND -> new Filter.And(List.of(read(expression.left(), depth + 1),
                        read(expression.right(), depth + 1)));
                case OR -> new Filter.Or(List.of(read(expression.left(), depth + 1),
                        read(expression.right(), depth + 1)));
                case NOT -> new Filter.Not(read(expression.left(), depth + 1));
                case EQ -> new Filter.In(field(expression), forms(expression, single(expression)));
                case NE -> new Filter.Not(new Filter.In(field(expression), forms(expression, single(expression))));
                case IN -> new Filter.In(field(expression), several(expression));
                case NIN -> new Filter.Not(new Filter.In(field(expression), several(expression)));
                case GT -> Filter.Range.above(field(expression), bound(expression));
                case GTE -> Filter.Range.atLeast(field(expression), bound(expression));
                case LT -> Filter.Range.below(field(expression), bound(expression));
                case LTE -> Filter.Range.atMost(field(expression), bound(expression));
                case ISNULL, ISNOTNULL -> throw new IllegalArgumentException("filter operator " + expression.type()
                        + " (on " + field(expression) + ") has no counterpart; there are AND, OR, NOT, EQ, NE, GT, GTE,"
                        + " LT, LTE, IN and NIN");
            };
            case null, default -> throw new IllegalArgumentException(
                    "filter expression must be made of expressions and groups, got "
                            + (operand == null ? "nothing" : operand.getClass().getSimpleName()));
        };
    }

    private static String field(Expression expression) {
        if (!(expression.left() instanceof Key key)) {
            throw new IllegalArgumentException("filter operator " + expression.type() + " must have a key on its left");
        }
        String name = key.key();
        boolean quoted = name.length() >= 2 && (name.startsWith("\"") && name.endsWith("\"")
                || name.startsWith("'") && name.endsWith("'"));
        return quoted ? name.substring(1, name.length() - 1) : name;
    }

    private static Object right(Expression expression) {
        if (expression.right() instanceof org.springframework.ai.vectorstore.filter.Filter.Value value
                && present(value.value())) {
            return value.value();
        }
        throw new IllegalArgumentException("filter operator " + expression.type() + " (on " + field(expression)
                + ") must have a value on its right");
    }

    private static boolean present(@Nullable Object value) {
        return value != null; // theirs promises as much and does not check
    }

    private static Object single(Expression expression) {
        return right(expression);
    }

    private static Set<Value> several(Expression expression) {
        if (!(right(expression) instanceof Iterable<?> values)) {
            throw new IllegalArgumentException("filter operator " + expression.type() + " (on " + field(expression)
                    + ") must have a list on its right");
        }
        Set<Value> all = new HashSet<>();
        for (Object value : values) {
            if (!present(value)) {
                throw new IllegalArgumentException("filter operator " + expression.type() + " (on "
                        + field(expression) + ") must have no null in its list");
            }
            all.addAll(forms(expression, value));
        }
        return all;
    }

    /** A text that names a moment is one in some indexes and a text in others: either will do. */
    private static Set<Value> forms(Expression expression, Object object) {
        Value value = MetadataValues.value(object);
        if (value instanceof Value.Values) {
            throw new IllegalArgumentException("filter operator " + expression.type() + " (on " + field(expression)
                    + ") must compare with single values");
        }
        return object instanceof CharSequence text
                ? Set.copyOf(List.of(value, Value.of(text.toString())))
                : Set.of(value);
    }

    private static Value bound(Expression expression) {
        Value value = MetadataValues.value(right(expression));
        if (!(value instanceof Value.Number || value instanceof Value.Moment)) {
            throw new IllegalArgumentException("filter operator " + expression.type() + " (on " + field(expression)
                    + ") must compare with a number or a date, got a " + value.getClass().getSimpleName().toLowerCase(
                            Locale.ROOT));
        }
        return value;
    }
}
