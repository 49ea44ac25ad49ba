# hygie versions, hygie restore.

versions-title = Versions of “{ $path }”
versions-number = No.
versions-since = Since
versions-size = Size
versions-then = was called “{ $path }” then
versions-dropped = no longer in the vault
versions-withheld = Not shown, because you had no access to the file then: { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}.
versions-none = Hygie has kept no version of “{ $path }”.
    .do = Check the path. A file has versions only if it lies in a protected folder.

restore-plan-title = This is what Hygie will do. Nothing is changed yet.
restore-plan-replace = “{ $path }” gets back its version of { $since } ({ $bytes }).
restore-plan-recreate = “{ $path }”, which is gone, comes back in its version of { $since } ({ $bytes }).
restore-plan-aside = “{ $path }”, which did not exist yet, is kept aside.
restore-plan-same = “{ $path }” is in this state already: nothing to do.
restore-plan-total = { $files ->
    [one] In all: { $files } file, { $bytes }.
   *[other] In all: { $files } files, { $bytes }.
}
restore-plan-keeps = The present state is kept first: you will be able to go back on this.
restore-ask = Go on? Type “yes” or “no”:
restore-cancelled = Nothing was changed.
restore-kept-present = Present state kept first: { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}.
restore-progress = Restored: { $done } of { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $left } left
restore-done = { $files ->
    [one] { $files } file restored and read back in { $spent }.
   *[other] { $files } files restored and read back in { $spent }.
}
restore-moved-aside = What was there is kept aside: { $path }
restore-refused = “{ $path }” stays as it is: you have, or had then, no access to it.
restore-nothing = There is nothing to restore: the files are in this state already.
restore-missing = No version of “{ $path }” is from before { $before }.
    .do = Type “hygie versions” and the path to see the versions kept.
restore-damaged = The version of “{ $path }” of { $since } could not be read back as it was kept. Hygie did not put it in place.
    .do = Choose another version, then type “hygie vault check”.
restore-in-the-way = “{ $path }” has become a folder: Hygie does not touch it.
    .do = Move this folder, or restore to another place with “--to”.
restore-partly = Restored: { $done } of { $files ->
    [one] { $files } file
   *[other] { $files } files
}. The rest has not changed.
    .do = Read the lines above, then give the same command again: it goes on where it was.
