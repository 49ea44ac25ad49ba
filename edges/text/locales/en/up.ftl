# hygie up: start, first copies, stop, rights.

up-starting = { $folders ->
    [one] Hygie is preparing the protection of your folder.
   *[other] Hygie is preparing the protection of your { $folders } folders.
}
up-folder = Protected folder: { $path }
up-linking = Made safe: { $done } of { $files ->
    [one] { $files } file
   *[other] { $files } files
}
up-linked = { $files ->
    [one] { $files } file made safe in { $spent }. From now on, deleting it loses nothing.
   *[other] { $files } files made safe in { $spent }. From now on, deleting them loses nothing.
}
up-copying = First copies: { $copied } of { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $copied_bytes } of { $bytes }, { $left } left
up-copying-untimed = First copies: { $copied } of { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $copied_bytes } of { $bytes }
up-copied = { $files ->
    [one] First copies done: { $files } file, { $bytes }, in { $spent }.
   *[other] First copies done: { $files } files, { $bytes }, in { $spent }.
}
up-how-to-stop = To stop Hygie, type Ctrl+C in this window.
up-stopping = Hygie is stopping: from now on nothing is held any more.
up-stopped = Hygie has stopped. The versions kept so far stay in the vault.
up-incident-stopped = Incident { $incident }: Hygie stopped a program. It is waiting for your decision.
up-incident-ended = Incident { $incident }: the stopped program has ended. Nothing is put back yet; its traces are kept.
up-incident-undone = Incident { $incident }: all that this program had done is put back as before.
up-incident-allowed = Incident { $incident }: a person let this program go on.
up-already-running = Hygie already watches these folders from another window or as a service.
    .do = Type “hygie status” to see how the protection stands.
up-no-rights = Hygie cannot hold anything yet: { $missing } missing.
    .do = Start it again with “sudo hygie up”, or ask your IT provider to install Hygie as a service.
up-missing-root = administrator rights (root) are
up-missing-capability = the right “{ $capability }” is
up-self-test-failed = The trial at the start did not succeed: { $reason }. To be safe, Hygie holds nothing and your folders are not protected.
    .do = Type “hygie doctor” and pass on what it shows to your IT provider.
up-self-test-witness-slow = the witness did not release a held file while the guard was suspended
up-self-test-not-closed = a guard that no longer answered was not set aside in time
up-self-test-error = the system answered “{ $error }”
up-no-folder = No folder to protect is given.
    .do = Name one, such as “hygie up /srv/patients”, or write it into { $config }.
up-copies-only = { $minutes ->
    [one] Hygie copies your files all the same, and looks every minute for what has changed. It cannot hold anything: what changes twice between two looks is copied only once.
   *[other] Hygie copies your files all the same, and looks every { $minutes } minutes for what has changed. It cannot hold anything: what changes twice between two looks is copied only once.
}
    .do = For full protection, run “sudo hygie up” on a Linux device.
up-looked = Look done: { $files } files, { $copied } of them copied ({ $bytes }).
up-guard-fails = The guard could not start: { $reason }. Your folders are not protected.
    .do = Correct this and start Hygie again. If you do not know how, pass this line on to your IT provider.
up-state-inside = Hygie's own folder “{ $state }” lies within “{ $folder }”: the copies would be copied in turn.
    .do = Choose a folder elsewhere for Hygie, with “--state”.
up-watching = { $files ->
    [one] { $files } protected file, versions kept: { $versions }. Last change on { $last }.
   *[other] { $files } protected files, versions kept: { $versions }. Last change on { $last }.
}
up-watching-quiet = { $files ->
    [one] { $files } protected file, versions kept: { $versions }. Nothing has changed since the start.
   *[other] { $files } protected files, versions kept: { $versions }. Nothing has changed since the start.
}

console-at = The console is open: { $url }
console-set-up = The console waits to be set up. Open { $url } on this device, and type this code: { $code }
console-set-up-file = The console waits to be set up. Open { $url } on this device; the code is in { $file }, which only root can read.
hub-recover = On this device, open the console, choose the way back in, and type the name “{ $login }” and this code: { $code }. It serves once, until { $until }; the whole practice will read that this access was opened again.
hub-recover-file = On this device, open the console, choose the way back in, and type the name “{ $login }” and the code that is in { $file }, which only root can read. It serves once, until { $until }; the whole practice will read that this access was opened again.
console-user-made = Hygie made the user “{ $name }” on this device, without a password: one of its services runs under that name.
console-ended = A service of the console has ended ({ $reason }). Hygie starts it again; the protection of your folders goes on.
    .do = If this message comes back, look at the file console.log in Hygie's folder.
console-not-started = The console did not start ({ $reason }). The protection of your folders goes on.
    .do = Mend that, then start Hygie again, or start it with --no-console.

agent-invited = To join the device “{ $name }”, type this on it within 30 minutes: hygie agent --enrol { $code }
agent-invited-file = The code that joins the device “{ $name }” is in { $file }, which only root can read. It serves once, for 30 minutes.
agent-enrolled = This device has joined the hub { $hub } under the name “{ $name }”.
agent-not-enrolled = This device could not join the hub ({ $reason }).
    .do = Correct that, then try again; if the code was used or is older than 30 minutes, ask the hub for another one.
agent-courier-ended = The service that reports to the hub has ended ({ $reason }). Hygie starts it again; the protection of your folders goes on.
    .do = If this message comes back, look at the file console.log in Hygie's folder.
