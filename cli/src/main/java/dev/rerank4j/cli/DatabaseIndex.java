package dev.rerank4j.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.lucene.WordMatcher;
import dev.rerank4j.remote.PostgresIndex;
import dev.rerank4j.remote.PostgresOptions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The index in a PostgreSQL database.
 *
 * @param language of its words
 * @param search what the retriever {@code postgres} is
 */
record DatabaseIndex(PostgresIndex postgres, HikariDataSource connections, WordMatcher words, String language,
        Database.Search search) implements TextIndex {

    /** More would compete for the cores of the database, and the reranker is what takes time. */
    private static final int CONNECTIONS = 8;

    /** Of waiting for a connection, in ms. */
    private static final int PATIENCE = 5_000;

    /**
     * Opens the index.
     *
     * @param settings which database and table
     * @param language says in which language an index is, or is to be, given that of one that is there
     * @throws UsageException if the settings are incomplete, or a secret cannot be had
     * @throws dev.rerank4j.RerankException if the database cannot be used
     */
    static DatabaseIndex open(Database settings, Function<Optional<String>, String> language, Models models,
            Shell shell) {
        PGSimpleDataSource source = source(settings, shell);
        // Without the pool, which would try for seconds what fails at once.
        Optional<String> configuration = PostgresIndex.configuration(source, options(settings, ""));
        Optional<String> made = configuration.map(DatabaseIndex::language);
        String code = language.apply(made);
        PostgresOptions options = options(settings, configuration.filter(name -> language(name).equals(code))
                .orElseGet(() -> PostgresOptions.configuration(code)));
        WordMatcher words = WordMatcher.of(code);
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(source);
        pool.setPoolName("rerank4j");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(PATIENCE);
        pool.setInitializationFailTimeout(-1);
        HikariDataSource connections = new HikariDataSource(pool);
        try {
            Optional<Encoder> encoder = settings.search() == Database.Search.VECTOR
                    ? Optional.of(models.encoder())
                    : Optional.empty();
            return new DatabaseIndex(PostgresIndex.open(connections, options, encoder), connections, words, code,
                    settings.search());
        } catch (RuntimeException e) {
            connections.close();
            words.close();
            throw e;
        }
    }

    private static PGSimpleDataSource source(Database settings, Shell shell) {
        String url = Engines.required(settings.url(), "postgres.url", "jdbc:postgresql://localhost:5432/docs");
        PGSimpleDataSource source = new PGSimpleDataSource();
        if (!url.startsWith("jdbc:postgresql:") || url.toLowerCase(Locale.ROOT).contains("password=")
                || url.substring(url.indexOf('?') + 1).equals(url) && url.contains("@")) {
            throw new UsageException("postgres.url must be like jdbc:postgresql://localhost:5432/docs, without a "
                    + "password: that belongs into an environment variable that postgres.password-env names");
        }
        try {
            source.setUrl(url);
        } catch (IllegalArgumentException e) { // its message repeats the URL
            throw new UsageException("postgres.url must be like jdbc:postgresql://localhost:5432/docs");
        }
        if (settings.user() != null) {
            source.setUser(settings.user());
        }
        new Secret("the password of postgres", settings.passwordEnv(), settings.passwordFile()).read(shell)
                .ifPresent(source::setPassword);
        source.setApplicationName("rerank4j");
        return source;
    }

    private static PostgresOptions options(Database settings, String configuration) {
        String table = Engines.required(settings.table(), "postgres.table", "passages");
        int dot = table.indexOf('.');
        try {
            PostgresOptions options = PostgresOptions.of(table.substring(dot + 1),
                    configuration.isEmpty() ? PostgresOptions.configuration("") : configuration);
            return dot < 0 ? options : options.inSchema(table.substring(0, dot));
        } catch (IllegalArgumentException e) {
            throw new UsageException("postgres.table: " + e.getMessage(), e);
        }
    }

    /** The language of a configuration that PostgreSQL brings; none in particular of others. */
    private static String language(String configuration) {
        return LuceneIndex.languages().stream()
                .filter(code -> PostgresOptions.configuration(code).equals(configuration)
                        && !configuration.equals(PostgresOptions.configuration("")))
                .findFirst().orElse("");
    }

    @Override
    public List<Retriever> retrievers(Config.Retrieval retrieval) {
        return switch (retrieval) {
            case POSTGRES -> retrievers(switch (search) {
                case FULL_TEXT -> Config.Retrieval.BM25;
                case VECTOR -> Config.Retrieval.VECTOR;
            });
            case BM25 -> List.of(postgres.fullText());
            case VECTOR -> List.of(vector());
            case HYBRID -> List.of(postgres.fullText(), vector());
            case OPENSEARCH, ELASTICSEARCH -> throw new IllegalArgumentException("this is PostgreSQL");
        };
    }

    private Retriever vector() {
        if (search == Database.Search.FULL_TEXT) {
            throw new UsageException("there are no vectors, because postgres.search is full-text in the configuration");
        }
        return postgres.vector();
    }

    @Override
    public Filter filter(List<String> conditions) {
        return FilterSyntax.parse(conditions, postgres::hasField, postgres::fields);
    }

    @Override
    public List<int[]> matches(String query, String text) {
        return words.matches(query, text);
    }

    @Override
    public int documentCount() {
        return postgres.documentCount();
    }

    @Override
    public int count(Filter filter) {
        return postgres.count(filter);
    }

    @Override
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return postgres.counts(field, filter);
    }

    @Override
    public List<Passage> passages(String documentId) {
        return postgres.passages(documentId);
    }

    @Override
    public List<Passage> firstPassages(String after, int limit) {
        return postgres.firstPassages(after, limit);
    }

    @Override
    public Map<String, String> marks() {
        return postgres.marks();
    }

    @Override
    public void mark(String key, String mark) {
        postgres.mark(key, mark);
    }

    @Override
    public Set<String> documents(String file) {
        return postgres.documents(file);
    }

    @Override
    public Map<String, Committed> committed(Collection<String> documentIds) {
        Map<String, Committed> committed = new HashMap<>();
        postgres.passages(documentIds).forEach((id, passages) -> committed.put(id, Committed.of(passages)));
        return committed;
    }

    @Override
    public void add(List<Passage> passages) {
        postgres.add(passages);
    }

    @Override
    public void delete(String documentId) {
        postgres.delete(documentId);
    }

    @Override
    public void commit() {
        postgres.commit();
    }

    @Override
    public void close() {
        postgres.close();
        connections.close();
        words.close();
    }
}
