/* Removes each file named. */
#include <stdio.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (remove(argv[i])) return 1;
  return 0;
}
