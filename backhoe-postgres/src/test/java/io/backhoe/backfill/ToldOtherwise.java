package io.backhoe.backfill;

import io.backhoe.database.Database;
import io.backhoe.database.ServerSurvey;
import io.backhoe.database.Survey;
import io.backhoe.database.TableSurvey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A real database, of which one answer is changed: for what no test can bring about, such as two thousand million
 * transactions.
 */
final class ToldOtherwise {
    private static final Set<Class<?>> SURVEYS = Set.of(Survey.class, TableSurvey.class, ServerSurvey.class);

    private ToldOtherwise() {}

    /**
     * @param question the name of a method of {@code Database} or of a survey
     * @param change is given the true answer
     */
    @SuppressWarnings("unchecked")
    static <T> Database of(Database database, String question, UnaryOperator<T> change) {
        return (Database) told(Database.class, database, question, (UnaryOperator<Object>) change);
    }

    private static Object told(Class<?> type, Object real, String question, UnaryOperator<Object> change) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object answer;
            try {
                answer = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (SURVEYS.contains(method.getReturnType())) {
                return told(method.getReturnType(), answer, question, change);
            }
            return method.getName().equals(question) ? change.apply(answer) : answer;
        });
    }
}
