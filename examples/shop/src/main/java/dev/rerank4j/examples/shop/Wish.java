package dev.rerank4j.examples.shop;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a customer typed and clicked.
 *
 * @param text what they are after, in their words
 * @param filter what they clicked: category, price, only what is in stock
 * @param context whether to print the block for a prompt instead of the lists
 */
record Wish(String text, Filter filter, boolean context) {

    static final String HELP = """
            usage: examples/run shop [OPTIONS] [WHAT YOU ARE AFTER]

              --category NAME    jackets (if nothing is said), trousers, gloves, lights, bags, shoes, layers, headwear,
                                 locks; or all
              --max-price EUROS  nothing dearer
              --in-stock         only what can be sent today
              --context          print the best as a block for a language model's prompt
              --help             this

            examples/run shop warm but light jacket for cycling
            examples/run shop --category gloves "winter, but I still have to brake"
            examples/run shop --category lights --max-price 30 "cheap light for the city"
            """;

    private static final List<String> CATEGORIES = List.of("jackets", "trousers", "gloves", "lights", "bags", "shoes",
            "layers", "headwear", "locks");

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException with a sentence for people, if they make no sense
     */
    static Wish of(List<String> arguments) {
        String category = "jackets";
        List<Filter> filters = new ArrayList<>();
        boolean context = false;
        List<String> words = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            switch (argument) {
                case "--category" -> category = value(argument, rest);
                case "--max-price" -> filters.add(Filter.Range.atMost("price", price(value(argument, rest))));
                case "--in-stock" -> filters.add(new Filter.Equal("in_stock", Value.of(true)));
                case "--context" -> context = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("there is no option " + argument + "; --help names them");
                    }
                    words.add(argument);
                }
            }
        }
        if (!category.equals("all")) {
            if (!CATEGORIES.contains(category)) {
                throw new IllegalArgumentException("--category must be all or one of "
                        + String.join(", ", CATEGORIES) + ", got " + category);
            }
            filters.add(new Filter.Equal("category", Value.of(category)));
        }
        String text = words.isEmpty() ? Shop.QUESTION : String.join(" ", words);
        if (text.isBlank()) {
            throw new IllegalArgumentException("say what you are after, got nothing but blanks");
        }
        return new Wish(text, filters.isEmpty() ? Filter.NONE : new Filter.And(filters), context);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value; --help says which");
        }
        return rest.next();
    }

    private static Value price(String euros) {
        try {
            return Value.of(Double.parseDouble(euros));
        } catch (IllegalArgumentException e) { // no number, or none that is finite
            throw new IllegalArgumentException("--max-price must be a number of euros, got " + euros, e);
        }
    }
}
