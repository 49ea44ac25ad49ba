# Settings.

console-settings-title = Settings
console-settings-all-there = The practice's settings are complete.
console-settings-help-missing = Whom to call when something happens is missing.
console-settings-about = What can be changed here, and who changed it last.
console-settings-save = Save
console-settings-changed = Changed by { $who } on { $at }.
console-settings-unchanged = Never changed.
console-settings-by-the-console = the console
console-settings-by-somebody = a person who is not known any more

console-settings-practice-title = The practice
console-settings-practice-name = Name of the practice
console-settings-practice-name-hint = It is said on each page, and in passkeys made from now on.
console-settings-practice-missing = The practice's name is missing, for example “Cabinet des Tilleuls”.
console-settings-too-long = This is too long: { $most } characters at most.

console-settings-help-title = Whom to call
console-settings-help-about = Your IT provider, or whoever looks after the devices. Hygie's notices will give this name and number.
console-settings-help-name = Name
console-settings-help-name-missing = A name is missing, for example “Martin Computing”.
console-settings-help-phone = Telephone
console-settings-help-phone-hint = Digits, with or without spaces, for example 01 99 00 12 34.
console-settings-help-phone-wrong = A number of 3 to 15 digits is needed, for example 01 99 00 12 34.

console-settings-console-title = The console
console-settings-console-name = Name on your network
console-settings-console-name-about = Passkeys are bound to this name: changing it means that everybody makes them anew. Hygie cannot do that from here yet.
console-settings-net-title = Finding the console from other devices
console-settings-net-not-needed = Nothing to announce: the console is open to this device only, or its name is one of a domain.
console-settings-net-asking = Hygie is checking that this name is free on the network.
console-settings-net-announced = This name is announced on the practice's network. Other devices find it.
console-settings-net-taken = Another device on the network already has this name: Hygie does not announce it. Give that device another name; Hygie tries again every ten minutes.
console-settings-net-failed = The network did not let this name be announced ({ $reason }). Hygie tries again every ten minutes.
console-settings-fingerprint = Fingerprint of the certificate
console-settings-fingerprint-how = Trust the console on a device
console-settings-fingerprint-unknown = The service that signs certificates does not answer for now.
console-settings-version = Version of Hygie
console-settings-where = Where the console's data lies
console-settings-where-about = On this machine alone. Your patients' records are not in it.
console-settings-journal = Journal
console-settings-journal-verify = Verify that it is whole

console-settings-backup-title = Copy of the console's database
console-settings-backup-never = Never made. Without it, a disk that dies takes along the people, keys and devices known here.
console-settings-backup-last = Made and read back on { $at }: { $size }, in { $file }
console-settings-backup-about = Hygie makes one each day and keeps the last fourteen. They stay on this machine: ask your IT provider to carry them elsewhere, with the file “seal.key” of the console's folder.
console-settings-backup-count = { $copies ->
    [one] { $copies } copy is kept, { $size } in all.
   *[other] { $copies } copies are kept, { $size } in all.
}
console-settings-backup-make = Make a copy now

console-settings-done-practice = The practice's name is changed.
console-settings-done-help = Noted: Hygie will say to call this person.
console-settings-done-backup = The copy is made, and was read back whole.
console-settings-done-soon = A copy was made just now. Wait a minute before the next one.
