package io.backhoe;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.backhoe.value.SystemTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The folders are the way of the data, and arrows point one way. */
@AnalyzeClasses(packages = "io.backhoe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Each knows only those before it. */
    private static final List<String> ORDER = List.of(
            "value",
            "database",
            "spec",
            "assess",
            "plan",
            "ledger",
            "transform",
            "backup",
            "run",
            "check",
            "undo",
            "report",
            "notify");

    private static final List<String> PARTS_OF_RUN = List.of("chunk", "batch", "throttle", "checkpoint");

    @ArchTest
    static void everyPackageHasItsPlace(JavaClasses core) {
        var places = new TreeSet<String>();
        ORDER.forEach(name -> places.add("io.backhoe." + name));
        PARTS_OF_RUN.forEach(name -> places.add("io.backhoe.run." + name));
        places.add("io.backhoe");

        assertThat(core.stream().map(JavaClass::getPackageName)).isSubsetOf(places);
    }

    @ArchTest
    static void eachPackageKnowsOnlyThoseToItsLeft(JavaClasses core) {
        for (int i = 0; i < ORDER.size(); i++) {
            var unknown = new ArrayList<String>();
            ORDER.subList(i + 1, ORDER.size()).forEach(name -> unknown.add("io.backhoe." + name + ".."));
            unknown.add("io.backhoe");
            noClasses()
                    .that(resideInAPackage("io.backhoe." + ORDER.get(i) + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(unknown.toArray(String[]::new)))
                    .allowEmptyShould(true)
                    .check(core);
        }
    }

    @ArchTest
    static void thePartsOfRunDoNotKnowEachOtherNorRun(JavaClasses core) {
        for (String part : PARTS_OF_RUN) {
            var unknown = new ArrayList<>(List.of("io.backhoe.run"));
            PARTS_OF_RUN.stream()
                    .filter(other -> !other.equals(part))
                    .forEach(other -> unknown.add("io.backhoe.run." + other + ".."));
            noClasses()
                    .that(resideInAPackage("io.backhoe.run." + part + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(unknown.toArray(String[]::new)))
                    .allowEmptyShould(true)
                    .check(core);
        }
    }

    @ArchTest
    static final ArchRule valueKnowsTheJdkAlone = classes()
            .that()
            .resideInAPackage("io.backhoe.value..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.backhoe.value..", "org.jspecify..");

    @ArchTest
    static final ArchRule jdbcStaysAtTheSeamInTheLedgerInTransformsAndAtTheRoot = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.backhoe.database..", "io.backhoe.ledger..", "io.backhoe.transform..", "io.backhoe")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule nothingHereKnowsADriver = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.postgresql..", "org.mariadb..", "com.mysql..", "io.backhoe.postgres..");

    @ArchTest
    static final ArchRule onlyTheReaderOfFilesKnowsYaml = noClasses()
            .that()
            .resideOutsideOfPackage("io.backhoe.spec..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.snakeyaml..");

    @ArchTest
    static final ArchRule onlySystemTimeLooksAtAClockOrSleeps =
            noClasses().that().doNotBelongToAnyOf(SystemTime.class).should().accessTargetWhere(isOfAClock());

    /** That the rule above sees anything: the one class that may do it is caught by it, call by call. */
    @ArchTest
    static void theRuleOfTheClockSees(JavaClasses core) {
        JavaClass systemTime = core.get(SystemTime.class);

        assertThat(systemTime.getAccessesFromSelf().stream()
                        .filter(isOfAClock())
                        .map(access -> access.getTarget().getName()))
                .containsExactlyInAnyOrder("now", "nanoTime", "sleep");
    }

    private static DescribedPredicate<JavaAccess<?>> isOfAClock() {
        return DescribedPredicate.describe("is a clock or a sleep", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return switch (owner) {
                case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
                case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
                case "java.util.Date", "java.util.concurrent.locks.LockSupport" -> true;
                case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
                default -> owner.startsWith("java.time.") && name.equals("now");
            };
        });
    }
}
