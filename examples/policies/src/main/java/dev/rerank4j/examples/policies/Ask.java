package dev.rerank4j.examples.policies;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What somebody asks, and what is known of them.
 *
 * @param text the question, in their words
 * @param known by metadata field: country and contract, where they were said
 * @param old whether clauses that were replaced by others count too
 * @param context whether to print the block for a prompt instead of the answer
 */
record Ask(String text, Map<String, String> known, boolean old, boolean context) {

    static final String HELP = """
            usage: examples/run policies [OPTIONS] [QUESTION]

              --country NAME   Estonia, Ireland, Norway or Portugal; clauses for all countries are kept
              --contract KIND  permanent, fixed-term, apprentice or contractor; clauses for all contracts are kept
              --old            also clauses that were replaced: for what happened while they were in force
              --context        print the best as a block for a language model's prompt
              --help           this

            examples/run policies "May I bring my 12-year-old along to see the hall in Bergen?"
            examples/run policies --country Ireland --contract permanent "sick for two days, joined last month, paid?"
            examples/run policies --old "which rate for a drive to Galway in October 2024, 1.4 litre petrol car"
            """;

    /** What a field of a clause says that applies whatever the circumstances. */
    static final String ALL = "all";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException with a sentence for people, if they make no sense
     */
    static Ask of(List<String> arguments) {
        Map<String, String> known = new TreeMap<>();
        boolean old = false;
        boolean context = false;
        List<String> words = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            switch (argument) {
                case "--country", "--contract" -> {
                    if (!rest.hasNext()) {
                        throw new IllegalArgumentException(argument + " needs a value; --help says which");
                    }
                    known.put(argument.substring(2), rest.next());
                }
                case "--old" -> old = true;
                case "--context" -> context = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("there is no option " + argument + "; --help names them");
                    }
                    words.add(argument);
                }
            }
        }
        String text = words.isEmpty() ? Policies.QUESTION : String.join(" ", words);
        if (text.isBlank()) {
            throw new IllegalArgumentException("ask something, got nothing but blanks");
        }
        return new Ask(text, known, old, context);
    }

    /**
     * {@return what a clause must say to be asked}
     *
     * @param values what the clauses say in a field
     * @throws IllegalArgumentException with a sentence for people, if no clause knows a circumstance
     */
    Filter filter(Function<String, Collection<String>> values) {
        List<Filter> filters = new ArrayList<>();
        if (!old) {
            filters.add(new Filter.Equal("superseded", Value.of(false)));
        }
        known.forEach((field, said) -> {
            List<String> possible = values.apply(field).stream().filter(value -> !value.equals(ALL)).toList();
            String value = possible.stream().filter(said::equalsIgnoreCase).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--" + field + " must be one of "
                            + String.join(", ", possible) + ", got " + said));
            filters.add(new Filter.In(field, Set.of(Value.of(value), Value.of(ALL)))); // general clauses apply too
        });
        return filters.isEmpty() ? Filter.NONE : new Filter.And(filters);
    }
}
