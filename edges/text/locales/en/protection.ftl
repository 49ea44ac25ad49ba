# The state of protection, and hygie status.

protected = Your folders are protected.
protected-but-one = Your folders are protected, but for { $exception }.
protected-but-many = Your folders are protected, but for:
protected-but-item = - { $exception }

but-state-without-copy = one state of “{ $path }”, which a known program changed before Hygie could copy it
    .do = Open this file and check that it holds what you expect.
but-unreadable = “{ $path }”, which Hygie could not read
    .do = Ask your IT provider to check the rights of this file and the state of the disk.
but-truncate-unheld = the files not copied yet, which a program can empty at one stroke on this system until the first copies are done
    .do = Let Hygie finish the first copies. You can go on working.
but-truncate-at-close = a file that was saved a moment ago (milliseconds), which a program can empty at one stroke on this system; its earlier versions are safe
    .do = You can go on working. To close this gap, ask your IT provider for a system with Linux 6.14 or later.
but-open-before = “{ $path }”, which a program already had open when the protection began
    .do = Close this file and open it again: it will be protected.
but-journal-silent = the journal, which can no longer be written
    .do = Check that there is room left on the disk, then type “hygie journal verify”.
but-witness-silent = one point: the witness does not answer, and if the guard stops nobody takes over
    .do = Start Hygie again. If this comes back, type “hygie doctor” and tell your IT provider.
but-folder-unwatched = the folder “{ $path }”, which Hygie cannot watch as a whole
    .do = Type “hygie doctor” to learn what is missing.
but-no-room = the next changes, because there is no room left for new copies
    .do = Make room on the disk, or raise the vault's budget in the configuration.

unprotected-not-started = Your folders have not been protected since { $since }: Hygie is not running.
    .do = Start “sudo hygie up”.
unprotected-starting = Your folders have not been protected since { $since }: Hygie is starting and making the files safe.
    .do = Wait a moment: this line changes by itself.
unprotected-stopped = Your folders have not been protected since { $since }: a person stopped Hygie.
    .do = Start “sudo hygie up” to protect them again.
unprotected-guard-gone = Your folders have not been protected since { $since }: the guard no longer answers, and the witness lets programs work.
    .do = Start Hygie again. Until then, avoid opening attachments.
unprotected-no-rights = Your folders have not been protected since { $since }: Hygie lacks rights on this device.
    .do = Start it again with “sudo hygie up”, or ask your IT provider to do so.
unprotected-unsupported = Your folders have not been protected since { $since }: this system cannot hold back a change.
    .do = Type “hygie doctor” to see what is missing, and pass it on to your IT provider.
unprotected-self-test-failed = Your folders have not been protected since { $since }: the trial at the start did not succeed, so Hygie holds nothing.
    .do = Type “hygie doctor” and pass on what it shows to your IT provider.

status-title = Protection of this device
status-checked = Checked on { $at }.
status-since = Protection in place since { $since }
status-files = Protected files: { $files }, copied already: { $copied }
status-versions = Versions kept: { $versions }, { $bytes }
status-oldest = Oldest version: { $oldest }
status-vault = Vault: { $used } used of { $budget }
status-reserve = Reserve for known programs: { $reserve }
status-held = Changes held since the start: { $held }, the longest { $longest }
status-refused = Changes refused since the start: { $refused }
status-witness-well = The witness answers.
status-witness-silent = The witness does not answer.
