package io.backhoe.notify;

import java.util.Map;

/** Something to send, the same however often it is tried. */
interface Letter {
    /** Whether a newer one of the kind makes it needless. */
    boolean isProgress();

    /** Whether it is the last that this process sends. */
    boolean isLast();

    /** In JSON. */
    String text();

    /** What goes with the text; may hold secrets. Asked anew for each attempt. */
    Map<String, String> headers(String text);
}
