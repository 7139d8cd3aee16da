package io.backhoe.value;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where backups are: {@code file:///folder/} or {@code s3://bucket/prefix/}. Never holds a credential.
 *
 * @param scheme in lower case
 * @param path what follows {@code scheme://}, ending in a slash; of a file an absolute path
 */
public record BackupLocation(String scheme, String path) {
    /** At least two characters, so that a drive of Windows is not one. */
    private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+):(.*)$");

    /**
     * @param text an absolute path, or a URL
     * @throws IllegalArgumentException saying what is wrong with it, without repeating what may be a credential
     */
    public static BackupLocation parse(String text) {
        var url = SCHEME.matcher(text);
        if (!url.matches()) {
            return folder(text);
        }
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        if (scheme.equals("file")) {
            return file(text);
        }
        String rest = url.group(2);
        if (!rest.startsWith("//") || rest.length() < 3 || rest.startsWith("///")) {
            throw new IllegalArgumentException("is not " + scheme + "://BUCKET/PREFIX/");
        }
        if (rest.contains("?") || rest.contains("#")) {
            throw new IllegalArgumentException("has a part from '?' or '#' on, which may hold a credential; credentials"
                    + " come from the environment, and so do region and endpoint");
        }
        String path = rest.substring(2);
        int slash = path.indexOf('/');
        if ((slash < 0 ? path : path.substring(0, slash)).contains("@")) {
            throw new IllegalArgumentException(
                    "holds a user or a credential before '@'; credentials come from the" + " environment");
        }
        return new BackupLocation(scheme, closed(path));
    }

    private static BackupLocation file(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no URL: " + e.getMessage(), e);
        }
        String host = uri.getAuthority();
        if (uri.getPath() == null || (host != null && !host.isEmpty())) {
            throw new IllegalArgumentException("is not file:///ABSOLUTE/FOLDER");
        }
        if (uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("has a part from '?' or '#' on, which names no folder");
        }
        return folder(uri.getPath());
    }

    private static BackupLocation folder(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no path: " + e.getMessage(), e);
        }
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("is not an absolute path, nor a URL such as s3://BUCKET/PREFIX/");
        }
        return new BackupLocation("file", closed(path.normalize().toString()));
    }

    private static String closed(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    /** A place below this one. */
    public BackupLocation child(String name) {
        return new BackupLocation(scheme, path + name + "/");
    }

    /** As it is written: {@code s3://bucket/prefix/}. */
    @Override
    public String toString() {
        return scheme + "://" + (scheme.equals("file") ? encoded(path) : path);
    }

    private static String encoded(String path) {
        try {
            return new URI(null, null, path, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a path is always part of a URL", e);
        }
    }
}
