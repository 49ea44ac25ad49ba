// Rewrites all texts with Windows' line ends, beside and moved over.
import java.io.*; import java.nio.charset.*; import java.nio.file.*; import java.util.stream.*;
public class Nettoie {
  public static void main(String[] words) throws IOException {
    try (Stream<Path> all = Files.walk(Paths.get(words[0]))) {
      for (Path path : (Iterable<Path>) all.filter(p -> p.toString().matches(".*\\.(txt|csv|hl7|xml|html)"))::iterator) {
        String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        Path fresh = path.resolveSibling(path.getFileName() + ".neuf");
        Files.write(fresh, text.replaceAll("\r?\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
