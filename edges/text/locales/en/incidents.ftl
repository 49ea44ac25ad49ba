# hygie incidents, hygie undo, hygie allow, and the notice on the device.

incidents-none = No incident: Hygie has stopped no program.
incidents-title = { $incidents ->
    [one] { $incidents } case in which Hygie stopped a program
   *[other] { $incidents } cases in which Hygie stopped a program
}
incidents-line = Incident { $incident }, { $at }: “{ $program }”, { $state }
incidents-counts = { $files ->
    [one] { $files } file touched
   *[other] { $files } files touched
}
incidents-open = { $open ->
    [one] { $open } incident waits for your decision. Nothing is lost: the state of before is kept.
   *[other] { $open } incidents wait for your decision. Nothing is lost: the state of before is kept.
}
    .do = Type “hygie incidents” and the number to see what happened, or “sudo hygie undo” and the number to put everything back.
incidents-allowed-title = What somebody has allowed:
incidents-allowed-line = - “{ $program }” may { $doing } in “{ $path }” until { $until } (incident { $incident })
incident-unknown = There is no incident { $incident }.
    .do = Type “hygie incidents” to see the list.
incident-title = Incident { $incident }: Hygie stopped “{ $program }” on { $at }.
incident-stopped = The program is stopped and waits for your decision. The state of before of each file is kept.
    .do = When in doubt, type “sudo hygie undo” and the number: everything comes back, and that can be taken back.
incident-ended = The program has ended. The state of before of each file is kept, nothing is put back yet.
    .do = Type “sudo hygie undo” and the number: everything comes back, and that can be taken back.
incident-undone = All that this program did is put back.
incident-allowed = Somebody let this program go on.
incident-why = Why Hygie stopped it, { $spent } after its first damage:
incident-reason = – { $reason }
incident-files-title = { $files ->
    [one] What it did, { $files } file:
   *[other] What it did, { $files } files:
}
incident-file = – “{ $path }”: { $deeds }
incident-files-more = { $files ->
    [one] and { $files } other file
   *[other] and { $files } other files
}
state-stopped = stopped, waits for your decision
state-ended = ended, traces kept
state-undone = put back
state-allowed = allowed to go on
deed-made = made
deed-linked = one more name
deed-changed = content changed
deed-attributes = rights or times changed
deed-renamed = renamed
deed-deleted = deleted or replaced
doing-change = change files
doing-delete = delete files
doing-rename = rename files
doing-make = make files
reason-kind-lost = { $files ->
    [one] { $files } file became unreadable
   *[other] { $files } files became unreadable
}
reason-kind-changed = { $files ->
    [one] { $files } file became something else under the same name
   *[other] { $files } files became something else under the same name
}
reason-entropy-rose = { $files ->
    [one] { $files } file looks encrypted
   *[other] { $files } files look encrypted
}
reason-unlike = { $files ->
    [one] almost nothing of the former content is left in { $files } file
   *[other] almost nothing of the former content is left in { $files } files
}
reason-stirred = { $files ->
    [one] { $files } file is scrambled in places
   *[other] { $files } files are scrambled in places
}
reason-torn = { $files ->
    [one] { $files } file is damaged inside although its beginning is whole
   *[other] { $files } files are damaged inside although their beginning is whole
}
reason-emptied = { $files ->
    [one] { $files } file was emptied
   *[other] { $files } files were emptied
}
reason-sealed-made = { $files ->
    [one] { $files } new file that only a key opens
   *[other] { $files } new files that only a key opens
}
reason-displaced = { $files ->
    [one] { $files } original deleted after an encrypted copy
   *[other] { $files } originals deleted after encrypted copies
}
reason-swallowed = { $files ->
    [one] { $files } original deleted while an encrypted file large enough to hold it appeared
   *[other] { $files } originals deleted while encrypted files large enough to hold them appeared
}
reason-deleted = { $files ->
    [one] { $files } file of another program deleted
   *[other] { $files } files of other programs deleted
}
reason-deleted-by-tool = { $files ->
    [one] { $files } file deleted by a command of the system
   *[other] { $files } files deleted by a command of the system
}
reason-backups-deleted = { $files ->
    [one] { $files } backup deleted
   *[other] { $files } backups deleted
}
reason-name-lost = { $files ->
    [one] { $files } file got a name that means nothing
   *[other] { $files } files got names that mean nothing
}
reason-extension-lost = { $files ->
    [one] { $files } file got an extension that no program knows
   *[other] { $files } files got an extension that no program knows
}
reason-notes = { $files ->
    [one] the same short text left in { $files } folder
   *[other] the same short text left in { $files } folders
}
reason-pace = { $files ->
    [one] up to { $files } file touched within ten seconds
   *[other] up to { $files } files touched within ten seconds
}
reason-folders = { $folders ->
    [one] { $folders } folder touched
   *[other] { $folders } folders touched
}
reason-kinds = { $kinds ->
    [one] { $kinds } kind of file touched
   *[other] { $kinds } kinds of files touched
}
reason-kinds-read = { $kinds ->
    [one] { $kinds } kind of file read before
   *[other] { $kinds } kinds of files read before
}
reason-other = another sign: { $signal }
undo-plan-title = This is what Hygie will put back (incident { $incident }). Nothing is changed yet.
undo-given-back = { $files ->
    [one] { $files } file gets back its content of before
   *[other] { $files } files get back their content of before
}
undo-renamed = { $files ->
    [one] { $files } name goes back
   *[other] { $files } names go back
}
undo-attributes = { $files ->
    [one] { $files } file gets back its rights and times
   *[other] { $files } files get back their rights and times
}
undo-quarantined = { $files ->
    [one] { $files } file of this program put out of reach, as evidence
   *[other] { $files } files of this program put out of reach, as evidence
}
undo-folders = { $folders ->
    [one] { $folders } folder made again or taken away
   *[other] { $folders } folders made again or taken away
}
undo-nothing = There is nothing to put back: everything is as before already.
undo-beside = Somebody else had worked on this file since: that work is kept as “{ $path }”.
    .do = Compare the two files, and keep the right one.
undo-second = Something else has this name by now: what had it before comes back as “{ $path }”.
    .do = Look at both, and give them the names that you want.
undo-ends-program = The stopped program is ended for good first.
undo-can-be-taken-back = You will be able to take this back with “--redo”.
undo-done = Incident { $incident }: everything is as before, in { $spent }.
undo-partly = { $files ->
    [one] Incident { $incident }: put back, but for { $files } point.
   *[other] Incident { $incident }: put back, but for { $files } points.
}
    .do = Read the lines above, then give the same command again: it goes on where it was. Nothing is erased meanwhile.
undo-problem = “{ $path }”: { $reason }
undo-taken-back = Incident { $incident }: the undo is taken back, the files are as the program left them.
    .do = To put everything back, type “sudo hygie undo” and the number.
undo-not-undone = Incident { $incident }: nothing had been put back, so there is nothing to take back.
undo-still-runs = Incident { $incident }: the program could not be ended, and would begin again.
    .do = Wait a minute and try again. Otherwise switch this device off and tell your IT provider: nothing is lost.
undo-is-allowed = Incident { $incident }: somebody let this program go on, so what it did is its work.
    .do = To get a file of before back, type “hygie restore” and the path.
undo-none-open = No incident waits for a decision.
trouble-folder-gone = the folder that it goes to is no longer there
trouble-elsewhere = it is no longer where the program left it
trouble-not-kept = its state of before is not in the vault
trouble-damaged = its state of before is damaged in the vault
trouble-no-room = there is no room left on the disk
trouble-not-mounted = its disk is not there
trouble-not-set = the content is there, but not all rights or times
trouble-not-empty = this folder holds something else by now
trouble-system = the system answered “{ $said }”
allow-ask = Let this program go on, and do the same later? Type “yes” or “no”:
allow-done = Incident { $incident }: the program may go on, in this folder and for this only, until { $until }.
    .do = To go back on this, type “sudo hygie allow --revoke” and the number.
allow-revoked = Incident { $incident }: the permission is taken back.
allow-none = Incident { $incident }: no permission is in force.
allow-interpreter = “{ $program }” does what any script tells it: to allow it would allow the next harmful script, too.
    .do = Put everything back with “hygie undo”, then do this work on a copy, outside the protected folders.
allow-archiver = “{ $program }” encrypts or packs what anybody gives it: to allow it would allow a harmful program that uses it, too.
    .do = Put everything back with “hygie undo”, then do this work on a copy, outside the protected folders.
allow-no-program = Incident { $incident }: Hygie no longer knows which program it was, and so cannot allow it.
    .do = Put everything back with “hygie undo”.
allow-undone = Incident { $incident }: everything is put back already, there is nothing left to let go on.
    .do = Start the program again if you are sure of it; if it is stopped again, allow the new incident.
allow-duration = “{ $text }” is no length of time that Hygie understands.
    .do = Write for example “30 days” or “8 h”; a minute at least, 366 days at most.
notice-stopped = Hygie stopped “{ $program }”, which was damaging your files
notice-safe = Nothing is lost: the state of before of each file is kept. Do not switch this device off and delete nothing.
notice-call = Call: { $call }
notice-call-somebody = Call the person who looks after your computers.
notice-number = Give this number: incident { $incident }
notice-hub-silent = This device no longer reaches the practice's console
notice-hub-last = Last answer: { $at }. This device stays protected; what it has to say waits here.
notice-hub-never = It never answered. This device stays protected; what it has to say waits here.
notice-hub-do = See that the console's computer is on, and on the network.
notice-hub-back = The practice's console answers again
notice-hub-back-about = What waited on this device is told to it. Nothing to do.
