package dev.rerank4j.onnx;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of a model's ONNX files suits a processor, told by their names: what {@code optimum}, {@code
 * sentence-transformers} and {@code transformers.js} call what they write.
 *
 * <p>Eight-bit weights are taken where the processor multiplies them without saturating, 32-bit floats otherwise. Half
 * precision and four bits are for other hardware: a CPU widens them again, slower than it would have read the floats.
 *
 * @param file path of the file
 * @param why in one sentence for people
 */
record FileChoice(String file, String why) {

    /** How a file's weights are stored. */
    enum Precision {
        FLOAT("float32"), INT8("int8"), HALF("half precision"), SMALLER("fewer than eight bits");

        private final String words;

        Precision(String words) {
            this.words = words;
        }
    }

    private static final Set<String> HALVES = Set.of("fp16", "float16", "f16", "half", "bf16", "bfloat16", "o4",
            "q8f16", "int8f16", "uint8f16");
    private static final Set<String> BYTES = Set.of("int8", "uint8", "qint8", "quint8", "quantized", "q8", "qdq",
            "quant");
    private static final Set<String> SMALLER = Set.of("q4", "q4f16", "bnb4", "int4", "uint4", "qint4", "quint4", "nf4",
            "fp4", "4bit", "q2", "q2f16", "q1", "q1f16", "q3", "q5", "q6");

    private static final List<String> FLOATS_FIRST = List.of("model", "model_fp32", "model_float32", "model_o2",
            "model_o1", "model_o3", "model_optimized");
    private static final List<String> X86_FIRST = List.of("model_qint8_avx512_vnni", "model_int8", "model_quantized",
            "model_uint8", "model_qint8_avx512", "model_quint8_avx2");
    private static final List<String> ARM_FIRST = List.of("model_qint8_arm64", "model_int8", "model_quantized",
            "model_uint8");

    /**
     * @param files paths of all files of a model, with {@code /}; those in the root and in {@code onnx/} count
     * @return empty if none of them is an ONNX file for a CPU
     */
    static Optional<FileChoice> of(Collection<String> files, Processor processor) {
        List<String> floats = sorted(files, Precision.FLOAT, FLOATS_FIRST);
        List<String> bytes = sorted(files, Precision.INT8, processor.arm() ? ARM_FIRST : X86_FIRST);
        if (!bytes.isEmpty() && processor.int8().isPresent()) {
            return Optional.of(new FileChoice(bytes.getFirst(), "int8, which this processor computes exactly and fast ("
                    + processor.int8().get() + ")"));
        }
        if (!floats.isEmpty()) {
            return Optional.of(new FileChoice(floats.getFirst(), bytes.isEmpty()
                    ? "float32: there is no int8 file"
                    : "float32, because this processor is not known to compute int8 exactly and fast (VNNI, AMX or the"
                            + " ARM dot product do)"));
        }
        return Optional.empty();
    }

    /** Why there is no choice, in half a sentence. */
    static String whyNone(Collection<String> files, Processor processor) {
        String found = files.stream().filter(FileChoice::counts).sorted()
                .map(file -> file + " (" + precision(file).words + ")").collect(Collectors.joining(", "));
        return found.isEmpty()
                ? "no ONNX file in the root or in onnx/"
                : "no ONNX file that " + (processor.int8().isPresent() ? "a CPU" : "this CPU")
                        + " computes exactly and fast, only " + found;
    }

    /** By the words of its name. */
    static Precision precision(String file) {
        List<String> words = Arrays.asList(stem(file).split("[-_.]"));
        if (words.stream().anyMatch(SMALLER::contains)) {
            return Precision.SMALLER;
        }
        if (words.stream().anyMatch(HALVES::contains)) {
            return Precision.HALF;
        }
        return words.stream().anyMatch(BYTES::contains) ? Precision.INT8 : Precision.FLOAT;
    }

    private static List<String> sorted(Collection<String> files, Precision precision, List<String> first) {
        return files.stream().filter(FileChoice::counts).filter(file -> precision(file) == precision)
                .sorted(Comparator.<String>comparingInt(file -> rank(stem(file), first))
                        .thenComparing(file -> !file.startsWith("onnx/")).thenComparing(file -> file))
                .toList();
    }

    private static int rank(String stem, List<String> first) {
        int place = first.indexOf(stem);
        if (place >= 0) {
            return place;
        }
        return stem.startsWith("model") ? first.size() : first.size() + 1;
    }

    private static boolean counts(String file) {
        String name = file.startsWith("onnx/") ? file.substring("onnx/".length()) : file;
        return !name.contains("/") && name.toLowerCase(Locale.ROOT).endsWith(".onnx");
    }

    /** Name without folder and ending, in lower case. */
    private static String stem(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.endsWith(".onnx") ? name.substring(0, name.length() - ".onnx".length()) : name;
    }
}
