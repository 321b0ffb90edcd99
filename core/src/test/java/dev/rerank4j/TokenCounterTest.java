package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TokenCounterTest {

    @Test
    void countsAsDocumented() {
        TokenCounter counter = TokenCounter.approximate();
        assertEquals(0, counter.count(""));
        assertEquals(0, counter.count(" \t\u3000"));
        assertEquals(1, counter.count("\r\n\n"));
        assertEquals(4, counter.count("a\n\nb\n"));
        assertEquals(1, counter.count("four"));
        assertEquals(2, counter.count("fours"));
        assertEquals(2, counter.count("ab cd"));
        assertEquals(2, counter.count("2026"));
        assertEquals(3, counter.count("20261"));
        assertEquals(3, counter.count("a1b"));
        assertEquals(3, counter.count("a, b"));
        assertEquals(2, counter.count("日本"));
        assertEquals(3, counter.count("😀"));
        assertEquals(6, counter.count("😀😀"));
        assertEquals(2, counter.count("\ud83d"), "half a character");
    }
}
