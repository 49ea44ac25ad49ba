# What the page about today, and the sheet of first gestures, say.

today-title = Today
today-gestures-title = Do this, in this order.
today-gestures-about = You have a doubt, a message asks for money, files no longer open: begin here.
today-gesture1 = Unplug the cable that comes from the Internet. Leave the box on.
today-gesture1-why = What attacks gets no more orders. The devices of the practice still reach each other.
today-gesture2 = Leave the devices on, and do not touch them.
today-gesture2-why = Switching them off would erase traces.
today-gesture3 = Note the hour, and what you saw. Take a picture of the screen.
today-gesture3-why = The insurance and the complaint will ask for it.
today-gesture4 = Call your IT provider, then CERT Santé.
today-gesture4-why = CERT Santé helps health professionals, at no cost.
today-gestures-never = Not to do
today-never1 = Pay, or answer whoever asks for money.
today-never2 = Reinstall or clean a device before the traces are kept.
today-never3 = Plug the backup disk into a device that was hit.
today-gestures-call = Call

today-protected = Your folders are protected.
today-protected-but = { $points ->
    [one] Your folders are protected, but for one point.
   *[other] Your folders are protected, but for { $points } points.
}
today-starting = Hygie starts and makes your files safe.
today-not-protected = Your folders have not been protected since { $since }.
today-not-known = Hygie does not know whether your folders are protected.
today-waits-nothing = Nothing is waiting for you.
today-waits-some = { $things ->
    [one] One thing is waiting for you.
   *[other] { $things } things are waiting for you.
}
today-waits-incident = { $incidents ->
    [one] Hygie stopped a program, and you decide.
   *[other] Hygie stopped { $incidents } programs, and you decide.
}
today-checked = Checked on { $at }.
today-guard-answers = The guard answers.
today-guard-silent = The guard does not answer.
today-guard-silent-since = The guard is not known since { $since }.
today-devices-answer = { $devices ->
    [one] The practice's device answers.
   *[other] All { $devices } devices of the practice answer.
}
today-devices-some = { $answering } of { $devices } devices answer.
today-waits-title = What else is waiting
today-incident-title = Decide what becomes of a stopped program
today-incident-why = Hygie stopped “{ $program }” on { $at }. It does no more harm, and what it changed can be put back as before.
today-incident-why-unnamed = Hygie stopped a program on { $at }. It does no more harm, and what it changed can be put back as before.
today-incident-why-on = On the device { $device }, Hygie stopped a program on { $at }. It does no more harm.
today-incident-who = One minute, for a practitioner or an assistant.
today-incident-undo = See and put back as before
today-incident-see = See what happened
today-unprotected-title = Start the protection again
today-silent-title = See that Hygie runs
today-silent-why = The console asked the guard how your folders are, without an answer. Look whether Hygie is started on the console's device, then check again.
today-check-again = Check again
today-it-who = A few minutes, for whoever looks after the computers.
today-but-who = A few minutes, for whoever works on this device.
today-but-more = { $points ->
    [one] And { $points } other point.
   *[other] And { $points } other points.
}
today-device-title = Look at the device { $device }
today-device-silent = Not known since { $since }. It may be switched off; if it is on, Hygie may not run there any more.
today-device-never-heard = This device has never been heard yet.
today-device-not-protected = It says that it has not been protected since { $since }.
today-device-go = See the devices
today-access-title = Make your own access stronger
today-sheet-title = Finish your recovery sheet
today-sheet-none = You have no recovery sheet. It lets you in when you lose everything else.
today-sheet-untested = Your recovery sheet was never tested: is it printed?
today-sheet-nearly-used = Your recovery sheet has hardly any codes left.
today-access-who = Three minutes, for you.
today-access-go = See my access
today-alert-unsent = It could not be sent to you in another way.
today-alert-read = I have read it
today-done-read = Noted: somebody has read it.
today-holds-title = What Hygie holds for you
today-holds-files = { $files ->
    [one] { $files } file protected
   *[other] { $files } files protected
}
today-holds-files-unheld = { $files ->
    [one] { $files } file, without protection just now
   *[other] { $files } files, without protection just now
}
today-holds-unheld-why = The versions that are kept already stay kept.
today-holds-all = The present state of each has its copy.
today-holds-copying = First copies under way: { $copied } of { $files }.
today-holds-last = Last change seen on { $last }.
today-holds-find = Find a file
today-holds-versions = { $versions ->
    [one] { $versions } version kept, { $bytes }
   *[other] { $versions } versions kept, { $bytes }
}
today-holds-versions-why = On the console's device. The last healthy version of a file is never taken away.
today-holds-folders = { $folders ->
    [one] { $folders } protected folder
   *[other] { $folders } protected folders
}
today-holds-no-folder = No folder is protected yet
today-holds-devices = { $devices ->
    [one] { $devices } device looked after
   *[other] { $devices } devices looked after
}
today-holds-devices-all = All of them are heard.
today-holds-devices-some = { $silent ->
    [one] { $silent } device is not heard.
   *[other] { $silent } devices are not heard.
}
today-holds-not-known = The guard is not heard: what it holds is not known just now
today-holds-not-known-why = What was kept stays on the device. Its silence erases nothing.
today-refused = { $refused ->
    [one] { $refused } change refused
   *[other] { $refused } changes refused
}
today-refused-why = Since the start, for want of time or room for a copy.
today-over-title = Fourteen days, and what was held
today-over-label = Fourteen days: { $held }.
today-over-calm = Fourteen calm days: Hygie stopped no program.
today-over-unknown = Without an answer of the guard, Hygie does not know whether these fourteen days were calm.
today-over-part = Without an answer of the guard, recent facts may be missing.
today-over-one = a program stopped, { $day }
today-over-stopped = A program stopped.
today-over-stopped-named = “{ $program }” stopped.
today-over-see = See incident { $number }
today-over-all = All stopped programs
today-day = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
} { $day }
today-day-short = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
} { $day }
today-day-today = today
