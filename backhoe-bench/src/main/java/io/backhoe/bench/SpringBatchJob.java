package io.backhoe.bench;

import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.Job;
import org.springframework.batch.core.Step;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.partition.support.Partitioner;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.item.ExecutionContext;
import org.springframework.batch.item.database.JdbcBatchItemWriter;
import org.springframework.batch.item.database.JdbcPagingItemReader;
import org.springframework.batch.item.database.Order;
import org.springframework.batch.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A partitioned step of chunks: a paging reader joins and reads what is missing, a processor computes, a batching writer writes by
 * key. Ranges of ids are its partitions, four for each worker.
 */
@Configuration
@EnableBatchProcessing(tablePrefix = "bench.BATCH_")
class SpringBatchJob {
    /** A page, and a transaction. */
    private static final int ROWS = 5_000;

    private static final int PARTITIONS_PER_WORKER = 4;

    /** @param workers threads */
    record Size(long orders, int workers) {
        int partitions() {
            return PARTITIONS_PER_WORKER * workers;
        }
    }

    record Missing(long id, double given) {}

    record Filled(long id, String tier) {}

    @Bean
    @StepScope
    JdbcPagingItemReader<Missing> reader(
            DataSource dataSource,
            FillCase fill,
            @Value("#{stepExecutionContext['first']}") long first,
            @Value("#{stepExecutionContext['last']}") long last) {
        return new JdbcPagingItemReaderBuilder<Missing>()
                .name("missing")
                .dataSource(dataSource)
                .selectClause("SELECT id, given")
                .fromClause("FROM (" + fill.missing() + ") AS missing")
                .whereClause("WHERE id BETWEEN :first AND :last")
                .parameterValues(Map.of("first", first, "last", last))
                .sortKeys(Map.of("id", Order.ASCENDING))
                .pageSize(ROWS)
                .fetchSize(ROWS)
                .rowMapper((row, number) -> new Missing(row.getLong(1), row.getDouble(2)))
                .build();
    }

    @Bean
    JdbcBatchItemWriter<Filled> writer(DataSource dataSource) {
        return new JdbcBatchItemWriterBuilder<Filled>()
                .dataSource(dataSource)
                .sql("UPDATE bench.orders SET customer_tier = ? WHERE id = ? AND customer_tier IS NULL")
                .itemPreparedStatementSetter((filled, statement) -> {
                    statement.setString(1, filled.tier());
                    statement.setLong(2, filled.id());
                })
                .build();
    }

    @Bean
    Step fillStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            JdbcPagingItemReader<Missing> reader,
            JdbcBatchItemWriter<Filled> writer,
            FillCase fill) {
        return new StepBuilder("fill", repository)
                .<Missing, Filled>chunk(ROWS, transactions)
                .reader(reader)
                .processor(missing -> new Filled(missing.id(), fill.tier(missing.given())))
                .writer(writer)
                .build();
    }

    @Bean
    ThreadPoolTaskExecutor threads(Size size) {
        var threads = new ThreadPoolTaskExecutor();
        threads.setCorePoolSize(size.workers());
        threads.setThreadNamePrefix("spring-batch-");
        return threads;
    }

    @Bean
    Partitioner ranges(Size size) {
        return grid -> {
            var partitions = new HashMap<String, ExecutionContext>();
            for (int i = 0; i < grid; i++) {
                var range = new ExecutionContext();
                range.putLong("first", size.orders() * i / grid + 1);
                range.putLong("last", size.orders() * (i + 1) / grid);
                partitions.put("range" + i, range);
            }
            return partitions;
        };
    }

    @Bean
    Job job(JobRepository repository, Step fillStep, Partitioner ranges, ThreadPoolTaskExecutor threads, Size size) {
        Step partitioned = new StepBuilder("partitioned", repository)
                .partitioner("fill", ranges)
                .step(fillStep)
                .gridSize(size.partitions())
                .taskExecutor(threads)
                .build();
        return new JobBuilder("fill", repository).start(partitioned).build();
    }
}
