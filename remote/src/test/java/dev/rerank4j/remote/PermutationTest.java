package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders read out of whatever a model answers. */
@Timeout(60)
class PermutationTest {

    private static final List<String> PIECES = List.of("[", "]", ">", " > ", "[1]", "[2] > ", "[20]", "[0]", "[-3]",
            "[999999999999999999999]", "3", "17", "1.5", ",", ";", "=", "\n", "\t", "passage ", "[passage 4]",
            "<think>",
            "</think>", "\u00b9\u00b2", "\u2460", "\u3010\uff15\u3011", "\ud83d", "\ud83d\udd25", "\0", "\u0663", "()",
            "\\",
            "$1", "[ 7 ]", "[3][3]", "none of them", "{number}");

    @Test
    void whateverAnAnswerSaysAnOrderIsAPermutation() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            int of = 1 + random.nextInt(30);
            String answer = random.ints(random.nextInt(40), 0, PIECES.size() + 2)
                    .mapToObj(i -> i < PIECES.size() ? PIECES.get(i) : "" + (char) random.nextInt(0x10000))
                    .collect(Collectors.joining());
            Permutation permutation = Permutation.read(new ChatAnswer(answer, List.of(), Usage.UNKNOWN).spoken(), of);
            List<Integer> order = permutation.order();
            String what = "seed " + seed + ", round " + round + ", of " + of;
            assertEquals(IntStream.range(0, of).boxed().toList(), order.stream().sorted().toList(), what);
            int named = permutation.named().size();
            assertEquals(permutation.named(), order.subList(0, named), what);
            List<Integer> missing = order.subList(named, of);
            assertEquals(missing.stream().sorted().toList(), missing, what + ": the missing keep their order");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[3] > [1] > [2]", "[3]>[1]>[2]", "3 > 1 > 2", "3, 1, 2", "[3], [1], [2]", "[3] [1] [2]",
            "[3]\n[1]\n[2]", "1. [3]\n2. [1]\n3. [2]", "**[3] > [1] > [2]**", "[Passage 3] > [Passage 1] > [Passage 2]",
            "Of the 3 passages, I rank: [3] > [1] > [2].", "[3] > [1]", "[3] > [1] > [3] > [9]",
            "\u3010\uff13\u3011 > \u3010\uff11\u3011 > \u3010\uff12\u3011", "[1] > [2]? No: [3] > [1] > [2]",
            "[1] > [2] > [3] was given. My order: [3] > [1] > [2]"})
    void readsWhatModelsMakeOfTheForm(String answer) {
        Permutation permutation = Permutation.read(answer, 3);
        assertEquals(List.of(2, 0, 1), permutation.order());
        assertTrue(permutation.usable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "[]", "[] > []", "none", "[3]", "The answer is 2.", "[0] > [4] > [99999999999]", "1.5"})
    void whatNamesTooFewIsToBeRepaired(String answer) {
        assertFalse(Permutation.read(answer, 3).usable());
    }

    /** A server may send megabytes, and reading them must not take the square of that. */
    @Test
    void longAnswersAreRead() {
        for (String piece : List.of("1", "[", "[ ", "1 ", "[1", "1>", "[1]", "[1] ", ">")) {
            String answer = piece.repeat(1 << 19);
            assertEquals(20, Permutation.read(answer, 20).order().size(), piece);
        }
    }
}
