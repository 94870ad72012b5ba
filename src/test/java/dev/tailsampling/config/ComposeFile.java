package dev.tailsampling.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * docker-compose.yml as Docker Compose reads it without a file .env.
 *
 * @param services by name
 * @param defaults of the variables that a file .env may set
 */
record ComposeFile(Map<String, Service> services, Map<String, String> defaults) {

    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+):-([^}]*)}");

    static ComposeFile read(Path file) throws IOException {
        String text = Files.readString(file);
        Map<String, String> defaults = new TreeMap<>();
        VARIABLE.matcher(text).results().forEach(found -> defaults.put(found.group(1), found.group(2)));
        Map<String, Service> services = new LinkedHashMap<>();
        map(map(new Yaml().load(VARIABLE.matcher(text).replaceAll("$2"))).get("services"))
                .forEach((name, service) -> services.put(name, new Service(name, map(service))));
        return new ComposeFile(services, defaults);
    }

    Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw new AssertionError("there is no service " + name);
        }
        return service;
    }

    static Map<String, Object> map(Object yaml) {
        Map<String, Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) yaml).forEach((key, value) -> result.put(key.toString(), value));
        return result;
    }

    /** One service. */
    record Service(String name, Map<String, Object> yaml) {

        String image() {
            return yaml.get("image").toString();
        }

        boolean isBuiltHere() {
            return yaml.containsKey("build");
        }

        boolean hasHealthCheck() {
            return yaml.containsKey("healthcheck");
        }

        /** Whether it ends by itself and is not started again. */
        boolean endsByItself() {
            return "no".equals(yaml.get("restart"));
        }

        /** Conditions by the service that is waited for. */
        Map<String, String> dependencies() {
            Map<String, String> result = new LinkedHashMap<>();
            map(yaml.getOrDefault("depends_on", Map.of()))
                    .forEach((other, how) -> result.put(other, map(how).get("condition").toString()));
            return result;
        }

        Map<String, String> environment() {
            Map<String, String> result = new LinkedHashMap<>();
            map(yaml.getOrDefault("environment", Map.of()))
                    .forEach((variable, value) -> result.put(variable, Objects.toString(value, "")));
            return result;
        }

        List<String> texts(String key) {
            return yaml.get(key) instanceof List<?> list ? list.stream().map(Object::toString).toList() : List.of();
        }

        /** Files and folders of this repository that it mounts. */
        Stream<Path> mounted() {
            return texts("volumes").stream().filter(volume -> volume.startsWith("./"))
                    .map(volume -> Path.of(volume.substring(2, volume.indexOf(':'))));
        }
    }
}
