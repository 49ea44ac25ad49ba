# What notices say, on pages and in letters.

console-alerts-title = Notices
console-alerts-waiting = { $alerts ->
    [one] One notice waits to be read.
   *[other] { $alerts } notices wait to be read.
}
console-alerts-calm = All notices have been read.
console-alerts-none = Hygie has had nothing to tell you yet.
console-alerts-about = A notice counts as given when a person has read it. Read by one, it is read for all.
console-alerts-waiting-title = To read
console-alerts-past-title = Past notices
console-alerts-older = Older ones
console-alerts-read-button = I have read it
console-alerts-read-by = Read by { $who } on { $at }.
console-alerts-unread = Nobody has read it yet.
console-alerts-given-first = Sent by the first road on { $at }.
console-alerts-given-second = Sent by the second road on { $at }.
console-alerts-unsent-no-road = It could not be sent: this road is not set.
console-alerts-unsent-silent = It could not be sent: the sending service does not answer.
console-alerts-unsent-later = It could not be sent: the server cannot be reached or has no time. Hygie keeps trying.
console-alerts-unsent-refused = It could not be sent: the server refuses it. Look at the roads in the settings.
console-alerts-since = Since { $at }.
console-alerts-at = On { $at }.
console-alerts-times = It has come and gone { $times } times since { $since }.
console-alerts-again = { $times } times.
console-alerts-over = It was over by itself on { $at }.
console-alerts-settled = It has been settled since { $at }.
console-alerts-done = Noted: this notice is read.
console-alerts-incident = Hygie stopped a program on the console's device.
    .do = Look at it in the console, and leave the device on.
console-alerts-incident-on = Hygie stopped a program on the device { $device }.
    .do = Look at it in the console, and leave the device on.
console-alerts-guard = The folders of the console's device are no longer protected.
    .do = Start Hygie again on this device, or call your IT provider.
console-alerts-guard-silent = The guard of the console's device gives no more news.
    .do = Start Hygie again on this device, or call your IT provider.
console-alerts-guard-on = The folders of the device { $device } are no longer protected, or its guard no longer answers.
    .do = Start Hygie again on this device, or call your IT provider.
console-alerts-points = A part of the folders of the console's device is not covered.
    .do = Today's page says which, and what to do.
console-alerts-points-on = A part of the folders of the device { $device } is not covered.
    .do = Look at Hygie on this device: it says which.
console-alerts-device = The device { $device } gives no more news, without having been switched off.
    .do = Look whether it is on and connected, and whether Hygie runs there.
console-alerts-away = The device { $device } has not been seen for three days.
    .do = If it is on holiday there is nothing to do; if not, find out where it is.
console-alerts-recovery = { $name } asks to come back without a passkey.
    .do = Talk to her in person. If she did not ask, stop it in the console.
console-alerts-new-person = { $name } now has access to the console.
    .do = If nobody of the practice wanted it, close this access.
console-alerts-new-key = A passkey was added for { $name }.
    .do = If nobody wanted it, remove this key.
console-alerts-guessing = Somebody tries many passwords or codes on the console.
    .do = Hygie slows it down. The journal says where it comes from.
console-alerts-post = The service that sends notices no longer answers.
    .do = Start Hygie again on the console's device.
console-alerts-signer = The service that signs certificates no longer answers.
    .do = Start Hygie again on the console's device.
console-alerts-database = The console's database is damaged.
    .do = Change nothing there and call your IT provider: the settings name the last copy.
console-alerts-journal = The journal's chain no longer holds.
    .do = Check it in the console, and keep a copy of it as it is.
console-alerts-disk = The console's disk is nearly full.
    .do = Make room before it can keep nothing more.
console-alerts-certificate = The console's certificate ends in less than 30 days.
    .do = Call your IT provider: it should have been renewed.
console-alerts-copies = The console's database has no recent copy.
    .do = Make a copy from the settings.
console-alerts-some-device = without a name
console-alerts-somebody = Somebody
console-alerts-subject = { $alerts ->
    [one] Hygie: a notice for your practice
   *[other] Hygie: { $alerts } notices for your practice
}
console-alerts-subject-now = Hygie: to be read now
console-alerts-letter-opens = Notice of Hygie for { $practice }.
console-alerts-letter-link = Read and answer in the console: { $link }
console-alerts-letter-call = Whom to call: { $name }, { $phone }.
console-alerts-letter-read = This notice counts as given when somebody marks it as read in the console. If not, Hygie tries the second road.
console-alerts-letter-promise = This message holds no file's name and no patient's data.
console-alerts-strip-unsent = { $alerts ->
    [one] A notice could not be sent to you.
   *[other] { $alerts } notices could not be sent to you.
}
console-alerts-strip-post = The service that sends notices has not answered since { $since }.
console-alerts-strip-blind = Hygie has not watched what you should be told since { $since }.
console-alerts-strip-go = See the notices
console-alerts-duties-title = What keeps watch
console-alerts-duty-guard = Guard of the console's device
console-alerts-duty-guard-on = Guard of the device { $device }
console-alerts-duty-device = News of the device { $device }
console-alerts-duty-post = Sending of notices
console-alerts-duty-signer = Signing of certificates
console-alerts-duty-database = The console's database
console-alerts-duty-journal = The journal's chain
console-alerts-duty-disk = Room on the console's disk
console-alerts-duty-certificate = The console's certificate
console-alerts-duty-copies = Copies of the database
console-alerts-stands-well = In order
console-alerts-stands-trouble = To be looked at since { $since }
console-alerts-stands-mending = Repair under way since { $since }
console-alerts-stands-not-known = Not known since { $since }
console-alerts-stands-asleep = Off or asleep since { $since }; missed after { $until }
console-alerts-meanwhile-title = Since your last visit, on { $since }
console-alerts-meanwhile-alerts = { $alerts ->
    [one] One notice, { $over } of it over since.
   *[other] { $alerts } notices, { $over } of them over since.
}
console-alerts-meanwhile-off = The console was off or asleep from { $from } to { $to }: nobody kept watch.
console-alerts-wishes-title = When to be told
console-alerts-wishes-about = In quiet hours only what cannot wait goes out: a stopped program, or protection lost meanwhile. The rest goes in one message, afterwards.
console-alerts-wishes-from = Quiet hours, from
console-alerts-wishes-to = until
console-alerts-wishes-hint = For example 20:00 and 07:00. The same hour twice: no quiet hours.
console-alerts-wishes-wrong = Two hours are needed, for example 20:00 and 07:00.
console-alerts-wishes-sunday = Sunday is quiet, too
console-alerts-wishes-second = If nobody reads it, try the second road after (hours, quiet ones not counted)
console-alerts-wishes-second-wrong = A number of hours from 1 to 24 is needed.
console-alerts-wishes-language = Language of the messages
console-alerts-wishes-save = Save
console-alerts-wishes-done = Saved.
console-alerts-wishes-see = Quiet hours and delays
console-alerts-roads = By which road notices go
