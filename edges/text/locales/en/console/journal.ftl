# The console's journal.

console-journal-title = Journal
console-journal-whole = The journal is whole.
console-journal-not-whole = The journal was changed.
console-journal-differs = Line { $line } shown here is not the one that was written.
    .do = Do not rely on it. On the console's machine, copy the folder “{ $path }” to another medium and tell your IT provider.
console-journal-lacks = { $lines ->
    [one] { $lines } line that was written is missing here.
   *[other] { $lines } lines that were written are missing here.
}
    .do = Nothing is lost: Hygie can put them back.
console-journal-unread-title = The journal cannot be read.
console-journal-unread = The files of “{ $path }” do not open.
    .do = Delete nothing. Ask your IT provider to check this disk, then try again.
console-journal-lacks-title = Lines are missing here.

console-journal-filter-label = Choose lines
console-journal-who = Who
console-journal-everybody = everybody
console-journal-what = What
console-journal-everything = everything
console-journal-from = From
console-journal-to = To
console-journal-filter = Search
console-journal-not-a-day = A date is needed, for example 2026-11-24.
console-journal-nothing = No line for this choice.
console-journal-nothing-how = Choose more days, or everybody.
console-journal-older = Older lines
console-journal-newest = Back to the newest
console-journal-log-label = What was noted on { $day }

console-journal-verify = Verify the chain
console-journal-verify-title = Verification of the journal
console-journal-verify-about = Hygie has just read the whole chain again, and compared each line of the database with it.
console-journal-verify-again = Verify again
console-journal-refill = Put these lines back
console-journal-refilled = The lines are back, as they had been written.
console-journal-see = See the journal
console-journal-export = Take the journal along
console-journal-export-about = One file, one line a fact, that the chain lets you verify. It names people and files: keep it like a patient's record.
console-journal-export-go = Take the file
console-journal-guards = The guard of each device also keeps a journal of its own, which the console cannot read. On the device, type “hygie journal show”.

console-journal-the-console = The console
console-journal-unknown = An unknown person
console-journal-other = { $who }: { $kind }
console-journal-other-facts = { $who }: { $kind } ({ $facts })
console-journal-means-passkey = with a passkey
console-journal-means-password = with password and code
console-journal-means-sheet = with the recovery sheet
console-journal-means-second = with a second person's word
console-journal-means-first = for the first time

console-journal-kind-set-up = set-up
console-journal-set-up = { $who } set the console up.
console-journal-kind-signed-in = signing in
console-journal-signed-in = { $who } signed in { $means }, from { $address }.
console-journal-kind-proved = proof of identity again
console-journal-proved = { $who } proved an identity once more { $means }, from { $address }.
console-journal-kind-signed-out = signing out
console-journal-signed-out = { $who } signed out.
console-journal-kind-refused = refused sign-in
console-journal-refused = A sign-in was refused, from { $address }.
console-journal-kind-session-ended = session ended elsewhere
console-journal-session-ended = { $who } ended a session of another browser.
console-journal-kind-sheet-made = recovery sheet made
console-journal-sheet-made = { $who } made a new recovery sheet.
console-journal-kind-sheet-tested = recovery sheet tested
console-journal-sheet-tested = { $who } tested the recovery sheet.
console-journal-kind-key-added = passkey added
console-journal-key-added = { $who } added the passkey “{ $name }”.
console-journal-kind-key-removed = passkey removed
console-journal-key-removed = { $who } removed the passkey “{ $name }”.
console-journal-kind-password-set = password chosen
console-journal-password-set = { $who } chose a new password and an app for codes.
console-journal-kind-exported = journal taken out
console-journal-exported = { $who } took the journal out.
console-journal-kind-refilled = lines put back
console-journal-lines-refilled = { $lines ->
    [one] { $who } had { $lines } line put back into the database.
   *[other] { $who } had { $lines } lines put back into the database.
}
console-journal-kind-renamed = name of the practice
console-journal-renamed = { $who } renamed the practice “{ $before }” to “{ $name }”.
console-journal-kind-help = whom to call
console-journal-help-noted = { $who } noted whom to call: { $name }, { $phone }.
console-journal-kind-road-set = road of alerts set
console-journal-road-set = { $who } set the { $slot ->
    [first] first
   *[other] second
} road of alerts: { $by ->
    [mail] e-mail
   *[other] webhook
} to { $to }.
console-journal-kind-road-dropped = road of alerts removed
console-journal-road-dropped = { $who } removed the { $slot ->
    [first] first
   *[other] second
} road of alerts.
console-journal-kind-messages = judging of messages
console-journal-messages-set = { $who } changed what Hygie knows of the practice when it judges a message: addresses or domains, { $own }; mail servers, { $servers }.
console-journal-kind-message-asked = message shown to Hygie
console-journal-message-asked = { $who } asked about a message. Answer: { $verdict }.
console-journal-kind-road-tried = alert tried
console-journal-road-tried = { $who } sent a try by the { $slot ->
    [first] first
   *[other] second
} road of alerts.
console-journal-kind-backed-up = copy of the database
console-journal-backed-up = { $who } had the console's database copied to “{ $file }”.
console-journal-kind-device-renamed = device renamed
console-journal-device-renamed = { $who } renamed the device “{ $before }” to “{ $name }”.
console-journal-kind-device-retired = device retired
console-journal-device-retired = { $who } retired the device “{ $name }” from the console.
console-journal-kind-restore-asked = version asked for
console-journal-restore-asked = { $who } asked to restore “{ $path }”, version of { $since }.
console-journal-kind-restored = version restored
console-journal-restored = Restored for { $who }: “{ $path }”. Came back: { $files }, did not: { $left }.
console-journal-kind-walls-missing = console less well shut in
console-journal-walls-missing = This device's kernel does not shut the console and its helpers in as well as Hygie would like. Your IT provider can run “hygie doctor”, which says what is missing.
console-journal-kind-name-taken = name taken
console-journal-name-taken = Another device on the network has the console's name, “{ $name }”. Hygie does not announce it.
console-journal-kind-looked = version looked at
console-journal-looked = { $who } looked at what “{ $path }” holds, version of { $since }.
console-journal-kind-folder-asked = folder asked for
console-journal-folder-asked = { $who } asked to put the folder “{ $path }” back as it was on { $at }.
console-journal-kind-folder-restored = folder put back
console-journal-folder-restored = Folder put back for { $who }: “{ $path }”. Files that came back: { $files }, that did not: { $left }.

console-journal-kind-undo-asked = undo asked for
console-journal-undo-asked = { $who } asked to put everything back as before incident { $incident }.
console-journal-kind-undone = undo
console-journal-undone = Put back as before for { $who }: incident { $incident }. Points left: { $problems }.
console-journal-kind-redo-asked = undo to be taken back
console-journal-redo-asked = { $who } asked to take the undo of incident { $incident } back.
console-journal-kind-redone = undo taken back
console-journal-redone = Undo taken back for { $who }: incident { $incident }. Points left: { $problems }.
console-journal-kind-revoke-asked = end of a permission asked for
console-journal-revoke-asked = { $who } asked to let the program of incident { $incident } go on no more.
console-journal-kind-revoked = end of a permission
console-journal-revoked = Permissions taken back for { $who }: incident { $incident }. How many: { $permissions }.
console-journal-kind-allow-asked = permission asked for
console-journal-allow-asked = { $who } asked to let the program of incident { $incident } go on.
console-journal-kind-allowed = permission given
console-journal-allowed = The guard lets the program of incident { $incident } go on until { $until }, for { $who }.
console-journal-kind-key-trust-asked = new passkey of the guard asked for
console-journal-key-trust-asked = { $who } asked that the guard trust a passkey.
console-journal-kind-key-trusted = new passkey of the guard
console-journal-key-trusted = { $who } signed: the guard trusts the passkey “{ $name }” of { $of }.
console-journal-kind-key-distrust-asked = end of a passkey of the guard asked for
console-journal-key-distrust-asked = { $who } asked that the guard stop trusting a passkey.
console-journal-kind-key-distrusted = end of a passkey of the guard
console-journal-key-distrusted = { $who } signed: the guard no longer trusts the passkey “{ $name }” of { $of }.
console-journal-kind-key-withdrawn = passkey of the guard taken back
console-journal-key-withdrawn = { $who } took the passkey “{ $name }” of { $of } back: the guard no longer trusts it.
console-journal-kind-last-key-stays = last passkey of the guard
console-journal-last-key-stays = The guard still trusts the passkey “{ $name }” of { $of }, the last one that it knows: { $who } cannot take it back alone.
console-journal-kind-forget-asked = forgetting a file asked for
console-journal-forget-asked = { $who } asked to forget “{ $path }”.
console-journal-kind-forgotten = file forgotten
console-journal-forgotten = { $who } signed: “{ $path }” is forgotten. Versions erased: { $versions }.
console-journal-kind-unprotect-asked = end of a protection asked for
console-journal-unprotect-asked = { $who } asked to protect “{ $path }” no more.
console-journal-kind-unprotected = end of a protection
console-journal-unprotected = { $who } signed: “{ $path }” is protected no more.
console-journal-kind-recovery-by-root = way back opened on the device
console-journal-recovery-by-root = The access of { $of } was opened again by the device's administration, from { $address }.
console-journal-kind-alert-read = alert read
console-journal-alert-read = { $who } read an alert.
console-journal-kind-alert-wishes = notices set
console-journal-alert-wishes = { $who } changed when to be told.

console-journal-kind-invited = invitation made
console-journal-invited = { $who } invited { $name }, { $role }.
console-journal-kind-invitation-ended = invitation taken back
console-journal-invitation-ended = { $who } took the invitation of { $name } back.
console-journal-kind-joined = arrival
console-journal-joined = { $who } joined the practice, { $role }, from { $address }.
console-journal-kind-role-changed = role changed
console-journal-role-changed = { $who } changed the role of { $of }: { $before }, from now on { $role }.
console-journal-kind-closed = access closed
console-journal-closed = { $who } closed the access of { $of }.
console-journal-kind-reopened = access reopened
console-journal-reopened = { $who } reopened the access of { $of }.
console-journal-kind-erased = access erased
console-journal-erased = What was left of the access of { $of } is erased: the 30 days are over.
console-journal-kind-signed-out-by = signed out by another
console-journal-signed-out-by = { $who } ended sessions of { $of }.
console-journal-kind-time-opened = IT provider let in
console-journal-time-opened = { $who } let { $of } in until { $until }.
console-journal-kind-time-ended = IT provider's time ended
console-journal-time-ended = { $who } ended the time of { $of }.
console-journal-kind-recovery-asked = recovery asked for
console-journal-recovery-asked = A recovery of { $of } without a key was asked for, from { $address }.
console-journal-kind-recovery-confirmed = recovery confirmed
console-journal-recovery-confirmed = { $who } confirmed that { $of } is the person who comes back.
console-journal-kind-recovery-cancelled = recovery stopped
console-journal-recovery-cancelled = { $who } stopped the recovery of { $of }.
console-journal-kind-recovery-finished = recovery finished
console-journal-recovery-finished = { $who } is back, and makes new keys.
console-journal-kind-device-invited = code for a device
console-journal-device-invited = { $who } prepared a code for the device “{ $name }”.
console-journal-kind-device-enrolled = device enrolled
console-journal-device-enrolled = A device enrolled with the code prepared by { $who }: “{ $name }”.
console-journal-kind-device-undo = undo asked of a device
console-journal-device-undo-asked = { $who } asked the device “{ $name }” to put everything back as before (incident { $incident }).
console-journal-kind-device-redo = redo asked of a device
console-journal-device-redo-asked = { $who } asked the device “{ $name }” to take its undo back (incident { $incident }).
console-journal-kind-device-allow = letting go on, signed for a device
console-journal-device-allow-asked = { $who } signed for letting a program go on on the device “{ $name }” (incident { $incident }).
console-journal-kind-device-freeze = stopping again asked of a device
console-journal-device-freeze-asked = { $who } asked the device “{ $name }” to stop a program again (incident { $incident }).
console-journal-kind-device-restore = files to be put back asked of a device
console-journal-device-restore-asked = { $who } asked the device “{ $name }” to put files back ({ $files }, incident { $incident }).
console-journal-kind-device-files = files of another device read
console-journal-device-files-looked = { $who } read the names of the touched files on the device “{ $name }” (incident { $incident }).
console-journal-kind-device-trust = key to be believed, signed for a device
console-journal-device-trust-asked = { $who } signed so that the guard of the device “{ $name }” believes a passkey.
console-journal-kind-device-distrust = key to be believed no more, signed for a device
console-journal-device-distrust-asked = { $who } signed so that the guard of the device “{ $name }” believes a passkey no more.
console-journal-kind-device-unprotect = folder to be protected no more, signed for a device
console-journal-device-unprotect-asked = { $who } signed so that the device “{ $name }” protects a folder no more.
console-journal-kind-command-done = request done by a device
console-journal-command-done = The device “{ $name }” did what { $who } had asked of it.
console-journal-kind-command-partial = request done in part by a device
console-journal-command-partial = The device “{ $name }” did a part of what { $who } had asked of it; its journal says which.
console-journal-kind-command-not-done = request that a device could not do
console-journal-command-not-done = The device “{ $name }” could not do what { $who } had asked of it.
console-journal-kind-command-expired = request of a device, too late
console-journal-command-expired = What { $who } had asked of the device “{ $name }” was not done in time.
console-journal-kind-command-refused = request that a device refuses
console-journal-command-refused = The device “{ $name }” refuses what { $who } had asked of it.
console-journal-kind-device-renewed = device's certificate renewed
console-journal-device-renewed = The device “{ $name }” has a new key.
