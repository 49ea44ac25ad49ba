# People: who gets in, who is invited, who leaves, who comes back.

# The page.
console-people-title = People
console-people-count = { $people ->
    [1] One person has access.
    [2] Two people have access.
    [3] Three people have access.
    [4] Four people have access.
    [5] Five people have access.
    [6] Six people have access.
    [7] Seven people have access.
    [8] Eight people have access.
    [9] Nine people have access.
   *[other] { $people } people have access.
}
console-people-waits-nothing = Nothing is waiting for you.
console-people-waits-asked = A return is to be confirmed.
console-people-waits-back = A return is under way.
console-people-waits-open = An IT provider can come in right now.
console-people-waits-means = One access hangs by a thread.
console-people-waits-sheet = A recovery sheet is to be tested.
console-people-list-title = The people of the practice
console-people-column-person = Person
console-people-column-role = Role
console-people-column-means = Signs in with
console-people-column-last = Last here
console-people-column-act = What you can do
console-people-label-role = Role:
console-people-label-means = Signs in with:
console-people-label-last = Last here:
console-people-you = you
console-people-open-until = can come in until { $until }
console-people-shut = comes in only when you agree
console-people-last-at = on { $at }
console-people-never = never
console-people-add-key = Add a spare passkey
console-people-open-usual = Open for 2 hours
console-people-gone-title = Closed accesses
console-people-gone-since = closed on { $at }
console-people-gone-see = See
console-people-key-title = The passkey
console-people-key-about = Your finger, your face or your device's code takes the place of the password. It can be neither guessed nor given to a false site by mistake. Always have two.

# With what one gets in.
console-people-means-none = no way to get in
console-people-means-keys = { $keys } passkeys
console-people-means-key = 1 passkey, no spare
console-people-means-key-password = 1 passkey, and a password
console-people-means-key-sheet = 1 passkey, and the recovery sheet
console-people-means-password = password and code, no spare
console-people-means-password-sheet = password and code, and the recovery sheet
console-people-means-agreed = { $means }, when the practice agrees

# What waits.
console-people-asked-title = Is it really { $name } who wants to come back?
console-people-asked-why = Passkeys and recovery sheet are said to be lost. Unless it is confirmed, the request lapses on { $until }.
console-people-delayed-title = { $name } can come back on { $opens }.
console-people-delayed-why = A second person confirmed that it is { $name }. Any doubt? Stop the request before then.
console-people-root-title = The access of { $name } was opened again on { $at } from the console's own device
console-people-root-why = Somebody with the administration rights of this device did it. If { $name } did not ask for it, call your IT provider and close this access.
console-people-back-title = { $name } can come back now.
console-people-back-why = In the browser of the request, until { $until }. The old passkeys will be worth nothing.
console-people-notice-to-all = The whole practice sees this notice.
console-people-confirm-see = Check with the person
console-people-confirm-how = Speak to the person face to face, or by a voice that you know: not by a message. Ask for the six digits on that screen.
console-people-control-label = The six digits of that screen
console-people-control-hint = For example 123 456. They say that it is this very request.
console-people-confirm-go = Confirm the return
console-people-cancel-go = Stop this request
console-people-open-title = { $name } can come in right now
console-people-open-why = The time opened for { $name } ends by itself on { $until }.
console-people-open-small = Is the work done? Close it without waiting.
console-people-own-nothing-title = Choose a way to get in
console-people-own-nothing-why = Without one you cannot come back once you are signed out.
console-people-arrived-title = { $name } waits for you to agree
console-people-arrived-why = The invitation was taken. Open a time so that { $name } can come in and make a passkey.
console-people-nothing-title = { $name } has no way to get in
console-people-nothing-why = The invitation has served, but no passkey was made. Close this access, then invite { $name } once more.
console-people-own-weak-title = Add a second way to get in
console-people-own-weak-why = You have only one: once lost, it leaves you outside.
console-people-weak-title = { $name } has only one way to get in
console-people-weak-why = Once lost, { $name } stays outside. Ask for a second passkey, or a recovery sheet.
console-people-own-untested-title = Test your recovery sheet
console-people-own-untested-why = Made, never tested: better to know today where it is.
console-people-untested-title = { $name } never tested the recovery sheet
console-people-untested-why = Ask { $name } to type one of its codes from the paper. It is not used up.
console-people-two-ways = With two ways, a lost passkey does not stop the work.
console-people-see-person = See this access
console-people-own-access = See your access

# Inviting.
console-people-invite-title = Invite somebody
console-people-invite-about = Hygie makes a link. You hand it over yourself.
console-people-invite-whom = Whom do you invite?
console-people-invite-name = First name and name
console-people-invite-go = Make the invitation
console-people-invite-again = Hygie will first ask you to show once more that it is you.
console-people-invite-others = A practitioner of the practice can invite somebody, or close an access.
console-people-name-missing = The name is missing, for example “Inès Roux”.
console-people-role-legend = Role in the practice
console-people-role-missing = Choose a role.
console-people-role-assistant = Assistant:
console-people-role-assistant-about = ask, find a file, open a case
console-people-role-practitioner = Practitioner:
console-people-role-practitioner-about = everything, inviting and closing an access too
console-people-role-provider = IT provider:
console-people-role-provider-about = settings, never the folders, and only while you open a time
console-people-link-title = The invitation for { $name } is ready.
console-people-link-how = This link is not shown again. Hand it over now, in person or by a message of your own.
console-people-link-card = The link itself
console-people-link-label = Link to copy
console-people-link-until = It serves once, until { $until }.
console-people-link-drawing = Drawing of the link, to be read with a phone
console-people-link-trust = On another device, the first step is to
console-people-link-trust-go = trust the console
console-people-link-provider = An IT provider does not come in with this link alone: once it is taken, open a time for him on the page People.
console-people-invitations-title = Invitations that wait
console-people-invitation-open = { $role }, by { $by }, until { $until }
console-people-invitation-over = { $role }, by { $by }, over since { $until }
console-people-invitation-end = Take back
console-people-back-to-people = Back to the people

# Joining.
console-people-join-title = Welcome.
console-people-join-about = { $practice } invites you, as { $role }.
console-people-join-then = Then you make your passkey: your finger, your face or your device's code.
console-people-join-provider = You come in only during the time that the practice opens for you.
console-people-join-name = Your first name and name
console-people-join-login = Sign-in name
console-people-join-login-hint = What you type to get in without a passkey, for example “ines.roux”.
console-people-join-login-wrong = It takes 2 to 40 letters or digits, for example “ines.roux”.
console-people-join-login-taken = Somebody of the practice has this name. Choose another one, for example with your initial.
console-people-join-go = Join the practice
console-people-over-title = This link opens nothing any more.
console-people-over-why = It has served already, it was taken back, or its three days are over.
console-people-over-do = Ask whoever invited you for a new one. If it was not you who opened it, say so at once.
console-people-waiting-title = You are expected. The practice has yet to agree.
console-people-waiting-why = Call the practice: somebody opens a time for you. Keep this page, then load it again.
console-people-waiting-open-title = The practice opened a time for you.
console-people-waiting-open-why = Come in and make your passkey: it serves for each visit.
console-people-waiting-enter = Come in
console-people-to-sign-in = Back to the sign-in

# One person.
console-people-has-nothing = { $name } has no way to get in.
console-people-has-one = { $name } has only one way to get in.
console-people-has-enough = { $name } can get in.
console-people-is-closed = { $name } has no access any more.
console-people-person-about = { $role }, signs in as { $login }, here since { $since }
console-people-means-title = Ways to get in
console-people-last-came = Last here on { $at }
console-people-never-came = Not here yet
console-people-sheet-title = Recovery sheet
console-people-sheet-none = none
console-people-sheet-untested = made, never tested
console-people-sheet-tested = made and tested
console-people-weak-how = Each adds his own ways: once signed in, the person opens “Your access”.
console-people-time-title = Time that is open
console-people-time-open-until = { $name } can come in until { $until }.
console-people-time-shut = { $name } cannot come in at the moment.
console-people-time-legend = For how long
console-people-time-usual = 2 hours, the time of a visit
console-people-time-half-day = 4 hours, half a day
console-people-time-day = 12 hours, a day: the longest
console-people-time-go = Open this time
console-people-time-end = Close it now
console-people-time-about = At the end the session closes by itself. For another visit, open another time.
console-people-own-time = The practice lets you in until { $until }.
console-people-own-time-end = I am done, close my time
console-people-sessions-title = Where this person is signed in
console-people-sessions-none = Signed in nowhere at the moment.
console-people-session-about = From { $address }, opened on { $since }, used on { $used }
console-people-session-end = Close
console-people-sessions-end = Close them all
console-people-role-title = Change the role
console-people-role-ends = The sessions close, and the next one has the new role.
console-people-role-go = Give this role
console-people-last-practitioner = This is the last practitioner who can get in: somebody else has to become one first.

# Who leaves.
console-people-leaves-title = This person leaves
console-people-leaves-about = One gesture closes all that opens the console. Hygie first shows what that is.
console-people-leaves-go = See and close the access
console-people-close-title = Close an access
console-people-close-ask = Close the access given to { $name }
console-people-close-why = Here is what ends, and what remains to be done by hand.
console-people-close-once = All of it ends in one gesture
console-people-close-undo = The files stay with the practice. Closing is undone with one click for 30 days.
console-people-close-go = Close this access now
console-people-ends-title = What Hygie ends
console-people-ends-nothing = Nothing is open in this name at the moment.
console-people-ends-keys = { $many ->
    [one] One passkey no longer opens the console.
   *[other] { $many } passkeys no longer open the console.
}
console-people-ends-sessions = { $many ->
    [one] One session closes.
   *[other] { $many } sessions close.
}
console-people-ends-invitations = { $many ->
    [one] One invitation that waits is taken back.
   *[other] { $many } invitations that wait are taken back.
}
console-people-ends-openings = { $many ->
    [one] The time of one IT provider closes.
   *[other] The times of { $many } IT providers close.
}
console-people-ends-password = Password and code open nothing any more.
console-people-ends-sheet = The codes of the recovery sheet open nothing any more.
console-people-ends-recovery = The return that is under way stops.
console-people-ends-browsers = No browser is remembered any more.
console-people-ends-codes = The codes made to add a device serve no more.
console-people-hand-title = What remains to be done by hand
console-people-hand-key = On device { $device }, another practitioner takes this key out of those that the guard believes.
console-people-hand-device = Look at device { $device }: this person added it, and it goes on protecting.
console-people-hand-passwords = Change the passwords that several people know: Wi-Fi, mail, practice software, the front desk's device.
console-people-hand-things = Take back the door's keys, the cards, the practice's phone and computer.
console-people-hand-outside = Close the accesses that Hygie does not see as well: practice software, mail, bank, online backup.
console-people-could-title = What this person can do here
console-people-could-read = See what is in the protected folders
console-people-could-find = Find files by name, and restore them
console-people-could-case = Read messages given to Hygie, and the course of a case
console-people-could-settings = See or change settings
console-people-could-people = Invite somebody and close an access
console-people-could-weaken = Lower the protection, by signing with a passkey
console-people-could-states = See how the practice is
console-people-closed-title = Closed access
console-people-closed-by = Closed on { $at } by { $by }.
console-people-reopen-go = Open this access again
console-people-reopen-until = Possible until { $until }: the passkeys serve again.
console-people-reopen-over = The 30 days are over: to come back, it takes a new invitation.
console-people-back-to-person = Back to this person

# Coming back.
console-people-cannot-enter = I cannot get in
console-people-recover-title = You cannot get in.
console-people-recover-about = Two ways: your recovery sheet, else somebody of the practice.
console-people-recover-code-title = With your recovery sheet
console-people-recover-code = A code of the sheet
console-people-recover-code-hint = Sixteen letters or digits. Each code serves once: cross it out afterwards.
console-people-recover-go = Come in with this code
console-people-recover-wrong = Sign-in name or code: one of the two is not right. Read the sheet again, then take the next code.
console-people-recover-or = or, without a sheet
console-people-recover-ask-title = With somebody of the practice
console-people-recover-ask-about = A second person confirms that it is you. A day goes by, the whole practice is told, then you come in here, in this browser.
console-people-recover-ask-go = Ask to come back
console-people-recover-login-missing = The sign-in name is missing, for example “ines.roux”.
console-people-recover-asked-title = Now call somebody of the practice.
console-people-recover-asked-why = That person opens People in the console and confirms. Otherwise the request lapses on { $until }.
console-people-recover-control = Say these six digits aloud:
console-people-recover-delayed-title = It is confirmed. Some waiting is left.
console-people-recover-delayed-why = Come back to this page, in this browser, on { $opens }.
console-people-recover-open-title = You can come back.
console-people-recover-open-why = Until { $until }. Your old passkeys will be worth nothing: make two new ones at once.
console-people-recover-enter = Come in and make new passkeys
console-people-recover-over-title = This request is over.
console-people-recover-over-why = It was finished, somebody stopped it, or its time is over. Once stopped, it can be made again a day later.
console-people-recover-anew = Begin again
console-people-recover-have-code = I found my recovery sheet
console-people-own-asked = Somebody asks to come back in your name. If it is not you, stop this request.

# What was just done.
console-people-done-invitation = The invitation is taken back: its link opens nothing any more.
console-people-done-closed = The access is closed. What follows remains to be done by hand.
console-people-done-reopened = The access is open again: the former passkeys serve again.
console-people-done-name-taken = Somebody else took this sign-in name meanwhile. Invite this person anew.
console-people-done-too-late = The 30 days are over. Invite this person anew.
console-people-done-role = The role is changed, the sessions are closed.
console-people-done-opened = The time is open. It ends by itself.
console-people-done-shut = The time is closed, and the session with it.
console-people-done-confirmed = It is confirmed. The whole practice is told; the return opens in a day.
console-people-done-not-confirmed = These are not the digits of this request. If the person reads them well, stop it: somebody else asked in that name.
console-people-done-not-yours = You cannot confirm your own request.
console-people-done-cancelled = The return is stopped.
console-people-done-passed = This request has changed meanwhile. Look where it stands.
console-people-done-sessions = The chosen sessions are closed.
