package dev.rerank4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@link Reranker#cascade}. */
record CascadeReranker(List<CascadeStage> cascade) implements Reranker {

    private static final String NAME = "rerank";

    CascadeReranker {
        cascade = List.copyOf(cascade);
        if (cascade.isEmpty()) {
            throw new IllegalArgumentException("a cascade must have at least one stage, got none");
        }
        for (int i = 1; i < cascade.size(); i++) {
            if (cascade.get(i).depth() > cascade.get(i - 1).depth()) {
                throw new IllegalArgumentException("depths of a cascade must not grow, got " + cascade.get(i).depth()
                        + " after " + cascade.get(i - 1).depth());
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        if (candidates.isEmpty()) {
            return Ranking.builder(NAME).build();
        }
        List<RerankException> failures = new ArrayList<>();
        return rerankIn((name, work) -> answer(work, failures), query, candidates, limit, deadline)
                .orElseThrow(() -> together(failures));
    }

    private static Optional<Ranking> answer(Supplier<Ranking> work, List<RerankException> failures) {
        try {
            return Optional.of(work.get());
        } catch (RerankException e) {
            failures.add(e);
            return Optional.empty();
        }
    }

    private static RerankException together(List<RerankException> failures) {
        RerankException first = failures.getFirst();
        RerankException all = new RerankException(first.kind(), "no stage of the cascade answered ("
                + String.join("; ", failures.stream().map(Throwable::getMessage).toList()) + ")", first);
        failures.stream().skip(1).forEach(all::addSuppressed);
        return all;
    }

    @Override
    public Optional<Ranking> rerankIn(Stages stages, Query query, Ranking candidates, int limit, Deadline deadline) {
        Ranking best = candidates;
        List<Hit> behind = List.of();
        boolean answered = false;
        for (int place = 1; place <= cascade.size() && !best.isEmpty(); place++) {
            CascadeStage stage = cascade.get(place - 1);
            Ranking read = best.top(stage.depth());
            int most = place < cascade.size() ? stage.depth() : Math.min(limit, stage.depth());
            String suffix = "-" + place;
            Optional<Ranking> ranking = stages.run(stage.reranker().name() + suffix, () -> {
                deadline.check("the stage before"); // or the model would read for nobody
                requireUnranked(read);
                return numbered(stage.reranker().rerank(query, read, most, deadline).top(most), suffix, read);
            });
            if (ranking.isPresent()) {
                List<Hit> unread = new ArrayList<>(best.hits().subList(read.size(), best.size()));
                unread.addAll(behind);
                behind = unread;
                best = ranking.get();
                answered = true;
            }
        }
        return answered ? Optional.of(whole(best, behind).top(limit)) : Optional.empty();
    }

    /** Ranked by the cascade before: told before a model reads anything. */
    private static void requireUnranked(Ranking candidates) {
        for (Hit hit : candidates) {
            if (hit.evidence(NAME).isPresent()) {
                throw new IllegalArgumentException("stage " + NAME + " has already ranked passage "
                        + hit.passage().id() + ": give each stage of a search its own name");
            }
        }
    }

    /** What a stage said of what it read, under names with its place, as rerankers of one kind are named alike. */
    private static Ranking numbered(Ranking ranking, String suffix, Ranking read) {
        Map<String, List<String>> earlier = new HashMap<>();
        read.forEach(hit -> earlier.put(hit.passage().id(), hit.evidence().stream().map(Evidence::stage).toList()));
        Ranking.Builder numbered = Ranking.builder(ranking.stage() + suffix);
        for (Hit hit : ranking) {
            List<String> before = earlier.getOrDefault(hit.passage().id(), List.of());
            List<Evidence> evidence = hit.evidence().stream().filter(said -> !said.stage().equals(ranking.stage()))
                    .map(said -> before.contains(said.stage())
                            ? said
                            : new Evidence(said.stage() + suffix, said.rank(), said.score()))
                    .toList();
            numbered.add(new Hit(hit.passage(), hit.score(), hit.probability(), evidence));
        }
        return numbered.build();
    }

    /** What was read last, then what was not, in the order that it had. */
    private static Ranking whole(Ranking best, List<Hit> behind) {
        Ranking.Builder whole = Ranking.builder(NAME);
        double score = 0;
        for (Hit hit : best) {
            whole.add(hit);
            score = hit.score();
        }
        for (Hit hit : behind) {
            score = Math.max(-Double.MAX_VALUE, Math.min(score - 1, Math.nextDown(score)));
            whole.add(new Hit(hit.passage(), score, hit.probability(), hit.evidence()));
        }
        return whole.build();
    }
}
