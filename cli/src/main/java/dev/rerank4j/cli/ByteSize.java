package dev.rerank4j.cli;

import java.util.List;

/** A number of bytes, written with a unit in the configuration file. */
record ByteSize(long bytes) {

    @Override
    public String toString() {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes % (1L << shift) == 0) {
                return (bytes >> shift) + List.of("KiB", "MiB", "GiB").get(shift / 10 - 1);
            }
        }
        return bytes + "B";
    }
}
