package dev.rerank4j.remote;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/** What an address must be. */
final class Addresses {

    private Addresses() {
    }

    /**
     * @param secret whether a key goes there
     * @throws IllegalArgumentException if it is no address of a service
     */
    static void check(URI address, boolean secret) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || address.getHost() == null || address.getRawUserInfo() != null
                || address.getRawQuery() != null || address.getRawFragment() != null) {
            // The address itself is not repeated: it may hold a password.
            throw new IllegalArgumentException("address must be like https://search.example.com/path: http or https, "
                    + "a host, perhaps a port and a path, and nothing else; a key or password has its own place");
        }
        if (secret && scheme.equals("http") && !isThisMachine(address.getHost())) {
            throw new IllegalArgumentException("a key goes over https only, or to this machine: use an https address, "
                    + "or allow a key in plain text");
        }
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The address with a path after it, which begins with a slash. */
    static URI resolve(URI address, String path) {
        return URI.create(address.getScheme() + "://" + address.getRawAuthority()
                + address.getRawPath().replaceFirst("/+$", "") + path);
    }
}
