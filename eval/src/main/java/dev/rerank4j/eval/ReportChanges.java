package dev.rerank4j.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The queries that changed most, with what both systems found. */
final class ReportChanges {

    private static final int QUERIES = 20;
    private static final int HITS = 10;
    private static final int SNIPPET = 180;

    /** How many are unfolded when the page opens. */
    private static final int OPEN = 3;

    private final Difference difference;
    private final boolean graded;

    ReportChanges(Difference difference) {
        this.difference = difference;
        this.graded = difference.changes().stream()
                .anyMatch(change -> highest(change.beforeHits()) > 1 || highest(change.afterHits()) > 1);
    }

    private static int highest(List<Difference.Shown> hits) {
        return hits.stream().mapToInt(hit -> hit.grade().orElse(0)).max().orElse(0);
    }

    void write(HtmlWriter html) {
        List<Difference.Change> changes = difference.changes().stream().limit(QUERIES).toList();
        for (int i = 0; i < changes.size(); i++) {
            change(html, changes.get(i), i < OPEN);
        }
    }

    private void change(HtmlWriter html, Difference.Change change, boolean open) {
        double gain = change.after() - change.before();
        html.open("details", "change " + (gain > 0 ? "better" : "worse"));
        if (open) {
            html.attribute("open", "open");
        }
        html.open("summary");
        html.leaf("span", "delta", ReportNumbers.signed(gain));
        html.open("span", "asked");
        html.foreign("span", "query",
                change.text().isBlank() ? HtmlText.name(change.query()) : HtmlText.brief(change.text(), 400));
        html.open("span", "facts");
        if (!change.text().isBlank()) {
            html.foreign("bdi", "id", HtmlText.name(change.query())).text(" · ");
        }
        html.text(ReportNumbers.metricName(difference.metric()) + " " + ReportNumbers.metric(change.before()) + " → "
                + ReportNumbers.metric(change.after()));
        moved(change).ifPresent(moved -> html.text(" · " + moved));
        html.close().close().close();
        html.open("div", "sides");
        side(html, change, difference.before(), "before", change.beforeHits(), change.afterHits(), "now");
        side(html, change, difference.after(), "after", change.afterHits(), change.beforeHits(), "was");
        html.close().close();
    }

    /** Where the first relevant document stands in both, which is most of the reason. */
    private static Optional<String> moved(Difference.Change change) {
        OptionalInt before = firstRelevant(change.beforeHits());
        OptionalInt after = firstRelevant(change.afterHits());
        if (before.isEmpty() && after.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("first relevant document " + place(before, change.beforeHits()) + " → "
                + place(after, change.afterHits()));
    }

    private static String place(OptionalInt rank, List<Difference.Shown> hits) {
        return rank.isPresent() ? "#" + rank.getAsInt() : "below #" + hits.size();
    }

    private static OptionalInt firstRelevant(List<Difference.Shown> hits) {
        for (int i = 0; i < hits.size(); i++) {
            if (hits.get(i).grade().orElse(0) > 0) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    private void side(HtmlWriter html, Difference.Change change, String system, String when,
            List<Difference.Shown> hits, List<Difference.Shown> others, String verb) {
        html.open("section", "side");
        html.open("h3").leaf("span", "when", when).text(" ").foreign("bdi", "", HtmlText.name(system)).close();
        if (hits.isEmpty()) {
            html.leaf("p", "muted", "found nothing");
        } else {
            Map<String, Integer> elsewhere = new HashMap<>();
            for (int i = 0; i < others.size(); i++) {
                elsewhere.putIfAbsent(others.get(i).document(), i + 1);
            }
            html.open("ol");
            for (int i = 0; i < Math.min(HITS, hits.size()); i++) {
                hit(html, change, hits.get(i), i + 1, verb, elsewhere, others.size());
            }
            html.close();
        }
        html.close();
    }

    private void hit(HtmlWriter html, Difference.Change change, Difference.Shown hit, int rank, String verb,
            Map<String, Integer> elsewhere, int others) {
        html.open("li", hit.grade().orElse(0) > 0 ? "relevant" : "");
        html.leaf("span", "rank", String.valueOf(rank));
        html.open("div", "what");
        html.foreign("div", "title", HtmlText.brief(hit.title().isBlank() ? hit.document() : hit.title(), 200));
        html.open("div", "facts");
        html.leaf("span", "grade " + gradeClass(hit.grade()), grade(hit.grade()));
        html.text(" ").leaf("span", "move", movement(rank, verb, elsewhere.get(hit.document()), others));
        if (!hit.title().isBlank()) {
            html.text(" ").foreign("bdi", "id", HtmlText.name(hit.document()));
        }
        html.close();
        if (!hit.text().isBlank()) {
            html.open("div", "snippet").attribute("dir", "auto");
            HtmlSnippet.of(hit.text(), change.text(), SNIPPET).write(html);
            html.close();
        }
        html.close().close();
    }

    /**
     * @param verb "was" or "now": where the other place lies in time
     * @param other the place there, if it is known
     */
    private static String movement(int rank, String verb, @Nullable Integer other, int others) {
        if (other == null) {
            return others == 0 ? "" : arrow(verb, rank, Integer.MAX_VALUE) + verb + " below #" + others;
        }
        return other == rank ? "same place" : arrow(verb, rank, other) + verb + " #" + other;
    }

    private static String arrow(String verb, int here, int there) {
        return verb.equals("was") == there > here ? "↑ " : "↓ ";
    }

    private String grade(OptionalInt grade) {
        if (grade.isEmpty()) {
            return "not judged";
        }
        if (grade.getAsInt() <= 0) {
            return "not relevant";
        }
        return graded ? "relevant, grade " + grade.getAsInt() : "relevant";
    }

    private static String gradeClass(OptionalInt grade) {
        return grade.isEmpty() ? "unjudged" : grade.getAsInt() > 0 ? "yes" : "no";
    }
}
