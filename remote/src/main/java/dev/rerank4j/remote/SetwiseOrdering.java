package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@link LanguageModels#setwise}. Heapsort, broken off when the best are found, whose comparison asks which of a parent
 * and its children is the best.
 */
record SetwiseOrdering(ChatService service, Prompt text, int set, int best) implements Ordering {

    private static final String PROMPT = "setwise-1";
    private static final int FRAME = 256; // tokens of the instructions
    private static final int PASSAGE_FRAME = 16; // tokens around a passage
    private static final int ANSWER = 8; // tokens of "Passage A", in quotation marks
    private static final Pattern LABEL = Pattern.compile("(?i:passage)[\\s:*\"'(\\[]*+([A-Z])\\b");
    private static final Pattern LETTER = Pattern.compile("(?<![\\p{L}\\p{N}'])[A-Z](?![\\p{L}\\p{N}'])");

    static SetwiseOrdering of(ChatService service, int set, int best) {
        return new SetwiseOrdering(service, Prompt.load(PROMPT), set, best);
    }

    @Override
    public String prompt() {
        return text.name();
    }

    @Override
    public List<Hit> order(String query, List<Hit> hits, int limit, Deadline deadline) {
        Heap heap = new Heap(query, hits, deadline);
        Set<Hit> order = new LinkedHashSet<>();
        int wanted = Math.min(Math.min(limit, best), hits.size());
        heap.build();
        while (order.size() < wanted) {
            order.add(heap.first());
            if (order.size() < wanted) {
                heap.removeFirst();
            }
        }
        if (!heap.read) {
            throw new RerankException(Kind.MODEL, "the model at " + service.model().api().service()
                    + " chooses nothing: its answers name no passage; "
                    + "use another model, or if it thinks first, allow it to");
        }
        order.addAll(hits);
        return List.copyOf(order);
    }

    /** Which of these is the best; empty if the answer does not say. */
    private OptionalInt choose(String query, List<Hit> shown, Deadline deadline) {
        LanguageModelOptions model = service.model();
        Map<String, String> all = Map.of("query", PromptText.line(query), "count", shown.size() + "", "first",
                label(0), "last", label(shown.size() - 1));
        StringBuilder question = new StringBuilder(text.fill("opening", all));
        for (int i = 0; i < shown.size(); i++) {
            question.append("\n\n").append(text.fill("passage", Map.of("label", label(i), "passage",
                    LanguageModelReranker.shown(shown.get(i), model))));
        }
        question.append("\n\n").append(text.fill("closing", all));
        int context = ContextSize.of(FRAME + QueryLimit.TOKENS + set * (model.passageTokens() + PASSAGE_FRAME)
                + model.thinkingTokens());
        ChatRequest request = ChatRequest.of(List.of(ChatMessage.system(text.fill("system", all)),
                ChatMessage.user(question.toString())), ANSWER, model.thinkingTokens(), context);
        return label(service.ask(request, deadline).spoken(), shown.size());
    }

    private static String label(int place) {
        return String.valueOf((char) ('A' + place));
    }

    /**
     * The place that an answer names: after the word passage, or as the only single letter of the answer that is a
     * label. An answer that names several says nothing.
     */
    static OptionalInt label(String answer, int of) {
        for (Pattern pattern : List.of(LABEL, LETTER)) {
            Matcher letters = pattern.matcher(answer);
            Set<Integer> named = new LinkedHashSet<>();
            while (letters.find()) {
                named.add(letters.group(letters.groupCount()).charAt(0) - 'A');
            }
            named.removeIf(place -> place >= of);
            if (named.size() == 1) {
                return OptionalInt.of(named.iterator().next());
            }
        }
        String alone = answer.replaceAll("[^\\p{L}]", "");
        int place = alone.length() == 1 ? Character.toUpperCase(alone.charAt(0)) - 'A' : -1;
        return place >= 0 && place < of ? OptionalInt.of(place) : OptionalInt.empty();
    }

    /** Hits, of which each is at least as good as its children. An answer that says nothing leaves them as they are. */
    private final class Heap {

        private final String query;
        private final List<Hit> hits;
        private final Deadline deadline;
        private boolean read;

        Heap(String query, List<Hit> hits, Deadline deadline) {
            this.query = query;
            this.hits = new ArrayList<>(hits);
            this.deadline = deadline;
        }

        void build() {
            for (int parent = (hits.size() - 2) / (set - 1); parent >= 0; parent--) {
                sink(parent);
            }
        }

        Hit first() {
            return hits.getFirst();
        }

        void removeFirst() {
            Hit last = hits.removeLast();
            hits.set(0, last);
            sink(0);
        }

        private void sink(int place) {
            int parent = place;
            int children = (set - 1) * parent + 1;
            while (children < hits.size()) {
                List<Hit> shown = new ArrayList<>(List.of(hits.get(parent)));
                shown.addAll(hits.subList(children, Math.min(children + set - 1, hits.size())));
                OptionalInt chosen = choose(query, shown, deadline);
                read |= chosen.isPresent();
                if (chosen.orElse(0) == 0) {
                    return;
                }
                int child = children + chosen.getAsInt() - 1;
                Collections.swap(hits, parent, child);
                parent = child;
                children = (set - 1) * parent + 1;
            }
        }
    }
}
