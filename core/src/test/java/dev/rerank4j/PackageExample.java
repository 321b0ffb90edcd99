package dev.rerank4j;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The code block of a {@code package-info.java} or of a Markdown file, compiled and run as it stands, so that examples
 * cannot go stale.
 */
public final class PackageExample {

    private static final Pattern BLOCK = Pattern.compile("<pre>\\{@code\\R(.*?)\\R \\* }</pre>", Pattern.DOTALL);

    private static final Pattern MARKDOWN_BLOCK = Pattern.compile("```java\\R(.*?)\\R```", Pattern.DOTALL);

    private PackageExample() {
    }

    /** The first Java block of a Markdown file, or of a file's Javadoc, without the stars. */
    static String read(Path file) {
        boolean markdown = file.toString().endsWith(".md");
        try {
            Matcher block = (markdown ? MARKDOWN_BLOCK : BLOCK).matcher(Files.readString(file));
            if (!block.find()) {
                throw new AssertionError("no Java block in " + file);
            }
            return markdown ? block.group(1) : block.group(1).replaceAll("(?m)^ \\* ?", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles the example in a folder and runs it.
     *
     * @param file with the example
     * @param imports packages the example takes for imported, such as {@code dev.rerank4j}
     * @param parameters declarations of the variables the example uses and does not declare, such as
     *        {@code "Retriever bm25, Scorer scorer"}; may be empty
     * @param arguments their values
     * @return what it printed
     */
    public static String run(Path file, Path folder, List<String> imports, String parameters,
            Object... arguments) {
        StringBuilder source = new StringBuilder();
        imports.forEach(name -> source.append("import ").append(name).append(".*;\n"));
        source.append("public final class Example {\n    public static void run(").append(parameters)
                .append(") throws Exception {\n").append(read(file)).append("\n    }\n}\n");
        compile(source.toString(), folder);
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()},
                PackageExample.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Method run = Arrays.stream(loader.loadClass("Example").getMethods())
                    .filter(method -> method.getName().equals("run")).findFirst().orElseThrow();
            run.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError("the example of " + file + " failed", e.getCause());
        } catch (IOException | ReflectiveOperationException e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void compile(String source, Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            Path example = Files.writeString(folder.resolve("Example.java"), source);
            List<String> options = List.of("-d", folder.toString(), "-proc:none", "-Xlint:all", "-Werror",
                    "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(example)).call()) {
                throw new AssertionError("the example does not compile:\n" + complaints + source);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
