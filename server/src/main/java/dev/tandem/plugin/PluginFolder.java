package dev.tandem.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of jars with plugins, read once. Each jar has a class loader of its own, below the
/// server's. A jar that does not work is left out and told; it stops nobody else.
final class PluginFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);

    private final WorkspaceFolders folders;
    private final int callsMax;
    private final List<URLClassLoader> loaders = new ArrayList<>();
    private final List<JavaPlugin> plugins = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /// @param callsMax the most calls in progress of one plugin
    PluginFolder(Path folder, WorkspaceFolders folders, int callsMax) {
        this.folders = folders;
        this.callsMax = callsMax;
        for (Path jar : jars(folder)) {
            String name = String.valueOf(jar.getFileName());
            try {
                load(jar, name);
            } catch (IOException | RuntimeException | Error broken) {
                // code of others can throw anything, and often an Error
                problem(name + " is left out: " + said(broken), broken);
            }
        }
    }

    /// In the order of their files' names; a jar that has several has them in its own order.
    List<JavaPlugin> plugins() {
        return List.copyOf(plugins);
    }

    /// What was left out and why.
    List<String> problems() {
        return List.copyOf(problems);
    }

    private List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException unreadable) {
            problem("plugins.folder " + folder + " cannot be read", unreadable);
            return List.of();
        }
    }

    private void load(Path jar, String name) throws IOException {
        URLClassLoader loader = loader(jar, name);
        loaders.add(loader);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            List<JavaPlugin> found = found(loader, name);
            if (found.isEmpty()) {
                throw new IOException("it names no plugin in " + service());
            }
            plugins.addAll(found);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /// All of a jar's plugins, or none.
    private List<JavaPlugin> found(ClassLoader loader, String jar) {
        return ServiceLoader.load(ToolPlugin.class, loader).stream()
                .filter(provider -> loader.equals(provider.type().getClassLoader()))
                .map(ServiceLoader.Provider::get)
                .map(plugin -> new JavaPlugin(plugin, jar, folders, callsMax))
                .toList();
    }

    private static URLClassLoader loader(Path jar, String name) throws IOException {
        try (JarFile _ = new JarFile(jar.toFile())) {
            URL[] urls = {jar.toUri().toURL()};
            return new URLClassLoader(name, urls, ToolPlugin.class.getClassLoader());
        } catch (ZipException broken) {
            throw new IOException("it is no jar: " + broken.getMessage(), broken);
        }
    }

    private static String service() {
        return "META-INF/services/" + ToolPlugin.class.getName();
    }

    /// Our own words where we refused it, and else those of what went wrong first.
    private static String said(Throwable broken) {
        if (broken instanceof IllegalArgumentException || broken instanceof IOException) {
            return String.valueOf(broken.getMessage());
        }
        Throwable first = broken;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first.toString();
    }

    private void problem(String text, Throwable cause) {
        problems.add(text);
        LOG.warn("{}", text, cause);
    }

    @Override
    public void close() {
        plugins.forEach(JavaPlugin::close);
        for (URLClassLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException broken) {
                LOG.warn("{} does not close", loader.getName(), broken);
            }
        }
    }
}
