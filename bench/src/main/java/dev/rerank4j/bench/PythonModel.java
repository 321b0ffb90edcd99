package dev.rerank4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model in a process of {@code sentence-transformers}, by bench/python/models/peer.py, which times itself. */
final class PythonModel implements AutoCloseable {

    /** What it gave: for each text its numbers, one if it is a score; and how long that took. */
    record Answer(float[][] numbers, double seconds) {
    }

    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;
    private final String versions;

    private PythonModel(Process process) throws IOException {
        this.process = process;
        answers = process.inputReader();
        requests = process.outputWriter();
        versions = read().get("versions").getAsString();
    }

    /**
     * @param python that has the backend's requirements
     * @param backend {@code onnx} or {@code torch}
     * @param purpose {@code scores} or {@code vectors}
     */
    static PythonModel start(String python, Path folder, String backend, int threads, String purpose)
            throws IOException {
        Process process = new ProcessBuilder(python, "bench/python/models/peer.py", folder.toString(), backend,
                String.valueOf(threads), purpose).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if this program is cut off
        return new PythonModel(process);
    }

    String versions() {
        return versions;
    }

    Answer ask(String query, List<String> texts) throws IOException {
        requests.write(new Gson().toJson(Map.of("query", query, "texts", texts)) + "\n");
        requests.flush();
        JsonObject answer = read();
        JsonArray result = answer.getAsJsonArray("result");
        float[][] numbers = new float[result.size()][];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = result.get(i).isJsonArray()
                    ? new Gson().fromJson(result.get(i), float[].class)
                    : new float[]{result.get(i).getAsFloat()};
        }
        return new Answer(numbers, answer.get("seconds").getAsDouble());
    }

    private JsonObject read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the Python process ended: see above");
        }
        return JsonParser.parseString(line).getAsJsonObject();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
