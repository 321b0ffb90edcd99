package dev.rerank4j.springai;

import dev.rerank4j.Filter;
import dev.rerank4j.RerankException;
import dev.rerank4j.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.Filter.ExpressionType;
import org.springframework.ai.vectorstore.filter.Filter.Group;
import org.springframework.ai.vectorstore.filter.Filter.Key;
import org.springframework.ai.vectorstore.filter.Filter.Operand;

/** {@link Filter}s as Spring AI's filter expressions. What has no counterpart is refused by its name, never left out. */
sealed interface FilterWriter {

    /** Everything passes: their requests then have no expression. */
    record All() implements FilterWriter {
    }

    /** Nothing passes: a store need not be asked, and many could not be. */
    record Nothing() implements FilterWriter {
    }

    /** What their stores understand. */
    record Some(Expression expression) implements FilterWriter {
    }

    /** @throws RerankException {@code INVALID_REQUEST} if it says what their expressions cannot */
    static FilterWriter write(Filter filter) {
        return switch (filter) {
            case Filter.And and -> join(and.filters(), true);
            case Filter.Or or -> join(or.filters(), false);
            case Filter.Not not -> switch (write(not.filter())) {
                case All all -> new Nothing();
                case Nothing nothing -> new All();
                case Some some -> some(ExpressionType.NOT, new Group(some.expression()), Optional.empty());
            };
            case Filter.Equal equal -> compare(ExpressionType.EQ, equal.field(), equal.value());
            case Filter.In in when in.values().isEmpty() -> new Nothing();
            case Filter.In in -> some(ExpressionType.IN, new Key(in.field()),
                    Optional.of(value(in.values().stream().map(MetadataValues::object).toList())));
            case Filter.Range range -> conjunction(Stream.<FilterWriter>concat(
                    range.from().map(from -> compare(range.fromInclusive() ? ExpressionType.GTE : ExpressionType.GT,
                            range.field(), from)).stream(),
                    range.to().map(to -> compare(range.toInclusive() ? ExpressionType.LTE : ExpressionType.LT,
                            range.field(), to)).stream())
                    .toList());
            case Filter.Contains contains -> throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    "filter Contains (on " + contains.field()
                            + ") has no counterpart in Spring AI's filter expressions");
        };
    }

    private static FilterWriter join(List<Filter> filters, boolean all) {
        List<FilterWriter> parts = filters.stream().map(FilterWriter::write).toList();
        return all ? conjunction(parts) : disjunction(parts);
    }

    private static FilterWriter conjunction(List<FilterWriter> parts) {
        return parts.stream().anyMatch(Nothing.class::isInstance)
                ? new Nothing()
                : fold(parts, ExpressionType.AND).map(FilterWriter.class::cast).orElseGet(All::new);
    }

    private static FilterWriter disjunction(List<FilterWriter> parts) {
        return parts.stream().anyMatch(All.class::isInstance)
                ? new All()
                : fold(parts, ExpressionType.OR).map(FilterWriter.class::cast).orElseGet(Nothing::new);
    }

    private static Optional<Some> fold(List<FilterWriter> parts, ExpressionType type) {
        BinaryOperator<Some> join = (a, b) -> some(type, grouped(a), Optional.of(grouped(b)));
        return parts.stream().filter(Some.class::isInstance).map(Some.class::cast).reduce(join);
    }

    private static Operand grouped(Some some) {
        return switch (some.expression().type()) {
            case AND, OR -> new Group(some.expression());
            default -> some.expression();
        };
    }

    private static Some compare(ExpressionType type, String field, Value value) {
        return some(type, new Key(field), Optional.of(value(MetadataValues.object(value))));
    }

    private static Operand value(Object object) {
        return new org.springframework.ai.vectorstore.filter.Filter.Value(object);
    }

    private static Some some(ExpressionType type, Operand left, Optional<Operand> right) {
        return new Some(right.map(operand -> new Expression(type, left, operand))
                .orElseGet(() -> new Expression(type, left)));
    }
}
