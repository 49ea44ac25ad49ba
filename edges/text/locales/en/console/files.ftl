# Files and versions.

console-files-title = Files and versions
console-files-find = Find a file
console-files-find-hint = A part of the name or of the folder is enough.
console-files-search = Search
console-files-start = Find a file again, even a deleted one.
console-files-start-about = Hygie keeps the successive states of each file in the protected folders.
console-files-roots = Protected folders
console-files-roots-none = No folder is protected on this device.
console-files-roots-how = On this device, type “hygie up” followed by the folder.
console-files-found = { $files ->
    [one] { $files } file found for “{ $text }”.
   *[other] { $files } files found for “{ $text }”.
}
console-files-found-many = The first { $files } files for “{ $text }”.
console-files-found-more = There are others: say a little more of the name.
console-files-found-none = No file has “{ $text }” in its name.
console-files-found-none-how = Try a shorter word. Hygie knows the files of the protected folders, deleted ones too.
console-files-all = All folders
console-files-crumbs = Where this file or folder is

console-files-present = { $bytes }, changed on { $at }
console-files-gone = Deleted on { $at }
console-files-gone-word = deleted
console-files-versions = { $versions ->
    [one] { $versions } version kept
   *[other] { $versions } versions kept
}
console-files-in-folder = in { $folder }
console-files-folder-empty = Hygie has seen nothing in this folder.
console-files-folder-empty-what = No file and no folder, not even a deleted one.
console-files-folder-list = What is or was in this folder
console-files-further = Further
console-files-unknown = Hygie knows nothing at this place.
console-files-unknown-how = It is in no protected folder, or it was forgotten for good.

console-files-as-it-was = Put this folder back as it was
console-files-as-it-was-about = Hygie first shows what would change. Nothing is deleted.
console-files-day = On
console-files-time = At
console-files-time-hint = Without an hour: at the end of that day.
console-files-not-a-day = A date in the past is needed, for example 2026-11-24, and an hour like 14:30.
console-files-show-plan = See what would change

console-files-harmed = Damaged on { $at } by a stopped program. The version of { $since } is healthy.
console-files-harmed-none = Damaged on { $at } by a stopped program. No version from before is kept here.
console-files-gone-best = This file is not there any more. Its version of { $since } can come back.
console-files-gone-none = This file is not there any more, and no version is kept.
console-files-fine = { $versions ->
    [one] Nothing to restore: the present state is healthy, and { $versions } version is kept.
   *[other] Nothing to restore: the present state is healthy, and { $versions } versions are kept.
}
console-files-unsure-fine = { $versions ->
    [one] One version, { $versions }, is kept.
   *[other] { $versions } versions are kept.
}
console-files-none-yet = Hygie has kept no version of this file.
console-files-none-yet-how = The first copy is made soon after protection begins.
console-files-list-title = Versions, the newest first
console-files-line-label = { $versions ->
    [one] Life of the file: { $versions } version, from { $first } to { $last }.
   *[other] Life of the file: { $versions } versions, from { $first } to { $last }.
}
console-files-version-harmed = Written by a stopped program
console-files-version-harmed-by = By { $program }, incident { $incident }. Kept aside, as evidence.
console-files-version-best = Last healthy version
console-files-version-last = Last version before the deletion
console-files-version-now = Present version
console-files-version-changed = Changed
console-files-version-first = First version kept
console-files-version-bytes = Size { $bytes }.
console-files-version-dropped = Its content is not in the vault any more.
console-files-version-then = Was then called “{ $path }”.
console-files-older = { $versions ->
    [one] See { $versions } older version
   *[other] See { $versions } older versions
}
console-files-withheld = { $versions ->
    [one] { $versions } other version is not shown.
   *[other] { $versions } other versions are not shown.
}
console-files-restore-this = Restore this version
console-files-restore = Restore
console-files-restore-of = the version of { $since }
console-files-keeps = Restoring deletes nothing: the present state stays in the list, and you can go back to it.
console-files-see = See
console-files-inside-of = “{ $name }” on { $since }
console-files-inside-is = This is what this version holds. Nothing is changed.
console-files-inside-none = This version cannot be shown here.
console-files-inside-gone = Hygie does not know this version, or its content is not in the vault any more.
console-files-inside-this = This version, of { $since }
console-files-inside-now = What is there now, since { $since }
console-files-inside-picture = Preview of the picture “{ $name }”, version of { $since }
console-files-inside-sides = { $width } by { $height } points.
console-files-inside-shrunk = Made smaller: the picture has { $width } by { $height } points.
console-files-inside-pages = If the file has several pages, only the first one is shown.
console-files-inside-text = Text of “{ $name }”, version of { $since }
console-files-inside-all = The whole text, read as { $letters }.
console-files-inside-part = Only the beginning, read as { $letters }.
console-files-inside-empty = The file is empty.
console-files-inside-kind = Hygie shows pictures and texts. This one is of another kind: to see it, restore it, then open it.
console-files-inside-too-large = The picture is too large to be shown here.
console-files-inside-unreadable = The file begins like a picture but cannot be read as one. It may be damaged: look at an older version.
console-files-inside-too-long = Reading it takes too long. Try again in a moment.
console-files-inside-damaged = This content could not be read back as it had been kept. Choose another version, and tell your IT provider.
console-files-inside-no-sandbox = The closed space in which Hygie reads files is not running. Start Hygie again on this device.
console-files-would-title = If you restore it
console-files-would-replace = It takes the place of what is there now. The present state stays in the list, and you can go back to it.
console-files-would-return = The file comes back to its place. Nothing is replaced.
console-files-would-aside = { $files ->
    [one] { $files } file or folder that took its place will be kept beside it, under another name.
   *[other] { $files } files or folders that took its place will be kept beside it, under other names.
}
console-files-would-nothing = This is the present state: there is nothing to restore.
console-files-would-harm = A stopped program wrote it: it is given back from the incident's page alone.
console-files-would-refused = It cannot be restored here at the moment.
console-files-back = All versions

console-files-plan-title = Put “{ $folder }” back as on { $at }
console-files-plan-nothing = Nothing to do: this folder is already as it was.
console-files-plan-about = Nothing is changed yet. This is what Hygie will do.
console-files-plan-files = { $files ->
    [one] { $files } file will be put back, { $bytes }.
   *[other] { $files } files will be put back, { $bytes }.
}
console-files-plan-aside = { $files ->
    [one] { $files } later file or folder will be kept aside under another name.
   *[other] { $files } later files or folders will be kept aside under other names.
}
console-files-plan-missing = { $files ->
    [one] { $files } file cannot come back: its version is not in the vault.
   *[other] { $files } files cannot come back: their versions are not in the vault.
}
console-files-plan-refused = { $files ->
    [one] { $files } file or folder stays as it is: Hygie may not write there.
   *[other] { $files } files or folders stay as they are: Hygie may not write there.
}
console-files-plan-first = The first files
console-files-plan-replaces = Gets back its version of { $since }
console-files-plan-recreates = Comes back, in its version of { $since }
console-files-plan-go = Put this folder back
console-files-plan-back = Change nothing

console-files-done-restored = The version is restored, and read back. The one before stays in the list.
console-files-done-aside = The version is restored. What had taken its place is kept beside it, under another name.
console-files-done-nothing = There was nothing to restore: the file is already in this state.
console-files-done-partly = Not all of it came back. What is missing has not changed; try again, then call your IT provider.
console-files-done-lost = This version could not be read back as it had been kept. Hygie did not put it in place: choose another one.
console-files-done-refused = The guard refused: nothing was changed. Ask your IT provider to check the rights of this folder.
console-files-done-unknown = The guard does not know this version: nothing was changed.
console-files-done-busy = The guard has too much to do at once: nothing was changed. Try again in a moment.
console-files-done-failed = The vault could not answer. Look at the file's state below, then try again.
console-files-done-silent = The guard did not answer to the end: it is not known whether it was done. Look at the file's state below.
console-files-done-folder = { $files ->
    [one] The folder is put back: { $files } file restored, and read back.
   *[other] The folder is put back: { $files } files restored, and read back.
}
console-files-done-folder-partly = { $problems ->
    [one] { $files } restored, but { $problems } could not be and did not change. Try again, then call your IT provider.
   *[other] { $files } restored, but { $problems } could not be and did not change. Try again, then call your IT provider.
}

console-files-busy = The guard has too much to do at once.
    .do = Load this page again in a moment.
console-files-refused = The guard did not want to answer the console.
    .do = Ask your IT provider to check that Hygie is installed well on this device.
console-files-failed = The vault could not be read.
    .do = Try again. If nothing changes, type “hygie vault check” on this device and tell your IT provider.
