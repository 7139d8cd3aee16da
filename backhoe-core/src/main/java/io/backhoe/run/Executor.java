package io.backhoe.run;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This process, as others see it in the ledger. */
public final class Executor {
    private Executor() {}

    /** Host and process number. */
    public static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return host + ":" + ProcessHandle.current().pid();
    }
}
