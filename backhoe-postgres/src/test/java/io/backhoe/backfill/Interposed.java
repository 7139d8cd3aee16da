package io.backhoe.backfill;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.function.Consumer;

/** A real database, with something happening just before a session executes a statement that writes. */
final class Interposed {
    private Interposed() {}

    /** @param beforeUpdate is given the SQL that is about to be executed */
    static Database before(Database database, Consumer<String> beforeUpdate) {
        return (Database) Proxy.newProxyInstance(
                Database.class.getClassLoader(), new Class<?>[] {Database.class}, (proxy, method, arguments) -> {
                    Object result = call(() -> method.invoke(database, bare(arguments)));
                    return result instanceof Session session ? interpose(session, beforeUpdate) : result;
                });
    }

    /** The database knows only sessions that it has opened itself. */
    private static Object[] bare(Object[] arguments) {
        return arguments == null
                ? new Object[0]
                : Arrays.stream(arguments)
                        .map(a -> Proxy.isProxyClass(a.getClass())
                                        && Proxy.getInvocationHandler(a) instanceof InterposedSession wrapped
                                ? wrapped.session()
                                : a)
                        .toArray();
    }

    private record InterposedSession(Session session, Consumer<String> beforeUpdate) implements InvocationHandler {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("update")) {
                beforeUpdate.accept((String) arguments[0]);
            }
            return call(() -> method.invoke(session, arguments));
        }
    }

    private static Session interpose(Session session, Consumer<String> beforeUpdate) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                new InterposedSession(session, beforeUpdate));
    }

    private interface Call {
        Object make() throws IllegalAccessException, InvocationTargetException;
    }

    private static Object call(Call call) throws Throwable {
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
