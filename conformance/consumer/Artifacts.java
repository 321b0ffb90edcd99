import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Looks at what was put into a repository: every module that the BOM names, each with a pom that needs no parent, a jar
 * with a module name and a licence, sources and Javadoc. A second repository, of another build, must have the same
 * bytes.
 *
 * <pre>java Artifacts.java FIRST SECOND FORBIDDEN...</pre>
 *
 * where FORBIDDEN are folders of the machine that no file may name. Prints what is wrong, a line each, and ends with 1.
 */
final class Artifacts {

    private static final String BOM = "rerank4j-bom";

    private final List<String> complaints = new ArrayList<>();
    private final Map<String, String> modules = new HashMap<>(); // name to artifact
    private final List<byte[]> forbidden;

    private Artifacts(List<String> forbidden) {
        this.forbidden = forbidden.stream().map(folder -> folder.getBytes(StandardCharsets.UTF_8)).toList();
    }

    public static void main(String[] args) throws Exception {
        Artifacts check = new Artifacts(Arrays.asList(args).subList(2, args.length));
        int files = check.repositories(Path.of(args[0], "dev", "rerank4j"), Path.of(args[1], "dev", "rerank4j"));
        check.complaints.forEach(complaint -> System.out.println("artifacts: " + complaint));
        if (!check.complaints.isEmpty()) {
            System.exit(1);
        }
        System.out.println("artifacts: " + check.modules.size() + " modules and the BOM, " + files
                + " files the same in two builds");
    }

    private int repositories(Path first, Path second) throws Exception {
        Set<String> published = artifacts(first);
        Set<String> expected = bom(first.resolve(BOM));
        expected.add(BOM);
        require(expected.equals(published), "the BOM and what it names are " + expected + ", published are "
                + published);
        require(published.equals(artifacts(second)), "two builds published different modules");
        int files = 0;
        if (complaints.isEmpty()) {
            for (String artifact : published) {
                if (!artifact.equals(BOM)) {
                    artifact(artifact, first.resolve(artifact));
                }
                files += same(artifact, files(first.resolve(artifact)), files(second.resolve(artifact)));
            }
        }
        return files;
    }

    private Set<String> bom(Path folder) throws Exception {
        Element project = xml(files(folder).get(".pom"));
        require(child(project, "parent").isEmpty(), "the BOM has a parent, whose versions importers would get");
        Set<String> named = new TreeSet<>();
        for (Element dependency : children(child(child(project, "dependencyManagement").orElseThrow(), "dependencies")
                .orElseThrow(), "dependency")) {
            String artifact = text(dependency, "artifactId");
            require(text(dependency, "groupId").equals("dev.rerank4j"), "the BOM names " + artifact
                    + ", which is not ours");
            require(Set.of("${project.version}", text(project, "version")).contains(text(dependency, "version")),
                    "the BOM names another version of " + artifact);
            named.add(artifact);
        }
        return named;
    }

    private void artifact(String artifact, Path folder) throws Exception {
        Map<String, Path> files = files(folder);
        pom(artifact, files.get(".pom"));
        for (String kind : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
            require(files.containsKey(kind), artifact + kind + " is missing");
        }
        if (!files.keySet().containsAll(List.of(".jar", "-sources.jar", "-javadoc.jar"))) {
            return;
        }
        Set<String> classes;
        try (JarFile jar = new JarFile(files.get(".jar").toFile())) {
            String module = jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
            require(module != null && module.matches("dev\\.rerank4j(\\.[a-z0-9]+)?"), artifact + " is a module named "
                    + module);
            String other = modules.put(module, artifact);
            require(other == null, artifact + " and " + other + " are both modules named " + module);
            require(ModuleFinder.of(files.get(".jar")).find(module).isPresent(), artifact + " cannot be a module");
            require(jar.getEntry("META-INF/LICENSE") != null && jar.getEntry("META-INF/NOTICE") != null,
                    artifact + " has no licence or notice");
            classes = names(jar, ".class").stream().filter(name -> !name.contains("$"))
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String name : classes) {
                require(name.startsWith(String.valueOf(module).replace('.', '/') + "/")
                        && name.indexOf('/', module.length() + 1) < 0, artifact + " has the class " + name
                                + ", which is not of the package " + module);
                require(!name.matches(".*(Test|Contract|Benchmark)\\.class"), artifact + " has the class " + name
                        + ", which is for tests");
            }
            namesNoFolder(artifact, jar);
        }
        try (JarFile jar = new JarFile(files.get("-sources.jar").toFile())) {
            Set<String> sources = names(jar, ".java");
            for (String name : classes) {
                String source = name.replace(".class", ".java");
                boolean known = sources.contains(source) || name.contains("package-info") || withinAnother(jar, name);
                require(known, artifact + " has no source of " + name);
            }
            require(sources.isEmpty() == classes.isEmpty(), artifact + " has other sources than classes");
            require(jar.getEntry("META-INF/LICENSE") != null, "sources of " + artifact + " have no licence");
            namesNoFolder(artifact + " (sources)", jar);
        }
        try (JarFile jar = new JarFile(files.get("-javadoc.jar").toFile())) {
            require(classes.isEmpty() ? !names(jar, "README.md").isEmpty() : jar.getEntry("index.html") != null,
                    artifact + " has no documentation");
            namesNoFolder(artifact + " (javadoc)", jar);
        }
    }

    /** Whether a class stands in the file of another one, as some that nobody else sees do. */
    private static boolean withinAnother(JarFile sources, String name) throws IOException {
        String simple = name.substring(name.lastIndexOf('/') + 1).replace(".class", "");
        for (String source : names(sources, ".java")) {
            try (InputStream in = sources.getInputStream(sources.getEntry(source))) {
                if (new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .matches("(?s).*(class|interface|record|enum) " + simple + "\\b.*")) {
                    return true;
                }
            }
        }
        return false;
    }

    private void pom(String artifact, Path pom) throws Exception {
        Element project = xml(pom);
        for (String element : List.of("name", "description", "licenses", "developers")) {
            require(child(project, element).isPresent(), "the pom of " + artifact + " has no " + element);
        }
        for (String element : List.of("parent", "dependencyManagement", "build", "profiles", "repositories")) {
            require(child(project, element).isEmpty(), "the pom of " + artifact + " has " + element);
        }
        require(!Files.readString(pom).contains("${"), "the pom of " + artifact + " has a variable");
        for (Element dependency : child(project, "dependencies").map(all -> children(all, "dependency"))
                .orElse(List.of())) {
            String of = "the pom of " + artifact + ", " + text(dependency, "artifactId") + ": ";
            require(!text(dependency, "version").isEmpty(), of + "no version");
            require(!text(dependency, "scope").equals("test"), of + "for tests");
            require(!text(dependency, "type").equals("test-jar"), of + "for tests");
        }
    }

    private void namesNoFolder(String artifact, JarFile jar) throws IOException {
        for (JarEntry entry : jar.stream().toList()) {
            byte[] bytes;
            try (InputStream in = jar.getInputStream(entry)) {
                bytes = in.readAllBytes();
            }
            for (byte[] folder : forbidden) {
                require(!contains(bytes, folder), artifact + ": " + entry.getName() + " names the folder "
                        + new String(folder, StandardCharsets.UTF_8));
            }
        }
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (bytes[i] == part[0] && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private int same(String artifact, Map<String, Path> first, Map<String, Path> second) throws IOException {
        require(first.keySet().equals(second.keySet()), "two builds of " + artifact + " have the files "
                + first.keySet() + " and " + second.keySet());
        for (Map.Entry<String, Path> file : first.entrySet()) {
            Path other = second.get(file.getKey());
            require(other == null || Files.mismatch(file.getValue(), other) < 0, "two builds of " + artifact
                    + file.getKey() + " differ");
        }
        return first.size();
    }

    private void require(boolean condition, String complaint) {
        if (!condition) {
            complaints.add(complaint);
        }
    }

    private static Set<String> names(JarFile jar, String end) {
        return jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(end))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> artifacts(Path group) throws IOException {
        try (Stream<Path> folders = Files.list(group)) {
            return folders.filter(Files::isDirectory).map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The files of an artifact's only version by the ends of their names, such as {@code -sources.jar}. */
    private static Map<String, Path> files(Path artifact) throws IOException {
        Path version;
        try (Stream<Path> folders = Files.list(artifact)) {
            version = folders.filter(Files::isDirectory).reduce((a, b) -> {
                throw new IllegalStateException(artifact + " has several versions");
            }).orElseThrow();
        }
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(version)) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                Optional<String> kind = Stream.of("-sources.jar", "-javadoc.jar", "-tests.jar", ".jar", ".pom")
                        .filter(name::endsWith).findFirst();
                kind.ifPresent(end -> files.put(end, file));
            }
        }
        return files;
    }

    private static Element xml(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    private static String text(Element parent, String name) {
        return child(parent, name).map(Element::getTextContent).orElse("").strip();
    }
}
