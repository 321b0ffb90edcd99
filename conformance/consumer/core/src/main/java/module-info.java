/** A modular application: the module's name is what the jar's manifest says. */
module consumer.core {
    requires dev.rerank4j;
}
