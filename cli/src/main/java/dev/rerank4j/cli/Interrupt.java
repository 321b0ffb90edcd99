package dev.rerank4j.cli;

import java.util.function.BooleanSupplier;
import org.jline.utils.Signals;

/**
 * Turns Ctrl-C (SIGINT) and SIGTERM into a wish while it is open, so that work can end at a good place. Whoever presses
 * it twice wants out at once. A shutdown hook would not do: the hooks of native libraries run beside it and free what
 * the last batch still computes with.
 */
final class Interrupt implements BooleanSupplier, AutoCloseable {

    private static final String[] SIGNALS = {"INT", "TERM"};

    private final Object[] previous = new Object[SIGNALS.length];
    private final Runnable said;
    private volatile boolean wished;

    private Interrupt(Runnable said) {
        this.said = said;
    }

    /**
     * @param said called once, when the wish is heard
     */
    static Interrupt listen(Runnable said) {
        Interrupt interrupt = new Interrupt(said);
        for (int i = 0; i < SIGNALS.length; i++) {
            interrupt.previous[i] = Signals.register(SIGNALS[i], interrupt::heard);
        }
        return interrupt;
    }

    private void heard() {
        if (wished) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        wished = true;
        said.run();
    }

    /** Whether somebody wants it to end. */
    @Override
    public boolean getAsBoolean() {
        return wished;
    }

    @Override
    public void close() {
        for (int i = 0; i < SIGNALS.length; i++) {
            Signals.unregister(SIGNALS[i], previous[i]);
        }
    }
}
