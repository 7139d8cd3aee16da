package io.backhoe.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An answer that has to be as long as it was announced: a connection that ends early looks like the end of it otherwise. */
final class WholeStream extends FilterInputStream {
    private final long announced;
    private long read;

    WholeStream(InputStream in, long announced) {
        super(in);
        this.announced = announced;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        count(b < 0 ? -1 : 1);
        return b;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int some = in.read(into, offset, length);
        count(some);
        return some;
    }

    private void count(int some) throws IOException {
        if (some > 0) {
            read += some;
        } else if (some < 0 && read < announced) {
            throw new IOException("the connection ended after " + read + " of " + announced + " bytes");
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
