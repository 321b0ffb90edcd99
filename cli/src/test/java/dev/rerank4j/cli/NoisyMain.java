package dev.rerank4j.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The program, with a library in it that prints whenever something is read. */
final class NoisyMain {

    private NoisyMain() {
    }

    public static void main(String[] args) {
        InputStream in = System.in;
        System.setIn(new FilterInputStream(in) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                System.out.println("a library says something");
                System.out.flush();
                return super.read(buffer, offset, length);
            }
        });
        Main.main(args);
    }
}
