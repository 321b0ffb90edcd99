package dev.rerank4j.opensearchserver;

import java.io.IOException;
import java.io.PrintStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.http.HttpServerTransport;

/**
 * One OpenSearch node, in this process. It prints its port and goes on until its input ends, so that it also ends when
 * whoever started it dies.
 */
final class Node {

    private Node() {
    }

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        System.setOut(System.err); // what OpenSearch prints is not the port
        Thread input = Thread.ofPlatform().start(Node::endWithInput); // also while it starts
        try {
            OpenSearchRunner runner = new OpenSearchRunner();
            runner.onBuild((number, settings) -> {
                settings.put("http.host", "127.0.0.1");
                settings.put("http.port", "0");
                settings.put("transport.host", "127.0.0.1");
                settings.put("transport.port", "0");
                settings.put("discovery.type", "single-node");
                settings.putList("discovery.seed_hosts");
                settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
            }).build(OpenSearchRunner.newConfigs().basePath(args[0]).clusterName("tests").numOfNode(1)
                    .pluginTypes("org.opensearch.knn.plugin.KNNPlugin"));
            out.println("port " + runner.node().injector().getInstance(HttpServerTransport.class).boundAddress()
                    .publishAddress().getPort());
            out.flush();
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // threads of a node that is half there would keep this process
        }
        input.join();
    }

    /** What is left need not be written: the data is removed by whoever reads this. */
    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said to it
            }
        } catch (IOException e) {
            // then nobody is there either
        }
        Runtime.getRuntime().halt(0);
    }
}
