import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks what the demo printed: exactly one JSON document, which tells of a run that changed rows and succeeded. */
class DemoAnswer {
    public static void main(String[] arguments) throws Exception {
        // A second document, or a stray word, is refused as a trailing token.
        JsonNode answer = JsonMapper.shared().readTree(Files.readString(Path.of(arguments[0])));
        expect(answer, "/ok", "true");
        expect(answer, "/exit_code", "0");
        expect(answer, "/data/state", "SUCCEEDED");
        expect(answer, "/data/failed", "0");
        JsonNode rows = answer.at("/data/total_rows");
        if (rows.asLong(0) <= 0) {
            throw new IllegalStateException("The demo changed no rows: " + rows);
        }
        System.out.println("One document; " + rows.asLong() + " rows in "
                + answer.at("/data/total_chunks").asLong() + " chunks, all successful");
    }

    private static void expect(JsonNode answer, String path, String value) {
        String found = answer.at(path).asString("nothing");
        if (!Objects.equals(found, value)) {
            throw new IllegalStateException("Expected " + value + " at " + path + ", found " + found);
        }
    }
}
