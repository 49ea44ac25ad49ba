// A child's game: a world of region files, whose packed chunks are written in place, each evening by a new run.
import java.io.*; import java.nio.file.*; import java.util.*; import java.util.zip.*;
public class Monde {
  public static void main(String[] words) throws IOException {
    Random chance = new Random(Long.parseLong(words[1]));
    Path folder = Files.createDirectories(Paths.get(words[0]));
    for (int region = 0; region < 40; region++) {
      try (RandomAccessFile file = new RandomAccessFile(folder.resolve("r." + region + ".0.mca").toFile(), "rw")) {
        boolean fresh = file.length() == 0;
        for (int chunk = 0; chunk < 24; chunk++) {
          if (!fresh && chance.nextInt(3) > 0) continue;
          byte[] blocks = new byte[16384];
          for (int at = 0; at < blocks.length; at++) blocks[at] = (byte) (chance.nextInt(5) == 0 ? chance.nextInt(256) : at / 512);
          ByteArrayOutputStream packed = new ByteArrayOutputStream();
          try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) { out.write(blocks); }
          file.seek(4L * chunk); file.writeInt((2 + 2 * chunk) << 8 | 2);
          file.seek(8192L + 8192L * chunk); file.writeInt(packed.size()); file.write(2);
          file.write(packed.toByteArray(), 0, Math.min(packed.size(), 8187));
        }
      }
    }
  }
}
