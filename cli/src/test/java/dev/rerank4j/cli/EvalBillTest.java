package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.eval.Cost;
import dev.rerank4j.remote.RemoteCall;
import dev.rerank4j.remote.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What searches cost. */
class EvalBillTest {

    private static LoadedReranker.Remote model(String settings) {
        Config config = ConfigFile.parse("providers: {mine: " + settings + "}\nreranker: {model: mine}");
        LoadedReranker.Remote model = RemoteModel.open((ModelName.Remote) config.rerankers().getFirst(),
                new TestShell().shell());
        model.close();
        return model;
    }

    private static Usage tokens(long read, long written) {
        return new Usage(OptionalLong.of(read), OptionalLong.of(written), OptionalDouble.empty());
    }

    private static Usage units(double units) {
        return new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.of(units));
    }

    private static RemoteCall answered(Usage usage) {
        return new RemoteCall("mine", "m", 1, Duration.ofMillis(5), usage, Optional.empty());
    }

    private static RemoteCall failed() {
        return new RemoteCall("mine", "m", 1, Duration.ofMillis(5), Usage.UNKNOWN, Optional.of(Kind.UNAVAILABLE));
    }

    /** Searches, each with its calls. */
    @SafeVarargs
    private static Cost cost(LoadedReranker.Remote model, List<RemoteCall>... searches) {
        model.use().onCall(answered(units(1e6))); // of long before
        EvalBill bill = new EvalBill(new ArrayList<>(List.of(model)));
        for (List<RemoteCall> calls : searches) {
            bill.begin();
            calls.forEach(model.use()::onCall);
            bill.end();
        }
        return bill.cost();
    }

    @Test
    void unitsArePaidByTheThousand() {
        Cost cost = cost(model("{type: cohere, address: \"http://localhost:1\", price: 2.5, currency: USD}"),
                List.of(answered(units(1))), List.of(answered(units(1)), answered(units(2))));
        assertEquals(new Cost(1500, OptionalDouble.of(2000), "search units", OptionalDouble.of(5), "USD", 2), cost);
    }

    @Test
    void tokensArePaidByTheMillionAndWrittenOnesByTheirOwnPrice() {
        String chat = "{type: openai, address: \"http://localhost:1\", model: m, price: 3";
        List<RemoteCall> call = List.of(answered(tokens(1000, 100)));
        Cost cost = cost(model(chat + ", output-price: 10}"), call, call);
        assertEquals(1_100_000, cost.units().orElseThrow());
        assertEquals("tokens", cost.unit());
        assertEquals(1000 * (1000 * 3 + 100 * 10) / 1e6, cost.amount().orElseThrow(), 1e-9);
        assertEquals(OptionalDouble.empty(), cost(model(chat + "}"), call).amount(), "nobody says what writing costs");
    }

    @Test
    void oneSearchOfWhichNothingIsSaidIsEnoughNotToKnow() {
        Cost cost = cost(model("{type: cohere, address: \"http://localhost:1\", price: 2}"),
                List.of(answered(units(1))), List.of(answered(Usage.UNKNOWN)));
        assertEquals(1000, cost.calls());
        assertEquals(OptionalDouble.empty(), cost.units());
        assertEquals(OptionalDouble.empty(), cost.amount());
    }

    @Test
    void searchesInWhichAProviderFailedDoNotCount() {
        Cost cost = cost(model("{type: cohere, address: \"http://localhost:1\", price: 2}"),
                List.of(answered(units(1))), List.of(answered(units(1)), failed()), List.of(failed()));
        assertEquals(new Cost(1000, OptionalDouble.of(1000), "search units", OptionalDouble.of(2), "", 1), cost);
        Cost none = cost(model("{type: cohere, address: \"http://localhost:1\", price: 2}"), List.of(failed()));
        assertEquals(new Cost(0, OptionalDouble.empty(), "search units", OptionalDouble.empty(), "", 0), none);
    }

    @Test
    void whatIsPaidInSeveralUnitsOrCurrenciesHasNoSum() {
        LoadedReranker.Remote one = model("{type: cohere, address: \"http://localhost:1\", price: 2, currency: USD}");
        LoadedReranker.Remote other = model("{type: voyage, address: \"http://localhost:1\", price: 2, currency: USD}");
        EvalBill bill = new EvalBill(List.of(one, other));
        bill.begin();
        one.use().onCall(answered(units(1)));
        other.use().onCall(answered(units(5e5)));
        bill.end();
        assertEquals(new Cost(2000, OptionalDouble.empty(), "", OptionalDouble.of(2 + 1000), "USD", 1), bill.cost());
    }
}
