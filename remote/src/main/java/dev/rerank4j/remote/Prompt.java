package dev.rerank4j.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a language model is told, kept in a resource with a version: another wording makes other scores, and so has
 * another name.
 *
 * @param name with the version, such as {@code listwise-1}
 * @param parts by their names; braces hold places to be filled
 */
record Prompt(String name, Map<String, String> parts) {

    private static final Pattern PART = Pattern.compile("(?m)^=== (\\S+)$\\n?");
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

    /** From {@code prompts/NAME.txt}. A part begins after a line {@code === part} and ends before the next one. */
    static Prompt load(String name) {
        try (InputStream in = Prompt.class.getResourceAsStream("prompts/" + name + ".txt")) {
            return parse(name, new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a resource of our own
        }
    }

    static Prompt parse(String name, String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        Matcher heads = PART.matcher(text);
        String part = "";
        int start = 0;
        while (heads.find()) {
            if (!part.isEmpty()) {
                parts.put(part, text.substring(start, heads.start() - 1)); // without the line's end
            }
            part = heads.group(1);
            start = heads.end();
        }
        return new Prompt(name, Map.copyOf(parts));
    }

    /** A part with its places filled, at one go: what is filled in is not looked through for places. */
    String fill(String part, Map<String, String> values) {
        return PLACE.matcher(Objects.requireNonNull(parts.get(part), part)).replaceAll(place -> Matcher
                .quoteReplacement(Objects.requireNonNull(values.get(place.group(1)), place.group(1))));
    }
}
