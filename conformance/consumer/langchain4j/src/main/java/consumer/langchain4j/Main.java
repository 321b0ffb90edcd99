package consumer.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.rerank4j.langchain4j.RerankScoringModel;
import java.util.List;

/** One dependency and one line: the built-in model as LangChain4j's scoring model. */
public final class Main {

    private Main() {
    }

    public static void main(String[] args) {
        try (RerankScoringModel reranker = RerankScoringModel.builtIn()) {
            ScoringModel model = reranker;
            List<Double> scores = model.scoreAll(List.of(
                    TextSegment.from("Leave your laptop at the front desk."),
                    TextSegment.from("Employees receive 25 days of paid leave per year.")),
                    "how many days of paid leave do employees get").content();
            System.out.println(scores.size() + " scores, the " + (scores.get(1) > scores.get(0) ? "second" : "first")
                    + " is higher");
        }
    }
}
