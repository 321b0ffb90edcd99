package dev.rerank4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {

    @Option(names = "--config", paramLabel = "FILE", order = 90,
            description = "Settings in YAML; options win over them. An unknown key is an error.")
    private @Nullable Path config;

    @Option(names = {"-v", "--verbose"}, order = 91,
            description = "Print the settings in effect, what libraries log, and stack traces of errors.")
    private boolean verbose;

    @Option(names = {"-h", "--help"}, usageHelp = true, order = 92, description = "Print this help.")
    private boolean help;

    boolean verbose() {
        return verbose;
    }

    /** The file's settings, or the defaults if none was named. */
    Config config() {
        return config == null ? Config.DEFAULTS : ConfigFile.read(config);
    }

    /** Messages of this command; from now on also those of the libraries. */
    Diagnostics diagnostics(Shell shell) {
        Diagnostics diagnostics = new Diagnostics(shell.err(), verbose);
        Log.to(diagnostics);
        return diagnostics;
    }

    /** Prints the settings in effect if they were asked for. */
    void print(Config effective, Diagnostics diagnostics) {
        if (verbose) {
            diagnostics.block(ConfigFile.text(effective));
        }
    }

    /** The option if it was given, otherwise the setting. */
    static <T> T or(@Nullable T option, T setting) {
        return Optional.ofNullable(option).orElse(setting);
    }
}
