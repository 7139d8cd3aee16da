package io.backhoe.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.backhoe.postgres.PostgresDatabase;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.Job;
import org.springframework.batch.core.JobParametersBuilder;
import org.springframework.batch.core.launch.JobLauncher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Spring Batch as its reference has it; see {@link SpringBatchJob}. Its tables are in schema {@code bench}, the start of a JVM is not counted. */
final class SpringBatchWay implements FillWay {
    private static final List<String> SCRIPTS = List.of("schema-drop-postgresql.sql", "schema-postgresql.sql");

    private final SpringBatchJob.Size size;
    private final FillCase fill;
    private final String url;

    SpringBatchWay(FillCase fill, String url, int workers, long orders) {
        this.size = new SpringBatchJob.Size(orders, workers);
        this.fill = fill;
        this.url = url;
    }

    @Override
    public String name() {
        return "Spring Batch";
    }

    @Override
    public void prepare() throws Exception {
        try (var connection = BenchOrders.connect(url);
                var statement = connection.createStatement()) {
            statement.execute("SET search_path TO bench");
            for (String script : SCRIPTS) {
                ScriptUtils.executeSqlScript(
                        connection, new ClassPathResource("org/springframework/batch/core/" + script));
            }
        }
    }

    @Override
    public double fill() throws Exception {
        var pool = new HikariConfig();
        pool.setDataSource(PostgresDatabase.at(url, null, null, System.getenv()).dataSource());
        pool.setMaximumPoolSize(2 * size.workers() + 2);
        try (var source = new HikariDataSource(pool);
                var context = new AnnotationConfigApplicationContext()) {
            context.registerBean("dataSource", DataSource.class, () -> source);
            context.registerBean(
                    "transactionManager", PlatformTransactionManager.class, () -> new JdbcTransactionManager(source));
            context.registerBean(FillCase.class, () -> fill);
            context.registerBean(SpringBatchJob.Size.class, () -> size);
            context.register(SpringBatchJob.class);
            context.refresh();
            var parameters =
                    new JobParametersBuilder().addLong("at", System.nanoTime()).toJobParameters();
            var execution = context.getBean(JobLauncher.class).run(context.getBean(Job.class), parameters);
            if (!execution.getExitStatus().getExitCode().equals(ExitStatus.COMPLETED.getExitCode())) {
                throw new IllegalStateException(name() + " failed: " + execution.getAllFailureExceptions());
            }
        }
        return 0;
    }
}
