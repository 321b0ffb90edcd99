package dev.rerank4j.cli;

/** What the launcher starts in its tests: says how it was started. */
public final class EchoMain {

    private EchoMain() {
    }

    public static void main(String[] args) {
        System.out.println("java " + Runtime.version().feature());
        System.out.println("terminals " + System.getProperty("rerank4j.terminals") + "; columns "
                + System.getProperty("rerank4j.columns") + "; extra " + System.getProperty("extra"));
        System.out.println("temporary " + System.getProperty("java.io.tmpdir") + "; native "
                + System.getenv("DJL_CACHE_DIR") + "; telemetry off " + System.getenv("ORT_DISABLE_TELEMETRY"));
        System.out.println("encoding " + System.getProperty("sun.jnu.encoding"));
        for (String arg : args) {
            System.out.println("[" + arg + "]");
        }
        System.exit(args.length > 0 && args[0].equals("fail") ? 7 : 0);
    }
}
