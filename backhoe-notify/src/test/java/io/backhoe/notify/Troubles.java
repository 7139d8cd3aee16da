package io.backhoe.notify;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was told of messages that do not arrive. */
record Troubles(List<String> told) implements Trouble {
    Troubles() {
        this(new CopyOnWriteArrayList<>());
    }

    @Override
    public void lost(String message) {
        told.add("lost " + message);
    }

    @Override
    public void back(String message) {
        told.add("back " + message);
    }
}
