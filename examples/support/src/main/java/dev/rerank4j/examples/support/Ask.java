package dev.rerank4j.examples.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What somebody wants to know.
 *
 * @param pasted descriptions of errors, one search each
 * @param atLeast how probable a ticket must be, 0 to 1
 * @param context whether to print the block for a prompt
 */
record Ask(List<String> pasted, double atLeast, boolean context) {

    static final String HELP = """
            usage: examples/run support [OPTIONS] [DESCRIPTION | @FILE | -]

              DESCRIPTION     of an error, a message or a whole stack trace; @FILE is read, - is the standard input
              --at-least P    show only tickets that are at least so probable, 0 to 1 (0.3)
              --context       print the tickets as a block for a language model's prompt
              --help          this

            Without a description, it shows a stack trace that there is a ticket for, and a question that there is none for.

            examples/run support "certificate expired although we installed a new one"
            examples/run support @error.log
            """;

    /** At 0.3, of eight collections, four in five questions were answered, and 77 in 100 of those well. */
    static final double AT_LEAST = 0.3;

    /** Far more than a log's last minutes. */
    private static final int MOST_BYTES = 8 << 20;

    private static final List<String> SHOWN = List.of("""
            APPLICATION FAILED TO START
            \tat com.example.boot.MainMethodRunner.run(MainMethodRunner.java:50)
            \tat com.example.boot.Launcher.launch(Launcher.java:102)
            \tat com.example.boot.Launcher.main(Launcher.java:64)
            Caused by: java.lang.reflect.InvocationTargetException: null
            \tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:118)
            \tat java.base/java.lang.reflect.Method.invoke(Method.java:580)
            \t... 3 more
            Caused by: java.lang.NoSuchMethodError: 'void com.quillbarrow.harbour.client.Session.subscribe(\
            java.lang.String, com.quillbarrow.harbour.client.SubscribeOptions, com.quillbarrow.harbour.client.Listener)'
            \tat com.example.orders.Listener.start(Listener.java:41)
            \t... 5 more
            (compiles without a complaint, yesterday's build was fine; we only moved to the 5.1 starter)
            """, "how much does a licence for five brokers cost per year");

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException with a sentence for people, if they make no sense
     * @throws IOException if a file cannot be read
     */
    static Ask of(List<String> arguments, InputStream in) throws IOException {
        double atLeast = AT_LEAST;
        boolean context = false;
        List<String> words = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            switch (argument) {
                case "--at-least" -> atLeast = probability(rest);
                case "--context" -> context = true;
                default -> {
                    if (argument.startsWith("--")) {
                        throw new IllegalArgumentException("there is no option " + argument + "; --help names them");
                    }
                    words.add(argument);
                }
            }
        }
        String text = String.join(" ", words);
        if (words.isEmpty()) {
            return new Ask(SHOWN, atLeast, context);
        }
        if (text.equals("-")) {
            return new Ask(List.of(read(in)), atLeast, context);
        }
        if (text.startsWith("@")) {
            try (InputStream file = Files.newInputStream(Path.of(text.substring(1)))) {
                return new Ask(List.of(read(file)), atLeast, context);
            } catch (NoSuchFileException e) {
                throw new IllegalArgumentException("there is no file " + text.substring(1), e);
            }
        }
        return new Ask(List.of(text), atLeast, context);
    }

    private static String read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "the description must have at most 8 MiB; paste the part around the error");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static double probability(Iterator<String> rest) {
        String given = rest.hasNext() ? rest.next() : "nothing";
        try {
            double probability = Double.parseDouble(given);
            if (probability >= 0 && probability <= 1) {
                return probability;
            }
        } catch (NumberFormatException e) { // told below
        }
        throw new IllegalArgumentException("--at-least must be a probability from 0 to 1, got " + given);
    }
}
