package io.backhoe.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerUserTest {
    private static final List<String> WORKS = List.of("env");
    private static final List<String> MISSING = List.of("/no/such/program");

    @Test
    void rootPrefersToBecomeAnotherUser() {
        assertThat(ServerUser.forRoot(WORKS, MISSING)).isEqualTo(new ServerUser(true, WORKS, 65534));
    }

    @Test
    void rootFallsBackToAUserNamespaceWhereFilesStayItsOwn() {
        assertThat(ServerUser.forRoot(MISSING, WORKS)).isEqualTo(new ServerUser(true, WORKS, 0));
    }

    @Test
    void rootIsToldWhyAndWhatToDoWhenNeitherWorks() {
        assertThatThrownBy(() -> ServerUser.forRoot(MISSING, MISSING))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("does not run as root")
                .hasMessageContaining("No such file")
                .hasMessageContaining("Run as an ordinary user");
    }
}
