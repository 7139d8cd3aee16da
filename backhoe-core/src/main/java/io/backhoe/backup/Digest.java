package io.backhoe.backup;

import io.backhoe.value.Sha256;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What tells one content from another.
 *
 * @param sha256 64 hex digits
 */
public record Digest(long bytes, String sha256) {
    /** Of a text or other bytes. */
    public static Digest of(byte[] content) {
        return new Digest(
                content.length, HexFormat.of().formatHex(Sha256.begin().digest(content)));
    }

    /** Of all that is left of a stream. */
    public static Digest of(InputStream in) throws IOException {
        var reading = new Reading(in);
        reading.transferTo(OutputStream.nullOutputStream());
        return reading.digest();
    }

    /** Digests what is written through it. Confined to one thread. */
    public static final class Writing extends FilterOutputStream {
        private final MessageDigest sha256 = Sha256.begin();
        private long bytes;

        public Writing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            sha256.update((byte) b);
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
            sha256.update(from, offset, length);
            bytes += length;
        }

        /** Of all that was written; to be asked once. */
        public Digest digest() {
            return new Digest(bytes, HexFormat.of().formatHex(sha256.digest()));
        }
    }

    /** Digests what is read through it. Confined to one thread. */
    public static final class Reading extends FilterInputStream {
        private final MessageDigest sha256 = Sha256.begin();
        private long bytes;

        public Reading(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            if (b >= 0) {
                sha256.update((byte) b);
                bytes++;
            }
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = in.read(into, offset, length);
            if (read > 0) {
                sha256.update(into, offset, read);
                bytes += read;
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        /** Of all that was read; to be asked once. */
        public Digest digest() {
            return new Digest(bytes, HexFormat.of().formatHex(sha256.digest()));
        }
    }
}
