package dev.rerank4j.examples.clinic;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What somebody asks, and what is known of the patient and the medicine.
 *
 * @param text the question, in their words
 * @param known by option: substance, route and age group, where they were said
 * @param sure the probability, 0 to 1, that a note must have to be the answer
 * @param context whether to print the block for a prompt instead of the answer
 */
record Ask(String text, Map<String, String> known, double sure, boolean context) {

    static final String HELP = """
            usage: examples/run clinic [OPTIONS] [QUESTION]

              --substance NAME  such as Velarin, Aquithrel or Pellunet
              --route NAME      such as oral, intravenous or inhaled
              --age GROUP       newborn, infant, child, adolescent, adult or "older adult"; with the last, notes for
                                adults are kept, as they apply where there is no special one
              --sure P          answer only if one note alone has this probability (0.5); else show the candidates
              --context         print the best as a block for a language model's prompt
              --help            this

            examples/run clinic "five day old baby with sepsis, can she have aquithrel by mouth?"
            examples/run clinic --age child "severe asthma attack, what to put in the nebuliser"
            examples/run clinic --substance Velarin "creatinine clearance 25, lung clot, how much in the first week?"

            Substances, doses and rules are invented: for nobody's treatment.
            """;

    /** More likely than not, by a calibrated probability: two notes cannot both be. */
    private static final double SURE = 0.5;

    private static final Map<String, String> FIELDS = Map.of("--substance", "substance", "--route", "route", "--age",
            "age_group");

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException with a sentence for people, if they make no sense
     */
    static Ask of(List<String> arguments) {
        Map<String, String> known = new TreeMap<>();
        double sure = SURE;
        boolean context = false;
        List<String> words = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            switch (argument) {
                case "--substance", "--route", "--age" -> known.put(argument, value(argument, rest));
                case "--sure" -> sure = probability(value(argument, rest));
                case "--context" -> context = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("there is no option " + argument + "; --help names them");
                    }
                    words.add(argument);
                }
            }
        }
        String text = words.isEmpty() ? Clinic.QUESTION : String.join(" ", words);
        if (text.isBlank()) {
            throw new IllegalArgumentException("ask something, got nothing but blanks");
        }
        return new Ask(text, known, sure, context);
    }

    /**
     * {@return what a note must say to be asked}
     *
     * @param values what the notes say in a field
     * @throws IllegalArgumentException with a sentence for people, if no note knows a circumstance
     */
    Filter filter(Function<String, Collection<String>> values) {
        List<Filter> filters = new ArrayList<>();
        known.forEach((option, said) -> {
            String field = FIELDS.get(option);
            Collection<String> possible = values.apply(field);
            String value = possible.stream().filter(said::equalsIgnoreCase).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(option + " must be one of "
                            + String.join(", ", possible) + ", got " + said));
            Set<Value> wanted = new HashSet<>(Set.of(Value.of(value)));
            if (value.equals("older adult")) {
                wanted.add(Value.of("adult")); // holds where there is no special note
            }
            filters.add(new Filter.In(field, wanted));
        });
        return filters.isEmpty() ? Filter.NONE : new Filter.And(filters);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value; --help says which");
        }
        return rest.next();
    }

    private static double probability(String number) {
        try {
            double probability = Double.parseDouble(number);
            if (probability >= 0 && probability <= 1) {
                return probability;
            }
        } catch (NumberFormatException e) {
            // not a number: as one out of range
        }
        throw new IllegalArgumentException("--sure must be a probability from 0 to 1, got " + number);
    }
}
