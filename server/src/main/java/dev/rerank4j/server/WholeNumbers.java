package dev.rerank4j.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.function.Function;

/**
 * Whole numbers as JSON has them, for which {@code 5.0} is one: some languages write every number so. Jackson by itself
 * either refuses it or takes {@code 5.7} for 5, too.
 */
final class WholeNumbers<N extends Number> extends StdScalarDeserializer<N> {

    private static final long serialVersionUID = 1L;

    private final transient Function<BigDecimal, N> exact;

    private WholeNumbers(Class<N> type, Function<BigDecimal, N> exact) {
        super(type);
        this.exact = exact;
    }

    static SimpleModule module() {
        return new SimpleModule("whole numbers")
                .addDeserializer(Integer.class, new WholeNumbers<>(Integer.class, BigDecimal::intValueExact))
                .addDeserializer(Long.class, new WholeNumbers<>(Long.class, BigDecimal::longValueExact));
    }

    @Override
    public N deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_NUMBER_INT) || parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
            try {
                return exact.apply(parser.getDecimalValue());
            } catch (ArithmeticException | NumberFormatException e) { // a fraction; too large; beyond all numbers
                return wrong(parser, context);
            }
        }
        return wrong(parser, context);
    }

    @SuppressWarnings("unchecked")
    private N wrong(JsonParser parser, DeserializationContext context) throws IOException {
        return (N) context.handleUnexpectedToken(handledType(), parser);
    }
}
