package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All models in the cache, whoever put them there. */
final class HubCache {

    private static final String MODELS = "models--";
    /** With an owner, or, as some old ones are named, without. */
    private static final Pattern REPOSITORY = Pattern.compile("(?!.*\\.\\.)[\\w.-]+(/[\\w.-]+)?");

    private final Path cache;
    private final boolean links;

    /**
     * @param links whether links may be made; they are where they can be
     */
    HubCache(Path cache, boolean links) {
        this.cache = cache;
        this.links = links;
    }

    HubFolder folder(String repository) {
        return new HubFolder(cache, repository, links);
    }

    List<CachedRepository> list() throws IOException {
        List<CachedRepository> list = new ArrayList<>();
        for (Path folder : children(cache)) {
            String name = folder.getFileName().toString();
            if (name.startsWith(MODELS) && Files.isDirectory(folder)) {
                list.add(repository(folder, name.substring(MODELS.length()).replace("--", "/")));
            }
        }
        list.sort(Comparator.comparing(CachedRepository::repository));
        return List.copyOf(list);
    }

    private CachedRepository repository(Path folder, String repository) throws IOException {
        HubFolder files = folder(repository);
        Map<String, List<String>> names = names(folder.resolve("refs"));
        List<CachedRepository.Revision> revisions = new ArrayList<>();
        for (Path snapshot : children(folder.resolve("snapshots"))) {
            String commit = snapshot.getFileName().toString();
            if (HubListing.isCommit(commit)) {
                revisions.add(new CachedRepository.Revision(commit, names.getOrDefault(commit, List.of()), snapshot,
                        files.paths(commit)));
            }
        }
        Size size = new Size();
        Files.walkFileTree(folder, size);
        return new CachedRepository(repository, folder, revisions, size.bytes, size.last.toInstant());
    }

    /** What branches and tags mean. */
    private static Map<String, List<String>> names(Path refs) throws IOException {
        Map<String, List<String>> names = new TreeMap<>();
        if (!Files.isDirectory(refs, LinkOption.NOFOLLOW_LINKS)) {
            return names;
        }
        try (Stream<Path> files = Files.walk(refs)) {
            for (Path file : (Iterable<Path>) files.filter(path -> Files.isRegularFile(path,
                    LinkOption.NOFOLLOW_LINKS)).sorted()::iterator) {
                if (Files.size(file) <= 100) {
                    names.computeIfAbsent(Files.readString(file, StandardCharsets.ISO_8859_1).strip(),
                            commit -> new ArrayList<>()).add(slashes(refs.relativize(file)));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }

    private static String slashes(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    /** Sorted; none if it is no folder. */
    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
                all.forEach(children::add);
            }
            children.sort(Comparator.naturalOrder());
        }
        return children;
    }

    /** What lies in a folder itself: links are not followed. */
    private static final class Size extends SimpleFileVisitor<Path> {

        private long bytes;
        private FileTime last = FileTime.from(Instant.EPOCH);

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                bytes += attributes.size();
                last = Stream.of(last, attributes.lastAccessTime(), attributes.lastModifiedTime())
                        .max(Comparator.naturalOrder()).orElseThrow();
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** @return paths of what is damaged */
    List<String> verify(String repository) throws IOException {
        HubFolder files = existing(repository);
        Map<Path, Boolean> read = new HashMap<>();
        List<String> damaged = new ArrayList<>();
        for (Path snapshot : children(files.folder().resolve("snapshots"))) {
            String commit = snapshot.getFileName().toString();
            Map<String, HubListing.Entry> listed = files.listing(commit).map(HubListing::files).orElseGet(TreeMap::new);
            for (Path file : leaves(snapshot)) {
                HubListing.Entry entry = listed.get(slashes(snapshot.relativize(file)));
                if (!whole(files, file, entry, read)) {
                    damaged.add(slashes(files.folder().relativize(file)));
                }
            }
        }
        return List.copyOf(damaged);
    }

    /** Everything below that is no folder, links that lead nowhere included. */
    private static List<Path> leaves(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean whole(HubFolder files, Path file, HubListing.@Nullable Entry entry, Map<Path, Boolean> read)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            files.contained(file);
        } catch (RerankException e) {
            return false;
        }
        Optional<String> etag = entry == null ? Optional.empty() : entry.etag();
        if (etag.isEmpty() && Files.isSymbolicLink(file)) {
            etag = Optional.of(Files.readSymbolicLink(file).getFileName().toString());
        }
        if (etag.isEmpty()) {
            return entry == null || entry.size() < 0 || entry.size() == Files.size(file);
        }
        Path real = file.toRealPath();
        Boolean known = read.get(real);
        if (known == null) {
            known = matches(real, etag.get());
            read.put(real, known);
        }
        return known;
    }

    private static boolean matches(Path file, String etag) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            Checksum checksum = new Checksum(etag, channel.size());
            ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
            while (channel.read(buffer.clear()) >= 0) {
                checksum.update(buffer.flip());
            }
            return checksum.matches();
        }
    }

    /** @return how many bytes came free */
    long remove(String repository) throws IOException {
        Path folder = existing(repository).folder();
        Removal removal = new Removal();
        Files.walkFileTree(folder, removal);
        Path locks = cache.resolve(".locks").resolve(folder.getFileName().toString());
        if (Files.exists(locks, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(locks, new Removal());
        }
        return removal.bytes;
    }

    /** Deletes links, and not what they lead to. */
    private static final class Removal extends SimpleFileVisitor<Path> {

        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (Files.deleteIfExists(file) && attributes.isRegularFile()) {
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            if (e != null && !(e instanceof NoSuchFileException)) {
                throw e;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }

    private HubFolder existing(String repository) {
        if (!REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException("repository must be owner/name, got " + repository);
        }
        HubFolder folder = folder(repository);
        if (!Files.exists(folder.folder(), LinkOption.NOFOLLOW_LINKS)) {
            throw new RerankException(Kind.INVALID_REQUEST,
                    repository + " is not in the cache " + cache + ": rerank models list shows what is");
        }
        return folder;
    }
}
