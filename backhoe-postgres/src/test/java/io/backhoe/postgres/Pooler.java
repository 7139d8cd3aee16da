package io.backhoe.postgres;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between a client and a server and greets with a process number of its own, as poolers do. Not encrypted. */
final class Pooler implements AutoCloseable {
    private static final byte BACKEND_KEY_DATA = 'K';

    private final ServerSocket listening;
    private final int server;

    /** @param server the port of the server on this machine */
    Pooler(int server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one of the two has hung up
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            var behind = new Socket(InetAddress.getLoopbackAddress(), server);
            start(() -> copy(client.getInputStream(), behind.getOutputStream(), behind));
            start(() -> {
                var from = new DataInputStream(behind.getInputStream());
                var into = client.getOutputStream();
                greet(from, new DataOutputStream(into));
                copy(from, into, client);
            });
        }
    }

    private static void copy(InputStream from, OutputStream into, Socket end) throws IOException {
        try (end) {
            from.transferTo(into);
        }
    }

    /** Passes messages on up to the one with the process number, and changes that one. */
    private static void greet(DataInputStream from, DataOutputStream into) throws IOException {
        byte kind;
        do {
            kind = from.readByte();
            byte[] body = new byte[from.readInt() - Integer.BYTES];
            from.readFully(body);
            if (kind == BACKEND_KEY_DATA) {
                body[0] ^= 0x20;
            }
            into.writeByte(kind);
            into.writeInt(body.length + Integer.BYTES);
            into.write(body);
            into.flush();
        } while (kind != BACKEND_KEY_DATA);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
