package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import org.jspecify.annotations.Nullable;

/** A matrix, a vector and a function: {@code sentence-transformers}' Dense. Immutable. */
final class DenseLayer implements HeadNetwork.Layer {

    /** Applied to each number. */
    @FunctionalInterface
    private interface Function {
        float of(float value);
    }

    private final String folder;
    private final int in;
    private final int out;
    private final float[] matrix; // a row for each number that comes in, so that the inner loop runs over neighbours
    private final float @Nullable [] bias;
    private final Function function;
    private final boolean residual;
    private final float @Nullable [] residualMatrix;

    private DenseLayer(String folder, int in, int out, float[] matrix, float @Nullable [] bias, Function function,
            boolean residual, float @Nullable [] residualMatrix) {
        this.folder = folder;
        this.in = in;
        this.out = out;
        this.matrix = matrix;
        this.bias = bias;
        this.function = function;
        this.residual = residual;
        this.residualMatrix = residualMatrix;
    }

    /** @param folder with a slash at the end */
    static DenseLayer load(ModelFiles files, String folder) {
        JsonFile config = JsonFile.read(files, folder + "config.json");
        int in = config.integer("in_features").orElse(0);
        int out = config.integer("out_features").orElse(0);
        String input = config.text("module_input_name").orElse("sentence_embedding");
        if (in < 1 || out < 1 || !input.equals("sentence_embedding")) {
            throw config
                    .wrong("in_features and out_features must be >= 1 and module_input_name sentence_embedding, got "
                            + in + ", " + out + " and " + input);
        }
        Safetensors weights = weights(files, folder);
        boolean residual = config.flag("use_residual").orElse(false);
        return new DenseLayer(folder, in, out, turned(weights.get("linear.weight", out, in), out, in),
                config.flag("bias").orElse(true) ? weights.get("linear.bias", out) : null, function(config), residual,
                residual && in != out ? turned(weights.get("residual.weight", out, in), out, in) : null);
    }

    static Safetensors weights(ModelFiles files, String folder) {
        String name = folder + "model.safetensors";
        if (!files.has(name) && files.has(folder + "pytorch_model.bin")) {
            throw new RerankException(RerankException.Kind.MODEL, "the weights in " + folder + " of " + files.describe()
                    + " are a pytorch_model.bin, which can hold code and is not read: python training/export.py"
                    + " OWNER/NAME FOLDER writes a model.safetensors");
        }
        return Safetensors.read(files, name);
    }

    static void requireSize(String folder, int size, float[] vector) {
        if (vector.length != size) {
            throw new RerankException(RerankException.Kind.MODEL, "the layer in " + folder + " wants " + size
                    + " numbers and is given " + vector.length + ": the model's files do not belong together");
        }
    }

    private static float[] turned(float[] matrix, int rows, int columns) {
        float[] turned = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = matrix[row * columns + column];
            }
        }
        return turned;
    }

    /** What is not PyTorch's own is passed over in favour of tanh, as sentence-transformers does. */
    private static Function function(JsonFile config) {
        String path = config.text("activation_function").filter(name -> name.startsWith("torch."))
                .orElse("torch.nn.Tanh");
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "Identity" -> value -> value;
            case "Tanh" -> value -> (float) Math.tanh(value);
            case "ReLU" -> value -> Math.max(0, value);
            case "Sigmoid" -> value -> (float) (1 / (1 + Math.exp(-value)));
            case "SiLU" -> value -> (float) (value / (1 + Math.exp(-value)));
            case "GELU" -> value -> (float) (value * (1 + erf(value / Math.sqrt(2))) / 2);
            default -> throw config.wrong("activation_function must be one of PyTorch's Identity, Tanh, ReLU, Sigmoid,"
                    + " SiLU and GELU, got " + path);
        };
    }

    /** Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26: off by at most 1.5e-7. */
    private static double erf(double x) {
        double t = 1 / (1 + 0.3275911 * Math.abs(x));
        double tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
                * Math.exp(-x * x);
        return Math.copySign(1 - tail, x);
    }

    @Override
    public float[] apply(float[] vector) {
        requireSize(folder, in, vector);
        float[] result = bias == null ? new float[out] : bias.clone();
        multiply(matrix, vector, result);
        for (int i = 0; i < out; i++) {
            result[i] = function.of(result[i]);
        }
        if (residualMatrix != null) {
            multiply(residualMatrix, vector, result);
        } else if (residual) {
            for (int i = 0; i < out; i++) {
                result[i] += vector[i];
            }
        }
        return result;
    }

    private static void multiply(float[] matrix, float[] vector, float[] result) {
        for (int i = 0; i < vector.length; i++) {
            float value = vector[i];
            int start = i * result.length;
            for (int j = 0; j < result.length; j++) {
                result[j] += value * matrix[start + j];
            }
        }
    }
}
