package io.backhoe.transform;

import io.backhoe.database.TransactionWords;
import io.backhoe.value.Time;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connection that a function is given: it works in the transaction, and neither ends it nor survives it. */
final class Guard implements InvocationHandler {
    /** External routine exception: what a function did that it must not do. */
    static final String STATE = "38000";

    private static final Set<String> REFUSED = Set.of(
            "commit",
            "close",
            "abort",
            "setTransactionIsolation",
            "setReadOnly",
            "setNetworkTimeout",
            "setSchema",
            "setCatalog",
            "setHoldability");

    private final Connection real;
    private final Time time;
    private final Connection lent;
    private volatile long began;
    private volatile boolean over;

    Guard(Connection real, Time time) {
        this.real = real;
        this.time = time;
        this.began = time.nanos();
        this.lent = proxy(Connection.class, this);
    }

    Connection connection() {
        return lent;
    }

    /** Since the last statement began. */
    Duration elapsed() {
        return Duration.ofNanos(time.nanos() - began);
    }

    /** The call has ended: whoever has kept the connection can do nothing with it. */
    void end() {
        over = true;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        refuseAfterEnd(name);
        boolean toSavepoint = arguments != null && arguments.length == 1;
        boolean autoCommit = name.equals("setAutoCommit") && arguments != null && Boolean.TRUE.equals(arguments[0]);
        if (REFUSED.contains(name) || (name.equals("rollback") && !toSavepoint) || autoCommit) {
            throw refused("Connection." + name);
        }
        refuseTransactionWords(arguments);
        Object result = call(real, method, arguments);
        if (result instanceof CallableStatement statement) {
            return proxy(CallableStatement.class, guarded(statement));
        } else if (result instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, guarded(statement));
        } else if (result instanceof Statement statement) {
            return proxy(Statement.class, guarded(statement));
        }
        return result;
    }

    private InvocationHandler guarded(Statement statement) {
        return (proxy, method, arguments) -> {
            refuseAfterEnd(method.getName());
            if (method.getName().equals("getConnection")) {
                return lent;
            }
            if (method.getName().startsWith("execute")) {
                began = time.nanos();
            }
            refuseTransactionWords(arguments);
            return call(statement, method, arguments);
        };
    }

    private void refuseAfterEnd(String method) throws SQLException {
        if (over && !method.equals("close") && !method.equals("isClosed") && !method.equals("toString")) {
            throw new SQLException("the call that this connection was lent for has ended", STATE);
        }
    }

    private static void refuseTransactionWords(Object @Nullable [] arguments) throws SQLException {
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
            var word = TransactionWords.in(sql);
            if (word.isPresent()) {
                throw refused(word.get());
            }
        }
    }

    private static SQLException refused(String what) {
        return new SQLException(
                what + " is not for the function: the transaction is the batch's, which commits what the function wrote"
                        + " together with the run's position",
                STATE);
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
