package dev.rerank4j.lucene;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;

/** Filters as Lucene queries that find exactly what {@link Filter#matches} lets pass. */
final class FilterQueries {

    private static final Query ALL = MatchAllDocsQuery.INSTANCE;
    private static final Query NOTHING = MatchNoDocsQuery.INSTANCE;

    private FilterQueries() {
    }

    static Query of(Filter filter) {
        return switch (filter) {
            case Filter.Equal equal -> in(equal.field(), List.of(equal.value()));
            case Filter.In in -> in(in.field(), in.values());
            case Filter.Range range -> range(range);
            case Filter.Contains contains -> anyOf(List.of(
                    new ContainsInTermsQuery(contains), new ContainsInStoredQuery(contains)));
            case Filter.And and -> allOf(and.filters().stream().map(FilterQueries::of).toList());
            case Filter.Or or -> anyOf(or.filters().stream().map(FilterQueries::of).toList());
            case Filter.Not not -> new BooleanQuery.Builder()
                    .add(ALL, Occur.FILTER).add(of(not.filter()), Occur.MUST_NOT).build();
        };
    }

    private static Query in(String field, Collection<Value> values) {
        List<BytesRef> terms = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        List<Long> moments = new ArrayList<>();
        for (Value value : values) {
            switch (value) {
                case Value.Text text -> terms.add(Layout.exact(text.value()));
                case Value.Flag flag -> terms.add(Layout.flag(flag.value()));
                case Value.Number number -> numbers.add(number.value());
                case Value.Moment moment -> moments.add(moment.value().toEpochMilli());
                case Value.Values several -> throw new IllegalArgumentException("a filter compares with single values");
            }
        }
        List<Query> kinds = new ArrayList<>();
        if (!terms.isEmpty()) {
            kinds.add(new TermInSetQuery(Layout.terms(field), terms));
        }
        if (!numbers.isEmpty()) {
            kinds.add(DoublePoint.newSetQuery(Layout.numbers(field), numbers));
        }
        if (!moments.isEmpty()) {
            kinds.add(LongPoint.newSetQuery(Layout.moments(field), moments));
        }
        return anyOf(kinds);
    }

    private static Query range(Filter.Range range) {
        return switch (range.from().or(range::to).orElseThrow()) {
            case Value.Number ignored -> numbers(range);
            case Value.Moment ignored -> moments(range);
            default -> throw new IllegalArgumentException("range must have numbers or moments as bounds");
        };
    }

    private static Query numbers(Filter.Range range) {
        Optional<Double> from = range.from().map(value -> ((Value.Number) value).value());
        Optional<Double> to = range.to().map(value -> ((Value.Number) value).value());
        double low = from.map(x -> range.fromInclusive() ? x : DoublePoint.nextUp(x)).orElse(Double.NEGATIVE_INFINITY);
        double high = to.map(x -> range.toInclusive() ? x : DoublePoint.nextDown(x)).orElse(Double.POSITIVE_INFINITY);
        // compare, for 0.0 and -0.0 are neighbours here: the points next to zero on either side
        return Double.compare(low, high) > 0
                ? NOTHING
                : DoublePoint.newRangeQuery(Layout.numbers(range.field()), low, high);
    }

    private static Query moments(Filter.Range range) {
        Optional<Long> from = range.from().map(value -> ((Value.Moment) value).value().toEpochMilli());
        Optional<Long> to = range.to().map(value -> ((Value.Moment) value).value().toEpochMilli());
        if (!range.fromInclusive() && from.isPresent() && from.get() == Long.MAX_VALUE
                || !range.toInclusive() && to.isPresent() && to.get() == Long.MIN_VALUE) {
            return NOTHING;
        }
        long low = from.map(x -> range.fromInclusive() ? x : x + 1).orElse(Long.MIN_VALUE);
        long high = to.map(x -> range.toInclusive() ? x : x - 1).orElse(Long.MAX_VALUE);
        return low > high ? NOTHING : LongPoint.newRangeQuery(Layout.moments(range.field()), low, high);
    }

    private static Query allOf(List<Query> queries) {
        return switch (queries.size()) {
            case 0 -> ALL;
            case 1 -> queries.getFirst();
            default -> combined(queries, Occur.FILTER);
        };
    }

    private static Query anyOf(List<Query> queries) {
        return switch (queries.size()) {
            case 0 -> NOTHING;
            case 1 -> queries.getFirst();
            default -> combined(queries, Occur.SHOULD);
        };
    }

    private static Query combined(List<Query> queries, Occur occur) {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        queries.forEach(query -> builder.add(query, occur));
        return builder.build();
    }
}
