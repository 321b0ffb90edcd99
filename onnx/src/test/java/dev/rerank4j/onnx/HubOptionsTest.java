package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment says, as Python's {@code huggingface_hub} reads it. */
class HubOptionsTest {

    @TempDir
    Path home;

    private HubOptions from(String... pairs) {
        Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return HubOptions.from(environment);
    }

    @Test
    void withoutVariablesItIsHuggingFaceAndTheUsualCache() {
        assertEquals(new HubOptions(URI.create("https://huggingface.co"), Optional.empty(),
                home.resolve(".cache/huggingface/hub"), false), from());
        assertEquals(from(), from("HF_ENDPOINT", "", "HF_TOKEN", " ", "HF_HOME", "", "HF_HUB_CACHE", "",
                "HF_HUB_OFFLINE", "", "HTTPS_PROXY", "", "XDG_CACHE_HOME", ""));
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:8080, http://127.0.0.1:8080", "https://hub.example.com/, https://hub.example.com",
            "https://example.com/api/hf//, https://example.com/api/hf",
            "HTTPS://HUB.EXAMPLE.COM, HTTPS://HUB.EXAMPLE.COM"})
    void theAddressHasNoSlashAtItsEnd(String value, String endpoint) {
        assertEquals(URI.create(endpoint), from("HF_ENDPOINT", value).endpoint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub.example.com", "ftp://hub.example.com", "https://", "https:///models", "file:///tmp",
            "https://user:secret@hub.example.com", "https://hub.example.com?a=secret", "https://hub.example.com#secret",
            "https://hub example.com/secret", "://"})
    void anAddressThatCannotBeUsedIsRefused(String value) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> from("HF_ENDPOINT", value));
        assertEquals("HF_ENDPOINT must be an http or https address, such as https://huggingface.co", e.getMessage());
        assertEquals(null, e.getCause());
        assertThrows(IllegalArgumentException.class,
                () -> new HubOptions(URI.create("hub.example.com"), Optional.empty(),
                        home, false));
        assertThrows(IllegalArgumentException.class, () -> new HubOptions(URI.create("https://hub.example.com/"),
                Optional.empty(), home, false));
    }

    @Test
    void theCacheIsWherePythonsIs() {
        assertEquals(home.resolve("hf/hub"), from("HF_HOME", home.resolve("hf").toString()).cache());
        assertEquals(home.resolve("xdg/huggingface/hub"),
                from("XDG_CACHE_HOME", home.resolve("xdg").toString()).cache());
        assertEquals(home.resolve("c"),
                from("HF_HUB_CACHE", home.resolve("c").toString(), "HF_HOME", "/elsewhere").cache());
        assertEquals(home.resolve("c"), from("HUGGINGFACE_HUB_CACHE", home.resolve("c").toString()).cache());
        assertEquals(home.resolve("c"), from("HF_HUB_CACHE", "~/c").cache());
        assertEquals(home.resolve("c"), from("HF_HUB_CACHE", "$HOME/c").cache());
        assertEquals(home.resolve("big/c"), from("HF_HUB_CACHE", "${DISK}/c", "DISK", home + "/big").cache());
        assertEquals(Path.of("$NOTHING/c").toAbsolutePath(), from("HF_HUB_CACHE", "$NOTHING/c").cache());
        assertEquals(Path.of("c").toAbsolutePath(), from("HF_HUB_CACHE", "c").cache());
        assertEquals("HF_HUB_CACHE must be a path",
                assertThrows(IllegalArgumentException.class, () -> from("HF_HUB_CACHE", "a\0b")).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, true", "on, true", "YES, true", "True, true", "0, false", "off, false", "2, false", "'', false"})
    void offlineIsWhatPythonTakesForTrue(String value, boolean offline) {
        assertEquals(offline, from("HF_HUB_OFFLINE", value).offline());
        assertEquals(offline, from("TRANSFORMERS_OFFLINE", value).offline());
    }

    @Test
    void theTokenIsTheVariablesElseTheFiles() throws IOException {
        Path file = home.resolve(".cache/huggingface/token");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "hf_of_the_file\n");
        assertEquals(Optional.of("hf_of_the_file"), from().token());
        assertEquals(Optional.of("hf_a"), from("HF_TOKEN", " hf_a\r\n", "HUGGING_FACE_HUB_TOKEN", "hf_b").token());
        assertEquals(Optional.of("hf_b"), from("HUGGING_FACE_HUB_TOKEN", "hf_b").token());
        assertEquals(Optional.empty(), from("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
        assertEquals(Optional.of("hf_c"), from("HF_TOKEN_PATH", Files.writeString(home.resolve("t"), "hf_c").toString())
                .token());
        assertEquals(Optional.of("hf_c"), from("HF_TOKEN_PATH", "~/t").token());
        assertEquals(Optional.empty(), from("HF_TOKEN_PATH", "~/none").token());
        assertEquals(Optional.empty(), from("HF_TOKEN_PATH", Files.writeString(home.resolve("e"), " \n").toString())
                .token());
        assertEquals(Optional.empty(), from("HF_TOKEN_PATH", home.toString()).token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_se\ncret", "hf_se cret", "hf_sécret", "hf_secret\u0000"})
    void aTokenThatCanBeNoneIsRefusedWithoutBeingShown(String token) throws IOException {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> from("HF_TOKEN", token));
        assertEquals("the token in HF_TOKEN must be one word of ASCII characters", e.getMessage());
        Path file = Files.writeString(home.resolve("token"), token);
        assertEquals("the token in " + file + " must be one word of ASCII characters", assertThrows(
                IllegalArgumentException.class, () -> from("HF_TOKEN_PATH", file.toString())).getMessage());
        assertEquals("token must be one word of ASCII characters", assertThrows(IllegalArgumentException.class,
                () -> new HubOptions(URI.create("http://a"), Optional.of(token), home, false)).getMessage());
    }

    @Test
    void itsTextHidesTheTokenAndTheProxysPassword() {
        String text = from("HF_TOKEN", "hf_secret", "HTTPS_PROXY", "http://me:password@proxy:3128").toString();
        assertFalse(text.contains("secret") || text.contains("password"), text);
        assertTrue(text.contains("token=set") && text.contains("huggingface.co"), text);
        assertTrue(from().toString().contains("token=none"));
    }

    private static String proxy(HubOptions options, String uri) {
        ProxySelector selector = options.proxy().orElseThrow();
        Proxy proxy = selector.select(URI.create(uri)).getFirst();
        return proxy.type() == Proxy.Type.DIRECT
                ? "direct"
                : ((InetSocketAddress) proxy.address()).getHostString() + ":"
                        + ((InetSocketAddress) proxy.address()).getPort();
    }

    @Test
    void proxiesAreByScheme() {
        assertEquals(Optional.empty(), from().proxy());
        HubOptions both = from("HTTP_PROXY", "http://a:1", "https_proxy", "b:2", "ALL_PROXY", "http://c:3");
        assertEquals("a:1", proxy(both, "http://hub"));
        assertEquals("b:2", proxy(both, "https://hub"));
        HubOptions all = from("all_proxy", "http://c");
        assertEquals("c:80", proxy(all, "http://hub"));
        assertEquals("c:80", proxy(all, "https://hub"));
        assertEquals("direct", proxy(from("HTTP_PROXY", "http://a:1"), "https://hub"));
        assertEquals("a:1", proxy(from("http_proxy", "a:1", "HTTP_PROXY", "b:2"), "http://hub"));
    }

    @ParameterizedTest
    @CsvSource({"'*', https://hub.example.com, direct", "hub.example.com, https://hub.example.com, direct",
            "example.com, https://hub.example.com, direct", ".example.com, https://hub.example.com, direct",
            "*.example.com, https://hub.example.com, direct", "HUB.example.COM, https://hub.EXAMPLE.com, direct",
            "' a , hub.example.com ', https://hub.example.com, direct", "ample.com, https://hub.example.com, p:1",
            "example.com:443, https://hub.example.com, direct", "example.com:444, https://hub.example.com, p:1",
            "example.com:444, https://hub.example.com:444, direct", "127.0.0.1, https://127.0.0.1:8080, direct",
            "::1, 'https://[::1]:8080', direct", "'', https://hub.example.com, p:1"})
    void someHostsNeedNone(String without, String uri, String proxy) {
        assertEquals(proxy, proxy(from("HTTPS_PROXY", "p:1", "NO_PROXY", without), uri));
        assertEquals(proxy, proxy(from("HTTPS_PROXY", "p:1", "no_proxy", without, "NO_PROXY", "other"), uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://me:secret@p:1", "http://", "http://me:secret@p p:1", "https://me:secret@p:1"})
    void aProxyThatCannotBeUsedIsSaidWhenItIsNeededAndNotShown(String value) {
        for (String variable : List.of("HTTP_PROXY", "http_proxy", "ALL_PROXY")) {
            HubOptions options = from("HF_ENDPOINT", "http://127.0.0.1:1", variable, value);
            ModelHub hub = new ModelHub(options);
            assertEquals(List.of(), hub.list());
            RerankException e = assertThrows(RerankException.class, () -> hub.get(ModelId.of("a/b")));
            assertEquals(
                    variable + " must name an HTTP proxy, such as http://proxy.example.com:3128, for 127.0.0.1:1 to be"
                            + " reached through it; NO_PROXY names hosts that are reached without",
                    e.getMessage());
            assertEquals("direct", proxy(from(variable, value, "NO_PROXY", "127.0.0.1"), "http://127.0.0.1:1"));
        }
    }
}
