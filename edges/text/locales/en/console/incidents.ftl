# Stopped programs.

console-incidents-title = Stopped programs
console-incidents-none = Hygie has stopped no program.
console-incidents-none-about = When Hygie stops a program that damages your files, it is listed here, with what puts everything back as before.
console-incidents-open-some = { $open ->
    [one] A stopped program waits for your decision.
   *[other] { $open } stopped programs wait for your decision.
}
console-incidents-settled = { $count ->
    [one] Hygie stopped a program, and all is settled.
   *[other] Hygie stopped { $count } programs, and all is settled.
}
console-incidents-checked = Checked on { $at }.
console-incidents-guard-silent = The guard does not answer: this is what the console knows without it.
console-incidents-guard-silent-one = The guard does not answer, so Hygie does not know where this incident stands.
console-incidents-guard-silent-do = See that Hygie runs on the console's device, then refresh. What was kept is still kept.
console-incidents-line = Incident { $number }: a program
console-incidents-line-named = Incident { $number }: “{ $program }”
console-incidents-line-about = On { $at }, on the console's device: { $state }
console-incidents-line-about-on = On { $at }, on the device { $device }: { $state }
console-incidents-tag-open = To be decided
console-incidents-tag-undone = Put back as before
console-incidents-tag-allowed = Allowed
console-incidents-see = See
console-incidents-allowed-title = What somebody has allowed
console-incidents-allowed-line = “{ $program }” may { $doing } in “{ $path }”
console-incidents-allowed-until = Until { $until }, since incident { $number }
console-incidents-revoke = Take the permission back
console-incidents-one-title = Incident { $number }, stopped program
console-incidents-stopped = Hygie stopped a program.
console-incidents-ended = Hygie stopped a program, which has ended.
console-incidents-nothing-lost = No file is lost.
console-incidents-kept = Hygie keeps the state of before of the files.
console-incidents-some-lost = { $files ->
    [one] One file will not get its state of before back.
   *[other] { $files } files will not get their state of before back.
}
console-incidents-undone = Everything is put back as before.
console-incidents-undone-but = { $points ->
    [one] Everything is put back as before, but for one point.
   *[other] Everything is put back as before, but for { $points } points.
}
console-incidents-undone-second = This program does nothing any more.
console-incidents-allowed = Somebody let this program go on.
console-incidents-allowed-second = What it does is its work.
console-incidents-about = Console's device, on { $at }: “{ $program }”.
console-incidents-about-unnamed = Console's device, on { $at }.
console-incidents-touched = { $files ->
    [one] It touched { $files } file in { $spent }.
   *[other] It touched { $files } files in { $spent }.
}
console-incidents-counts = Files changed: { $changed }, deleted or replaced: { $deleted }, renamed: { $renamed }, made: { $made }.
console-incidents-still-stopped = The program is still stopped.
console-incidents-still-ended = The program has ended, its traces are kept.
console-incidents-still-undone = The damaged versions are kept aside, as evidence.
console-incidents-still-allowed = The program has the right to go on.
console-incidents-undo-title = { $files ->
    [one] Put the file back as before
   *[other] Put the { $files } files back as before
}
console-incidents-undo-title-some = Put everything back as before
console-incidents-undo-about = The damaged versions are kept aside, as evidence. You will be able to go back on this.
console-incidents-undo-will = This is what Hygie will do:
console-incidents-undo-no-plan = Hygie could not count beforehand what will come back. Putting back remains possible.
console-incidents-undo-go = Put everything back
console-incidents-undo-other = A practitioner or an assistant of the practice can put everything back as before.
console-incidents-redo-title = Go back on this
console-incidents-redo-about = The files become as the program had left them, and the incident waits again. That can be undone, too.
console-incidents-redo-go = Take the damaged files back
console-incidents-revoke-title = Take the permission back?
console-incidents-revoke-about = This program will be watched as any other again. Its files stay as they are.
console-incidents-known = I recognise this program, it was intended
console-incidents-known-about = If you have just started a conversion or an encryption yourself, Hygie can let it go on, and do the same for a time: this program, in these folders, and nothing else. When in doubt, change nothing: a stopped program does no more harm.
console-incidents-known-how = See what this would change
console-incidents-known-who = Only a practitioner of the practice can decide this.
console-incidents-story-title = What happened
console-incidents-story-first = First file damaged.
console-incidents-story-first-me = Hygie had kept its state of before.
console-incidents-story-stopped = { $files ->
    [one] { $files } file touched.
   *[other] { $files } files touched.
}
console-incidents-story-stopped-me = Hygie stops the program and those that it started.
console-incidents-story-ended = On { $at }, the program ended.
console-incidents-story-undone = On { $at }, Hygie put everything back as before.
console-incidents-story-allowed = On { $at }, somebody let it go on.
console-incidents-bars-about = { $seconds ->
    [one] Files touched per second ({ $files } in all).
   *[other] Files touched every { $seconds } seconds ({ $files } in all).
}
console-incidents-bars-label = Files touched: { $counts } from { $from } on; none after the stop at { $stopped }.
console-incidents-bars-stop1 = program
console-incidents-bars-stop2 = stopped
console-incidents-why-title = Why Hygie stopped it
console-incidents-why-about = { $spent } after its first damage, these signs were enough:
console-incidents-programs = Its programs:
console-incidents-files-title = The files touched ({ $shown } of { $files })
console-incidents-files-all-title = { $files ->
    [one] The file touched
   *[other] The { $files } files touched
}
console-incidents-files-none = Hygie has no list of files for this incident.
console-incidents-files-all = See the { $files } files
console-incidents-files-few = See the first ones only
console-incidents-files-beyond = { $files ->
    [one] And { $files } other file, which the list does not show.
   *[other] And { $files } other files, which the list does not show.
}
console-incidents-file-column = File
console-incidents-healthy-column = Healthy version
console-incidents-state-column = State
console-incidents-healthy-label = Healthy version:
console-incidents-healthy-since = { $since }
console-incidents-file-kept = Can be had back
console-incidents-file-made = Made by this program
console-incidents-file-back = Put back
console-incidents-file-not = No version kept
console-incidents-file-unknown = I don't know
console-incidents-problems-title = { $points ->
    [one] One point to look at
   *[other] { $points } points to look at
}
console-incidents-problem = “{ $path }”: { $reason }
console-incidents-meanwhile-title = Meanwhile
console-incidents-leave-on = Leave the device on
console-incidents-leave-on-why = Switching it off would erase useful traces.
console-incidents-care-goes-on = Care goes on
console-incidents-care-goes-on-why = Only this program is stopped. The rest of the device works.
console-incidents-delete-nothing = Delete nothing
console-incidents-delete-nothing-why = Hygie needs the files as they are to put them back.
console-incidents-crisis-title = Is it a crisis?
console-incidents-crisis-about = If somebody gave a password, if another device is hit or if a message asks for money, take the first steps, in order.
console-incidents-crisis-go = See the first steps
console-incidents-back-to-list = All stopped programs
console-incidents-done-undone = Done: Hygie put everything back as before.
console-incidents-done-partly = Hygie put back what it could. What is missing is told below; nothing is erased meanwhile.
console-incidents-done-redone = Done: the files are as the program had left them.
console-incidents-done-revoked = The permission is taken back.
console-incidents-done-nothing = There was nothing to go back on here. Nothing has changed.
console-incidents-done-still-runs = The program could not be ended, and it would start again: nothing is put back. Wait a minute and try again. If it comes back, call your IT provider.
console-incidents-done-allowed = Somebody let this program go on: what it did is its work. Nothing has changed.
console-incidents-done-busy = The guard has too much to do just now. Nothing has changed: try again in a minute.
console-incidents-done-cut-off = The guard broke off on the way. Try again: it goes on where it was.
console-incidents-allow-title = Let a program go on
console-incidents-allow-sentence = Let “{ $program }” go on?
console-incidents-allow-about = Do this only if you recognise this program and wanted what it did. When in doubt, change nothing: a stopped program does no more harm.
console-incidents-allow-changes = What this changes
console-incidents-allow-line = “{ $program }” will be able to { $doing } in “{ $path }” and the folders in it
console-incidents-allow-rest = Nothing else is allowed: every other program, and this one elsewhere, is still watched. You can take the permission back at any time.
console-incidents-allow-how-long = For how long?
console-incidents-allow-hours = 8 hours, for a day's work
console-incidents-allow-days = 30 days, for work that comes back
console-incidents-allow-signs = Your passkey signs this permission, and no other. The device's guard checks the signature itself; the console cannot decide for you.
console-incidents-allow-go = Sign and let it go on
console-incidents-allow-refused = The passkey did not sign. Nothing has changed: try again, or leave the program stopped.
console-incidents-allow-no-script = Signing with a passkey needs JavaScript, which is off in this browser.
console-incidents-allow-elsewhere = Your passkey signs at the console's address:
console-incidents-allow-no-key = This device's guard does not trust any of your passkeys yet. Somebody with the administration rights of this device first types “sudo hygie keys”, checks that the passkey is yours, then types “sudo hygie keys trust” and its number.
console-incidents-allow-no-key-own = Have you no passkey yet? Add one in “Your access”.
console-incidents-allow-damaged = The guard's list of passkeys is damaged: it trusts none any more. Somebody with the administration rights of this device types “sudo hygie keys” and follows what is shown.
console-incidents-allow-gone = The guard's question is older than five minutes, or was answered before. Nothing has changed: try again.
console-incidents-allow-copied = There may be a second copy of this passkey: the guard did not believe it, and nothing has changed. Remove it in “Your access” and tell your IT provider.
console-incidents-allow-otherwise = This program has done more since you read this page. Nothing has changed: read again what this changes, then sign again.
console-incidents-allow-interpreter = “{ $program }” does what any script tells it to: to allow it would allow the next malicious script, too. So the console does not offer it.
console-incidents-allow-archiver = “{ $program }” encrypts or packs what anybody gives it: to allow it would allow a malicious program that uses it, too. So the console does not offer it.
console-incidents-allow-no-program = Hygie no longer knows which program it was, and so cannot allow it.
console-incidents-allow-settled = This incident is settled already: there is nothing left to let go on.
console-incidents-allow-silent = The guard does not answer. Nothing has changed: check that Hygie runs on the console's device, then try again.
console-incidents-allow-by-hand = Without a passkey, somebody with the administration rights of this device can type:
console-incidents-allow-back = Back to the incident
console-incidents-allow-done = It is signed: the program goes on, in this folder and for this only.

console-incidents-afar-about = Device “{ $device }”, { $at }.
console-incidents-afar-how = The request leaves at once; the device does it as soon as it hears it, within a day at most. Both journals say who asked.
console-incidents-afar-retired = This device is retired from the console: what is left to do is done on the device itself.
console-incidents-afar-no-reasons = This device did not say how often it saw each sign.
console-incidents-afar-there-title = On that device
console-incidents-afar-files = The list of files stays on that device. The console asks it for the list when somebody reads it here, and keeps none of it.
console-incidents-afar-files-see = See the touched files, and put them back
console-incidents-afar-files-title =
    { $files ->
        [0] No file touched on "{ $device }".
        [one] One touched file on “{ $device }”.
       *[other] { $files } touched files on “{ $device }”.
    }
console-incidents-afar-files-about = These names come from the device just now, and the console keeps none of them. Both journals say who read them.
console-incidents-afar-files-caption = Touched files
console-incidents-afar-files-choose = No file was chosen. Choose the one to put back from the list.
console-incidents-afar-no-healthy = No version of before
console-incidents-afar-restore-column = Put back
console-incidents-afar-restore-one = Put this one back
console-incidents-afar-restore-all =
    { $files ->
        [one] Put this file back as before
       *[other] Put these { $files } files back as before
    }
console-incidents-afar-restore-about = Each file gets back what it held just before the incident. What is there now is kept beside it under another name: nothing is deleted.
console-incidents-afar-restore-go = Put these files back
console-incidents-afar-restore-asked = Put files back, asked for on { $made }
console-incidents-afar-freeze-asked = Stop again, asked for on { $made }
console-incidents-afar-allow-asked = Let it go on, signed on { $made }
console-incidents-afar-restore-goes-on = The device is at it: { $done } of { $of } put back so far.
console-incidents-afar-restore-done = { $done } of { $of } put back; the device said so on { $at }.
console-incidents-afar-restore-some = { $done } of { $of } put back, on { $at }. Nothing is deleted: read the list of files again and ask for those that are missing, or turn to whoever has that device's administration rights.
console-incidents-afar-done-count = The device did it, and said so on { $at }: { $done } of { $of } put back.
console-incidents-afar-signed-late = The device got the signature too late, and said so on { $at }: its question was more than five minutes old, or had been used. Sign again if you still want it.
console-incidents-afar-signed-not = That device's guard did not believe the signature, or things have changed meanwhile; it said so on { $at }. Nothing has changed: read again what it changes, then sign once more.
console-incidents-afar-done-signed = It is signed, and on its way to the device. Its guard checks the signature; this page says what becomes of it.
console-incidents-afar-freeze-title = Stop this program again
console-incidents-afar-freeze-about = The device stops the program and takes the permission back. Nothing is lost: you can let it go on later, by a signature.
console-incidents-afar-freeze-go = Stop again
console-incidents-afar-away = That device cannot be reached just now. Nothing has changed: switch it on, see that it is on the practice's network, then try again.
console-incidents-afar-guard-silent = That device is there, but its guard does not answer. Nothing has changed: see that Hygie runs there and is up to date, then try again.
console-incidents-allow-title-on = Let a program go on on “{ $device }”?
console-incidents-allow-sentence-on = Let “{ $program }” go on on “{ $device }”?
console-incidents-allow-there = This program and these folders are that other device's: its guard asks the question, and it alone checks your signature.
console-incidents-afar-done-asked = It is asked for. This page says what becomes of it.
console-incidents-afar-undo-asked = Put back as before, asked for on { $made }
console-incidents-afar-redo-asked = Take that back, asked for on { $made }
console-incidents-afar-other-asked = Asked of this device on { $made }
console-incidents-afar-waits = The device has not done it yet. The request holds until { $at }.
console-incidents-afar-no-word = The device said nothing before { $at }, when the request ended. When it answers, this page will say how things are; you may also ask again.
console-incidents-afar-done = The device did it, and said so on { $at }.
console-incidents-afar-partial = The device did what it could, and said so on { $at }. What is missing is told on that device: “hygie incidents { $number }”. Nothing is deleted meanwhile.
console-incidents-afar-not-done = The device could not do it, and said so on { $at }. Nothing is deleted: ask again, or type “hygie undo { $number }” on that device.
console-incidents-afar-expired = The device heard it too late, and said so on { $at }: nothing changed. Ask again if you still want it.
console-incidents-afar-refused = The device does not do it, and said so on { $at }: a person let this program go on, or the incident is no longer there. On that device, “hygie incidents { $number }” says where it stands.
console-incidents-afar-seen = This device last spoke on { $seen }.
console-incidents-afar-never-seen = This device has never spoken yet.
