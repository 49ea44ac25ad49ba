/* Accounts: five megabytes in a format of its own, written whole each time, the state before kept beside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { SIZE = 5 << 20, RECORD = 128 };
int main(int argc, char **argv) {
  static unsigned char data[SIZE];
  srand(argc > 1 ? atoi(argv[1]) : 1);
  FILE *old = fopen("compta.dat", "rb");
  if (old && fread(data, 1, SIZE, old) != SIZE) return 1;
  for (int at = 0; at < SIZE; at += RECORD)
    if (!old || rand() % 20 == 0) {
      memset(data + at, 0, RECORD);
      snprintf((char *)data + at + 16, 40, "Patient %d", rand() % 3000);
      for (int i = 64; i < 112; i++) data[at + i] = (unsigned char)(rand() >> 7);
    }
  if (old) { fclose(old); remove("compta.bak"); if (rename("compta.dat", "compta.bak")) return 1; }
  FILE *out = fopen("compta.dat", "wb");
  return !out || fwrite(data, 1, SIZE, out) != SIZE || fclose(out);
}
