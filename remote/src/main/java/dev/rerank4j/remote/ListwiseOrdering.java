package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@link LanguageModels#listwise}. A window of hits is put in order, beginning at the back; it moves forward by less
 * than its size, so that the best of it come along.
 */
record ListwiseOrdering(ChatService service, Prompt text, int window, int stride) implements Ordering {

    private static final String PROMPT = "listwise-1";
    private static final int FRAME = 512; // tokens of the instructions, the repair included
    private static final int PASSAGE_FRAME = 24; // tokens around a passage
    private static final int NUMBER_TOKENS = 8; // of "[20] > "
    private static final int REPEATED = 256; // tokens of an answer that the model is shown again

    static ListwiseOrdering of(ChatService service, int window, int stride) {
        return new ListwiseOrdering(service, Prompt.load(PROMPT), window, stride);
    }

    @Override
    public String prompt() {
        return text.name();
    }

    @Override
    public List<Hit> order(String query, List<Hit> hits, int limit, Deadline deadline) {
        List<Hit> order = new ArrayList<>(hits);
        boolean read = false;
        int start = order.size();
        for (int end = order.size(); start > 0; end -= stride) {
            start = Math.max(0, end - window);
            List<Hit> shown = List.copyOf(order.subList(start, end));
            if (shown.size() < 2) {
                break; // one is in order
            }
            Permutation permutation = permutation(query, shown, deadline);
            read |= !permutation.named().isEmpty();
            List<Integer> places = permutation.order();
            for (int i = 0; i < places.size(); i++) {
                order.set(start + i, shown.get(places.get(i)));
            }
        }
        if (!read) {
            throw new RerankException(Kind.MODEL, "the model at " + service.model().api().service()
                    + " orders nothing: its answers name no passages; "
                    + "use another model, or if it thinks first, allow it to");
        }
        return order;
    }

    /** What the model says, or says when it is asked again, whichever names more. */
    private Permutation permutation(String query, List<Hit> shown, Deadline deadline) {
        List<ChatMessage> conversation = conversation(query, shown);
        String answer = ask(conversation, shown.size(), deadline);
        Permutation first = Permutation.read(answer, shown.size());
        if (first.usable()) {
            return first;
        }
        String repeated = PromptText.line(PromptText.cut(answer, REPEATED, Side.END).text());
        conversation.add(ChatMessage.assistant(repeated.isEmpty() ? "-" : repeated));
        conversation.add(ChatMessage.user(text.fill("repair", Map.of("named", first.named().size() + "", "count",
                shown.size() + ""))));
        Permutation second = Permutation.read(ask(conversation, shown.size(), deadline), shown.size());
        return second.named().size() > first.named().size() ? second : first;
    }

    private String ask(List<ChatMessage> conversation, int count, Deadline deadline) {
        LanguageModelOptions model = service.model();
        int context = ContextSize.of(FRAME + 2 * QueryLimit.TOKENS + window * (model.passageTokens() + PASSAGE_FRAME
                + NUMBER_TOKENS) + REPEATED + model.thinkingTokens());
        return service.ask(ChatRequest.of(conversation, NUMBER_TOKENS * (count + 4), model.thinkingTokens(), context),
                deadline).spoken();
    }

    private List<ChatMessage> conversation(String query, List<Hit> shown) {
        Map<String, String> all = Map.of("query", PromptText.line(query), "count", shown.size() + "");
        List<ChatMessage> said = new ArrayList<>();
        said.add(ChatMessage.system(text.fill("system", all)));
        said.add(ChatMessage.user(text.fill("opening", all)));
        said.add(ChatMessage.assistant(text.fill("opening-answer", all)));
        for (int i = 0; i < shown.size(); i++) {
            Map<String, String> one = Map.of("number", i + 1 + "", "passage", LanguageModelReranker.shown(shown.get(i),
                    service.model()));
            said.add(ChatMessage.user(text.fill("passage", one)));
            said.add(ChatMessage.assistant(text.fill("passage-answer", one)));
        }
        said.add(ChatMessage.user(text.fill("closing", all)));
        return said;
    }
}
