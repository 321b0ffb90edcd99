package dev.rerank4j.server;

import io.helidon.common.socket.SocketOptions;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Options of accepted connections, the read timeout included: Helidon 4.5 does not set it on the channels that it
 * accepts, so that a silent client would hold its connection for ever, and its idle check, without a timeout to keep
 * to, would take a client for gone after a tenth of a second.
 */
record PatientSockets(SocketOptions others, Duration readTimeout) implements SocketOptions {

    @Override
    public void configureSocket(SocketChannel channel) {
        others.configureSocket(channel);
        try {
            channel.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, readTimeout.toMillis()));
        } catch (SocketException e) {
            // closed already: the first read will say so
        }
    }

    @Override
    public void configureSocket(Socket socket) {
        others.configureSocket(socket);
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return others.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return others.connectTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return others.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return others.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return others.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return others.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return others.tcpNoDelay();
    }
}
