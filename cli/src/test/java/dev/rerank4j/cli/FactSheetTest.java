package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactSheetTest {

    private static String printed(FactSheet sheet, int width, boolean colours) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
        sheet.print(stream, width, colours);
        stream.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void factsStandInOneColumnAndLongOnesBreakInIt() {
        assertEquals("""
                acme/tiny
                  file     onnx/model.onnx: the only
                           one
                  use      rerank search --reranker acme/tiny
                  sources  https://a.example/x
                           https://b.example/y
                """, printed(new FactSheet("acme/tiny").fact("file", "onnx/model.onnx: the only one")
                .exact("use", List.of("rerank search --reranker acme/tiny")).fact("note", "").fact("none", List.of())
                .fact("sources", List.of("https://a.example/x", "https://b.example/y")), 38, false));
    }

    @Test
    void whatIsNotOursCannotMoveTheCursor() {
        assertEquals("\u001b[1ma b\u001b[0m\n  \u001b[2mx\u001b[0m  c d\n",
                printed(new FactSheet("a\u001bb").fact("x", "c\rd"), 80, true));
    }
}
