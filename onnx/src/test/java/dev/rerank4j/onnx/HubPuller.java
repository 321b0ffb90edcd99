package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of its own that gets a model of the hub that its environment names. */
final class HubPuller {

    private HubPuller() {
    }

    /** Starts it, with an environment that has these variables and no proxy of ours. */
    static Process start(Map<String, String> environment, List<String> java, String... args) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(java);
        command.add(HubPuller.class.getName());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.startsWith("HF_") || name.matches("(?i).*_proxy"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Lets it go on if it waits, and returns what it printed, once it has ended. */
    static String output(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        process.waitFor();
        return output;
    }

    /**
     * Prints {@code ready}, waits for a line or the end of its input, and prints the model's folder, or what was wrong.
     *
     * @param args the model's name
     */
    public static void main(String[] args) throws IOException {
        System.out.println("ready");
        System.in.read();
        try {
            System.out.println(ModelHub.standard().get(ModelId.of(args[0])).folder());
        } catch (RerankException e) {
            System.out.println(e.kind() + ": " + e.getMessage());
        }
    }
}
