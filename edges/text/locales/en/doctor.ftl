# hygie doctor: what this system allows.

doctor-title = What Hygie can do on this device
doctor-system = System: { $system }, kernel { $kernel }
doctor-folder = Folder: { $path } ({ $filesystem })
doctor-holds = Held before it happens
doctor-sees = Seen right after
doctor-blind = Never seen
doctor-tried = Each point was tried just now, in a folder of its own.
doctor-yes = yes: { $what }
doctor-no = no: { $what }. { $why }
doctor-limited = in part: { $what }. { $why }
doctor-none = nothing
doctor-all-good = All that Hygie asks of this system is there.
doctor-something-missing = { $missing ->
    [one] One point is missing: the protection holds, but for the exception told above.
   *[other] { $missing } points are missing: the protection holds, but for the exceptions told above.
}
doctor-cannot-hold = This system cannot hold back a change.
    .do = Pass this page on to your IT provider: a newer Linux kernel is often enough.
doctor-cannot-tell = This system does not tell Hygie of changes yet: folders are looked through each minute, and what changed is copied.
    .do = To have changes held back before they happen, keep the folders on a device with Linux; ask your IT provider.

feature-hold-open = hold the opening of a file (fanotify mark on the file system)
feature-hold-change = hold truncation by name and each written range (fanotify PRE_ACCESS)
feature-answer-errno = refuse and say why (error code of choice)
feature-read-lease = make whoever wants to write into a closed file wait (read lease)
feature-name-events = see names that are given, taken away or moved
feature-keep-link = make a file safe by a second name (link)
feature-private-mount = work without holding itself (private mount)
feature-many-descriptors = have enough files open at once
feature-locked-memory = keep its memory out of the swap disk
feature-lease-bound = set the bound of leases (lease-break-time)
feature-shut-files = shut the console and its helpers off from all other files (Landlock)
feature-shut-ports = shut them off from network ports that they have no use for (Landlock)
feature-shut-others = keep them from signalling other programs (Landlock)

why-kernel = The kernel is too old: Linux { $kernel } or later is needed.
why-refused = The system refused: { $error }.
why-no-effect = The call is accepted but changes nothing.
why-not-here = This system offers no such thing.
why-rights = Rights are missing: start it again with sudo.
why-filesystem = The file system “{ $filesystem }” does not allow it.
why-landlock = Linux { $kernel } or later is needed, started with Landlock.
why-limit = The limit is { $have }; { $want } would be needed.

holds-write = writing into a file, emptying it or replacing it in place
holds-truncate = emptying a file by its name, even one not copied yet
holds-delete = deleting or moving a file: the act passes, the content stays safe
holds-create = creating a file: it is made safe before its first byte
holds-range = changing a big database: each range is copied first
sees-names = names given, changed or taken away
sees-metadata = rights, owners and dates that change
sees-close = the end of each write, copied at once
sees-truncate = a file emptied by its name before its first copy
blind-between-looks = what changes twice between two looks, a minute apart: this system tells of no change
blind-open-before = what a program writes that had the file open before Hygie
blind-mapping = what a program changes in memory after another one wrote the same file
blind-raw-disk = writing straight to the disk, past the files
blind-subvolume = deleting a whole btrfs subvolume
blind-root = an administrator who stops the guard
blind-unmounted = the disk read or written by another system
