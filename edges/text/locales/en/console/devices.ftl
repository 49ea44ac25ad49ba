# The practice's devices.

console-devices-title = Devices
console-devices-here-ok = This device is protected.
console-devices-here-but = { $exceptions ->
    [one] This device is protected, but for one point.
   *[other] This device is protected, but for { $exceptions } points.
}
console-devices-here-not = This device is no longer protected.
console-devices-here-mending = This device is being made safe.
console-devices-here-silent = Nothing is known of this device's guard.
console-devices-others-wait = { $devices ->
    [one] { $devices } other device waits for something.
   *[other] { $devices } other devices wait for something.
}
console-devices-list-label = The devices and their state
console-devices-here = This device, { $name }
console-devices-here-unnamed = This device, the console's

console-devices-state-ok = In order
console-devices-state-but = To complete
console-devices-state-not = Not protected
console-devices-state-mending = Repair under way
console-devices-state-idk = I don't know
console-devices-state-silent = Not known since { $since }
console-devices-state-never-heard = Not known

console-devices-silent = The guard does not answer: the console does not know whether this device is protected.
    .do = Check that Hygie runs on this device. If nothing changes, call your IT provider.
console-devices-files = { $files ->
    [one] { $files } protected file, { $copied } copied already.
   *[other] { $files } protected files, { $copied } copied already.
}
console-devices-versions = { $versions ->
    [one] { $versions } version kept, { $bytes }.
   *[other] { $versions } versions kept, { $bytes }.
}
console-devices-since = The guard has been watching since { $since }.
console-devices-last-event = Last change in a protected folder: { $at }.
console-devices-trouble = The vault could not keep something.
    .do = On this device, type “hygie status” and pass what is shown on to your IT provider.
console-devices-exceptions = { $exceptions ->
    [one] and { $exceptions } other point
   *[other] and { $exceptions } other points
}
console-devices-version = Hygie version { $version }.
console-devices-last-heard = Heard on { $at }.
console-devices-never-heard = Enrolled, never heard.
console-devices-not-told = This device has not said yet how it is.

console-devices-folders-title = Protected folders on this device
console-devices-folders-none = No folder is protected on this device.
console-devices-folders-how = On this device, type “hygie up” followed by the folder.
console-devices-folders-unknown = The guard does not answer: the list is not known.

console-devices-others-title = Other devices of the practice
console-devices-others-none = No other device is enrolled.
console-devices-others-none-what = Once enrolled, another device says here how it is. Each device that runs Hygie protects itself already.
console-devices-rename = Rename
console-devices-name = Name of the device
console-devices-name-missing = A name is missing, for example “Surgery 2”.
console-devices-name-long = This is too long: { $most } characters at most.
console-devices-retire = Retire from the console
console-devices-retire-about = This device will not talk to the console any more, and does not come back under this number. Its own protection goes on.
console-devices-retired-title = Retired devices
console-devices-retired = Retired on { $at }.
console-devices-refresh = Refresh
console-devices-done-rename = The device has its new name.
console-devices-done-retire = The device is retired. Its own protection goes on.

console-devices-enrol-title = Enrol a device
console-devices-enrol-about = You will get a code to type on that device. It serves once.
console-devices-enrol-name = Name of the new device, for example “Room 2”
console-devices-enrol-go = Prepare the code
console-devices-enrol-for = Type this code on “{ $name }”.
console-devices-enrol-how = Hygie is installed there already. Open a command window, as administrator.
console-devices-enrol-type = To type
console-devices-enrol-until = It serves once, until { $until }. It will not be shown again.
console-devices-enrol-drawing = The same code, to be read with a phone
console-devices-enrol-here-only = For now, this console listens on this device only. Start it again with “--devices” and this device's address on the network so that others reach it.
console-devices-enrol-back = Back to the devices
