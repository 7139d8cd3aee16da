package io.backhoe.backfill;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** A real database, with something happening just before a session executes a statement that writes. */
final class Interposed {
    private Interposed() {}

    /** @param beforeUpdate is given the SQL that is about to be executed */
    static Database before(Database database, Consumer<String> beforeUpdate) {
        return (Database) Proxy.newProxyInstance(
                Database.class.getClassLoader(), new Class<?>[] {Database.class}, (proxy, method, arguments) -> {
                    Object result = call(() -> method.invoke(database, arguments));
                    return result instanceof Session session ? interpose(session, beforeUpdate) : result;
                });
    }

    private static Session interpose(Session session, Consumer<String> beforeUpdate) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("update")) {
                        beforeUpdate.accept((String) arguments[0]);
                    }
                    return call(() -> method.invoke(session, arguments));
                });
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
