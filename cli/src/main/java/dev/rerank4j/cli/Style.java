package dev.rerank4j.cli;

/** Marks text for a terminal, or leaves it as it is. */
enum Style {

    BOLD("1"), DIM("2"), MARKED("1;4"), UP("32"), DOWN("33"), FRESH("36");

    /** When to use colours. */
    enum When {
        AUTO, ALWAYS, NEVER;

        boolean on(Shell shell) {
            return switch (this) {
                case AUTO -> shell.colourful();
                case ALWAYS -> true;
                case NEVER -> false;
            };
        }
    }

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text, boolean colours) {
        return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
