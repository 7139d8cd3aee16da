package io.backhoe.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code user:password@host:port,host:port/database?name=value}, section "Connection URIs" of libpq's manual. */
final class LibpqUrl {
    private LibpqUrl() {}

    /**
     * Takes a URL apart.
     *
     * @param text what follows {@code postgresql://}
     * @return what it says, by libpq's names; hosts and ports as lists with commas, as libpq has them
     */
    static Map<String, String> parse(String text) {
        String path = before(text, '?');
        String authority = before(path, '/');
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        var said = new LinkedHashMap<String, String>();
        said.put("user", ConnectionUrl.decoded(before(login, ':')));
        said.put("password", ConnectionUrl.decoded(after(login, ':')));
        hosts(authority.substring(at + 1), said);
        said.put("dbname", ConnectionUrl.decoded(after(path, '/')));
        query(after(text, '?'), said);
        return said;
    }

    private static void hosts(String list, Map<String, String> said) {
        var hosts = new ArrayList<String>();
        var ports = new ArrayList<String>();
        for (String each : list.split(",", -1)) {
            int colon = each.endsWith("]") ? -1 : each.lastIndexOf(':');
            hosts.add(ConnectionUrl.decoded(colon < 0 ? each : each.substring(0, colon)));
            ports.add(colon < 0 ? "" : each.substring(colon + 1));
        }
        said.put("host", hosts.stream().allMatch(String::isEmpty) ? "" : String.join(",", hosts));
        said.put("port", ports.stream().allMatch(String::isEmpty) ? "" : String.join(",", ports));
    }

    private static void query(String text, Map<String, String> said) {
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            String name = ConnectionUrl.decoded(before(pair, '='));
            String value = ConnectionUrl.decoded(after(pair, '='));
            // as libpq, for URLs that were written for JDBC
            boolean require = name.equals("ssl") && value.equals("true");
            said.put(require ? "sslmode" : name, require ? "require" : value);
        }
    }

    private static String before(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String after(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + 1);
    }
}
