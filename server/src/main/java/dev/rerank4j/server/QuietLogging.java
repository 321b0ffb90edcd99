package dev.rerank4j.server;

import io.helidon.logging.common.spi.LoggingProvider;

/**
 * Leaves logging as the application has it. Without a provider, Helidon prints a line on the standard error about there
 * being none; for {@link java.util.ServiceLoader} alone.
 */
public final class QuietLogging implements LoggingProvider {

    /** For the service loader. */
    public QuietLogging() {
    }

    @Override
    public void initialization() {
        // nothing to prepare
    }

    @Override
    public void runTime() {
        // nothing to change
    }
}
