/* A program's own updater: each file of the new version is written beside the old one and renamed over it. */
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  static char bytes[1 << 20];
  for (int i = 2; i < argc; i++) {
    char from[4096], fresh[4096];
    snprintf(from, sizeof from, "%s/%s", argv[1], argv[i]);
    snprintf(fresh, sizeof fresh, "%s.new", argv[i]);
    FILE *in = fopen(from, "rb"), *out = fopen(fresh, "wb");
    if (!in || !out) return 1;
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in));) fwrite(bytes, 1, n, out);
    if (fclose(in) || fclose(out) || rename(fresh, argv[i])) return 1;
  }
  return 0;
}
