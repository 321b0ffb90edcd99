package dev.rerank4j.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.rerank4j.RerankException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A model's tokenizer, without padding and truncation. Safe for use by several threads. */
final class Tokenizer implements AutoCloseable {

    /**
     * Texts longer than this many characters for each wanted token are cut before they are tokenized, at the end of a word:
     * an English token has four or five characters, so that a megabyte of text costs no more than a page.
     */
    private static final int CHARS_PER_TOKEN = 32;

    /** So many tokens beside a cut may be others than in the whole text: they are read and thrown away. */
    private static final int DOUBTFUL = 16;

    /** One of them has tokens in any vocabulary that is of use. */
    private static final List<String> WORDS = List.of("a", "the", "1", "A", "中", ".");

    /** With what tokenizers treat in their own ways: space at the ends, marks, another script, a special token. */
    private static final String QUERY = "  What's  up,\u00e9t\u00e9? ";
    private static final String TEXT = "\n\u4e2d\u6587 <mask> [SEP] don't 3.5%  ";

    static {
        // The binding reports its use to a cloud's metadata address unless told not to, and looks for GPU builds of
        // itself on the network. Neither is wanted in a library that works offline; the user's own choice wins.
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("RUST_FLAVOR", "cpu");
    }

    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * @param lowerCase whether texts are put into lower case first
     * @throws RerankException {@code UNAVAILABLE} if the file is missing, {@code MODEL} if it is none
     */
    static Tokenizer load(ModelFiles files, String name, boolean lowerCase) {
        byte[] json = TokenizerFile.read(files, name, lowerCase);
        try {
            // Any number will do for the lengths: without truncation they are not used, but unset ones are complained of.
            return new Tokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json),
                    Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false",
                            "modelMaxLength", "512", "maxLength", "512")));
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw noLibrary(e);
        } catch (IOException | RuntimeException e) {
            if (e.getCause() instanceof IOException) { // not of ours, which comes from memory: of unpacking the library
                throw noLibrary(e);
            }
            throw new RerankException(RerankException.Kind.MODEL,
                    name + " in " + files.describe() + " is not a tokenizer: fetch the model again", e);
        }
    }

    private static RerankException noLibrary(Throwable e) {
        return new RerankException(RerankException.Kind.UNAVAILABLE, "the tokenizer library cannot be loaded: it needs"
                + " Linux (glibc 2.34 or newer), macOS on Apple silicon, or Windows, on 64 bits, and a cache folder"
                + " that can be written and run from (environment variable DJL_CACHE_DIR, otherwise .djl.ai in the"
                + " home or the temporary folder)", e);
    }

    /** The ids of a text, without special tokens. */
    int[] ids(String text) {
        long[] ids = tokenizer.encode(clean(text), false, false).getIds();
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    /**
     * The ids of a text of which no more than {@code room} are wanted: at least the first or last {@code room} of all,
     * or all if there are fewer. Saves the work of reading what is going to be cut.
     */
    Cut ids(String text, int room, boolean keepEnd) {
        int limit = (int) Math.min(Integer.MAX_VALUE, (long) room * CHARS_PER_TOKEN);
        if (text.length() > limit) {
            int[] part = ids(keepEnd ? lastWords(text, limit) : firstWords(text, limit));
            if (part.length >= room + DOUBTFUL) {
                return cut(part, room, keepEnd, true);
            }
        }
        return cut(ids(text), room, keepEnd, false);
    }

    /** Ids that fit, and whether there were more. */
    record Cut(int[] ids, boolean shortened) {
    }

    private static Cut cut(int[] ids, int room, boolean keepEnd, boolean shortened) {
        if (ids.length <= room) {
            return new Cut(ids, shortened);
        }
        int from = keepEnd ? ids.length - room : 0;
        return new Cut(Arrays.copyOfRange(ids, from, from + room), true);
    }

    private static String firstWords(String text, int limit) {
        for (int end = limit; end > 0; end--) {
            if (endsWord(text, end)) {
                return text.substring(0, end);
            }
        }
        return isWithinSpace(text, limit) ? text : text.substring(0, limit);
    }

    private static String lastWords(String text, int limit) {
        for (int start = text.length() - limit; start < text.length(); start++) {
            if (endsWord(text, start)) {
                return text.substring(start);
            }
        }
        int start = text.length() - limit;
        return isWithinSpace(text, start) ? text : text.substring(start);
    }

    /** Between a word and the space behind it. */
    private static boolean endsWord(String text, int at) {
        return at > 0 && isSpace(text.charAt(at)) && !isSpace(text.charAt(at - 1));
    }

    /** Where no cut is safe: some tokenizers make tokens of spaces, and of a shorter run other ones. */
    private static boolean isWithinSpace(String text, int at) {
        return isSpace(text.charAt(at)) && isSpace(text.charAt(at - 1));
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Index of each token's first character, ascending. */
    int[] starts(String text) {
        String clean = clean(text);
        Encoding encoding = tokenizer.encode(clean, false, false);
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] starts = new int[spans.length];
        int count = 0;
        int units = 0; // UTF-16 units passed so far
        int points = 0; // code points passed so far: what the spans are counted in
        for (CharSpan span : spans) {
            if (span == null || span.getStart() < points) {
                continue; // no place of its own, or the same character again
            }
            units = clean.offsetByCodePoints(units, span.getStart() - points);
            points = span.getStart();
            if (count == 0 || starts[count - 1] != units) {
                starts[count++] = units;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    /**
     * How the model wants query and text put together.
     *
     * @throws RerankException {@code MODEL} if that cannot be said without knowing the texts
     */
    PairTemplate pairTemplate() {
        for (String word : WORDS) {
            PairTemplate template = PairTemplate.of(tokenizer.encode(word, word, true, false));
            if (template.hasFirst() && template.hasSecond()) {
                return checked(template, new PairTemplate.Sequence(ids(QUERY), ids(TEXT)),
                        tokenizer.encode(QUERY, TEXT, true, false));
            }
        }
        throw unusable();
    }

    /** How the model wants a single text put together. */
    PairTemplate singleTemplate() {
        for (String word : WORDS) {
            PairTemplate template = PairTemplate.of(tokenizer.encode(word, true, false));
            if (template.hasFirst()) {
                return checked(template, PairTemplate.Sequence.single(ids(TEXT)), tokenizer.encode(TEXT, true, false));
            }
        }
        throw unusable();
    }

    /** Every post-processor of Hugging Face's library puts special tokens around texts and changes nothing in them. */
    private static PairTemplate checked(PairTemplate template, PairTemplate.Sequence sequence, Encoding expected) {
        LongStream.Builder ids = LongStream.builder();
        LongStream.Builder types = LongStream.builder();
        template.write(sequence, (id, type) -> {
            ids.add(id);
            types.add(type);
        });
        if (!Arrays.equals(ids.build().toArray(), expected.getIds())
                || !Arrays.equals(types.build().toArray(), expected.getTypeIds())) {
            throw unusable();
        }
        return template;
    }

    private static RerankException unusable() {
        return new RerankException(RerankException.Kind.MODEL, "the tokenizer does not put special tokens around texts"
                + " that it reads each for itself: such a model cannot be used");
    }

    /** Native code reads UTF-8, which has no half characters: a lone surrogate becomes U+FFFD. Length is kept. */
    static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isLone(text, i)) {
                StringBuilder clean = new StringBuilder(text);
                for (int j = i; j < text.length(); j++) {
                    if (isLone(text, j)) {
                        clean.setCharAt(j, '\uFFFD');
                    }
                }
                return clean.toString();
            }
        }
        return text;
    }

    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
