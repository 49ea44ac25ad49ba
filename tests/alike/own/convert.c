/* Semicolons for commas in each file named, beside and renamed over: what a nephew wrote for the accountant. */
#include <stdio.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char fresh[4096];
    snprintf(fresh, sizeof fresh, "%s.part", argv[i]);
    FILE *in = fopen(argv[i], "rb"), *out = fopen(fresh, "wb");
    if (!in || !out) return 1;
    for (int c; (c = getc(in)) != EOF;) putc(c == ',' ? ';' : c, out);
    if (fclose(out) || fclose(in) || rename(fresh, argv[i])) return 1;
  }
  return 0;
}
