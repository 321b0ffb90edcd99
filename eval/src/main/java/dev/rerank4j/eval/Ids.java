package dev.rerank4j.eval;

import java.util.Arrays;

/**
 * Strings numbered in the order in which they were first seen: found in a line without being cut out of it, and each
 * held once. A run file has a document's id on many lines, and millions of lines.
 */
final class Ids {

    private String[] names = new String[1 << 10];
    private int[] table = new int[1 << 11]; // a number plus one, 0 where nothing is
    private int size;

    /** The number, from 0, of what stands in the line from {@code start} to before {@code end}. */
    int of(String line, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + line.charAt(i);
        }
        int at = slot(hash);
        while (table[at] != 0) {
            String name = names[table[at] - 1];
            if (name.length() == end - start && line.startsWith(name, start)) {
                return table[at] - 1;
            }
            at = at + 1 & table.length - 1;
        }
        if (size == names.length) {
            grow();
            return of(line, start, end);
        }
        names[size] = line.substring(start, end);
        table[at] = ++size;
        return size - 1;
    }

    String name(int id) {
        return names[id];
    }

    int size() {
        return size;
    }

    /** The table stays half empty. */
    private void grow() {
        names = Arrays.copyOf(names, size * 2);
        table = new int[size * 4];
        for (int id = 0; id < size; id++) {
            int at = slot(names[id].hashCode());
            while (table[at] != 0) {
                at = at + 1 & table.length - 1;
            }
            table[at] = id + 1;
        }
    }

    /** Spreads the hash, whose low bits alone tell numbered ids badly apart. */
    private int slot(int hash) {
        int spread = hash * 0x9E3779B9;
        return (spread ^ spread >>> 15) & table.length - 1;
    }
}
