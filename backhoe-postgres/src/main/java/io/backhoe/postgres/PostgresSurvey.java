package io.backhoe.postgres;

import io.backhoe.database.ScopeShape;
import io.backhoe.database.ScopeSurvey;
import io.backhoe.database.ServerSurvey;
import io.backhoe.database.Session;
import io.backhoe.database.Survey;
import io.backhoe.database.TableFacts;
import io.backhoe.database.TableSurvey;

record PostgresSurvey(Session session) implements Survey {
    @Override
    public ServerSurvey server() {
        return new SurveyedServer(session);
    }

    @Override
    public TableSurvey table(TableFacts table) {
        return new SurveyedTable(session, table.name());
    }

    @Override
    public ScopeSurvey scope(TableFacts table, ScopeShape shape) {
        return new SurveyedScope(session, shape);
    }
}
