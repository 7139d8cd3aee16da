package io.backhoe.ledger;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This process, as others see it in the ledger. */
public final class Executor {
    private static final String NAME = host() + ":" + ProcessHandle.current().pid();

    private Executor() {}

    /** Host and process number. */
    public static String name() {
        return NAME;
    }

    /** Whom the operating system runs it for. */
    public static String user() {
        return System.getProperty("user.name", "unknown");
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }
}
