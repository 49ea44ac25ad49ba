# hygie drill ransomware: the attack drill.

drill-title = { $tries ->
    [one] Drill: { $tries } simulated attack, on made-up files and a disk apart. Your files are not touched.
   *[other] Drill: { $tries } simulated attacks, one after the other, on made-up files and a disk apart. Your files are not touched.
}
drill-stop-is-off = On this device Hygie notes programs that damage files but does not stop them: that is how it is set. The drill shows what would happen with the stop.
    .do = To stop such programs, set attackers = "stop" in { $config }.
drill-preparing = { $number } of { $tries }: { $what } (getting ready)
drill-attacking = { $number } of { $tries }: { $what } (attack under way)
drill-undoing = { $number } of { $tries }: { $what } (everything comes back)
drill-tried = { $number } of { $tries }. Attack: { $what }
drill-stopped = { $files ->
    [0] Stopped in { $spent }, before the content of any of the { $all } files was damaged.
    [one] Stopped in { $spent }, after { $files } damaged file of { $all }.
   *[other] Stopped in { $spent }, after { $files } damaged files of { $all }.
}
drill-late = { $files ->
    [0] Recognised in { $spent }, but it had ended already: the content of the { $all } files is intact, their names are not.
    [one] Recognised in { $spent }, but it had ended already: { $files } damaged file of { $all }.
   *[other] Recognised in { $spent }, but it had ended already: { $files } damaged files of { $all }.
}
drill-missed = { $files ->
    [one] Not stopped: { $files } damaged file of { $all }.
   *[other] Not stopped: { $files } damaged files of { $all }.
}
drill-whole = Everything came back as it was, verified byte by byte.
drill-not-whole = { $points ->
    [one] No content is lost, but not everything is as it was: { $points } difference.
   *[other] No content is lost, but not everything is as it was: { $points } differences.
}
drill-lost = { $files ->
    [one] The content of { $files } file did not come back.
   *[other] The content of { $files } files did not come back.
}
drill-by-restore = { $files ->
    [one] { $files } file did not come back with “undo” but with “restore”: its content was kept.
   *[other] { $files } files did not come back with “undo” but with “restore”: their content was kept.
}
drill-idle = The simulated attack could change nothing: this try proves nothing.
drill-absent = Not tried: this device has no “{ $program }”.
drill-broken = The try could not be carried through: { $reason }
drill-broken-cell = not finished
drill-some-broken = { $tries ->
    [one] { $tries } try could not be carried through.
   *[other] { $tries } tries could not be carried through.
}
    .do = Start the drill again. If it comes back, type “hygie doctor” and tell your IT provider.
drill-gone = - “{ $path }” is missing
drill-extra = - “{ $path }” is left over
drill-other = - “{ $path }” is not as it was: { $fields }
drill-more = { $points ->
    [one] and { $points } other
   *[other] and { $points } others
}
drill-col-try = Attack
drill-col-touched = touched
drill-col-changed = damaged
drill-col-lost = lost
drill-col-restored = given back
drill-col-time = stopped in
drill-col-verified = verified
drill-yes = yes
drill-no = no
drill-never = never
drill-absent-cell = not tried
drill-all-good = { $tries ->
    [one] The attack was stopped, and all files came back, verified.
   *[other] All { $tries } attacks were stopped, and all files came back, verified.
}
drill-some-good = { $good } of { $tries }: stopped, and everything back. Of the others no content is lost, but read the lines above.
    .do = Hand this result to your IT provider, or to those who make Hygie.
drill-some-lost = { $files ->
    [one] { $files } practice file did not come back: the drill did not succeed.
   *[other] { $files } practice files did not come back: the drill did not succeed.
}
    .do = Hand this result to your IT provider, and to those who make Hygie. Keep your backups up to date.
drill-not-tried = { $tries ->
    [one] { $tries } attack was not tried, for want of the program that it uses.
   *[other] { $tries } attacks were not tried, for want of the programs that they use.
}
drill-interrupted = Drill interrupted. Everything is tidied up.
drill-kept = The practice files, as they came back, are in “{ $path }”.
drill-needs-root = The drill starts a guard of its own: it needs administrator's rights.
    .do = Start the same command again with sudo.
drill-no-attacks = The simulated attacks are a program apart, and it is not there: “{ $path }”.
    .do = Install hygie-attacks beside hygie. From the sources, type “cargo build --release -p hygie -p hygie-attacks”.
drill-unknown = hygie-attacks does not know the attack “{ $name }”: it is not of hygie's version.
    .do = Install both of the same version.
drill-running = Another drill is under way (“{ $path }”).
    .do = Wait until it has ended, then start again.
drill-no-room = The drill needs { $bytes } free where “{ $path }” is.
    .do = Make room, or name another disk with “--at”.
drill-no-disk = The practice disk could not be made in “{ $path }”: { $reason }.
    .do = Name a folder of another disk with “--at”. It takes mkfs.ext4, mount and the system's /dev/loop devices.
drill-cannot-hold = On this device Hygie cannot hold a change, so the drill has no sense here. Missing: { $feature }.
    .do = Type “hygie doctor” to see what is possible.
drill-guard-fails = The drill's guard did not hold: { $reason }.
    .do = Start again. If it comes back, type “hygie doctor” and tell your IT provider.
drill-try-encrypt-in-place = encrypts each file where it lies
drill-try-encrypt-new-then-delete = writes an encrypted copy beside, then deletes the file
drill-try-encrypt-rename-over = writes an encrypted copy, then puts it in the file's place
drill-try-encrypt-then-rename = encrypts each file, then changes its extension
drill-try-encrypt-first-64k = encrypts only the start of each file (64 KiB)
drill-try-encrypt-every-4th-block = encrypts one small block in four
drill-try-encrypt-intermittent = encrypts one piece, leaves two, to be faster
drill-try-encrypt-percent-20 = encrypts a fifth of each file
drill-try-encrypt-percent-50 = encrypts half of each file, in small bits
drill-try-encrypt-header = encrypts only the header of each file
drill-try-encrypt-keep-header = leaves the header intact and encrypts the rest
drill-try-encrypt-base64 = encrypts, then disguises the outcome as text
drill-try-encrypt-times-back = encrypts each file and puts its old dates back
drill-try-copy-out-then-wipe = takes an encrypted copy away, then wipes the file with zeros
drill-try-largest-first = encrypts the largest files first
drill-try-smallest-first = encrypts the smallest files first
drill-try-newest-first = encrypts the newest files first
drill-try-random-order = encrypts files at random, in all folders
drill-try-by-class = encrypts databases first, then documents
drill-try-delete-all-with-notes = deletes everything and leaves a demand for money
drill-try-rename-meaningless = gives each file a name that means nothing
drill-try-notes-first = leaves the demand for money first, then encrypts
drill-try-backups-first = deletes backups first, then encrypts the rest
drill-try-shell-openssl = a script that uses openssl, a program the system knows
drill-try-shell-openssl-cat = a script that encrypts elsewhere and copies over with cat
drill-try-shell-gpg = a script that uses gpg and removes the original
drill-try-python-encrypt = a Python script encrypts each file
drill-try-trusted-cp = lets cp, a trusted program, write the encrypted file
drill-try-trusted-dd = lets dd, a trusted program, write the encrypted file
drill-try-trusted-tee = lets tee, a trusted program, write the encrypted file
drill-try-trusted-sed = lets sed mix up letters and digits
drill-try-trusted-perl = lets perl turn every byte around
drill-try-trusted-zip = packs the files with zip under an unknown password
drill-try-trusted-7z = packs the files with 7z under an unknown password
drill-try-crew-60-processes = 60 programs at once, four files each
drill-try-crew-detached = a crew of programs that detach from each other
drill-try-crew-fork-storm = one program for each file, hidden among many idle ones
drill-try-crew-relay = a relay: each program encrypts one file and starts the next
drill-try-crew-threads = one program that encrypts several files at the same time
