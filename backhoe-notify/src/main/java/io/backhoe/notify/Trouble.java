package io.backhoe.notify;

/** Told when messages do not arrive, on threads of this package. What it is told holds no secret. */
public interface Trouble {
    /** Once, with who does not get them and why. */
    void lost(String message);

    /** Once, when they arrive again. */
    void back(String message);
}
