# Being told: the roads by which Hygie tells somebody who is not looking at the screen.

console-roads-title = Being told
console-roads-silent = Hygie can tell nobody away from this screen: its sending service does not answer.
    .do = Wait a minute and refresh. If it does not come back, restart Hygie on this device.
console-roads-none = Nobody is told away from this screen.
console-roads-one = Hygie tells by one road only.
console-roads-only-second = The first road is missing.
console-roads-both = Hygie tells by two roads.
console-roads-about = What Hygie sends holds no patient, no file's name and no message: only that something happens, and where to look.
console-roads-card-about = By which roads Hygie tells somebody who is not looking at this screen.
console-roads-card-link = See the roads
console-roads-first-title = First road
console-roads-first-about = Tried at once.
console-roads-second-title = Second road
console-roads-second-about = Tried when nobody has read what went by the first. Choose one so different that one fault does not take both.
console-roads-not-set = No road is set here.
console-roads-is-mail = By e-mail, to { $to }
console-roads-is-mail-how = Through { $server }, port { $port }, as { $from }
console-roads-is-mail-user = Account { $user }, its password kept by the sending service
console-roads-is-hook = By webhook, to { $url }
console-roads-is-hook-signed = Each one is signed; the secret is kept by the sending service
console-roads-is-hook-bare = Not signed

console-roads-by-mail = Set an e-mail
console-roads-by-hook = Set a webhook
console-roads-server = Sending server
console-roads-server-hint = The SMTP server of your mail, such as smtp.practice.example.
console-roads-port = Port number
console-roads-port-hint = 465 with TLS from the start, 587 with STARTTLS.
console-roads-security = Encryption
console-roads-security-tls = TLS from the start
console-roads-security-start-tls = STARTTLS, after a greeting
console-roads-user = User
console-roads-user-hint = Empty where the server asks nobody to sign in.
console-roads-password = Password
console-roads-password-hint = A password for apps, where your mail has one. It is never shown again.
console-roads-password-kept = Leave it empty to keep this account's.
console-roads-sender = Sender's address
console-roads-sender-hint = The account's own, such as hygie@practice.example.
console-roads-to = To whom
console-roads-to-hint = One address a line, { $most } at most. Best outside the practice, and read on a phone.
console-roads-url = Webhook's address
console-roads-url-hint = It begins with https://. If it holds a secret, those who see this page see it.
console-roads-key = Signing secret
console-roads-key-hint = The one that the receiving service gives; it begins with whsec_. Empty to sign nothing.
console-roads-key-kept = Leave it empty to keep this address's.
console-roads-try = Send a try
console-roads-forget = Remove this road

console-roads-flaw-server = It needs a server's name, without https:// or port, such as smtp.practice.example.
console-roads-flaw-port = It needs a number from 1 to 65535, such as 465.
console-roads-flaw-user = This cannot be an account's name: one line, 200 signs at most.
console-roads-flaw-password = It needs the user and the password, or neither. For another server or account, type the password again.
console-roads-flaw-key = This is no signing secret: it begins with whsec_, then 32 to 88 letters and digits.
console-roads-flaw-sender = It needs a plain address, such as hygie@practice.example.
console-roads-flaw-to = It needs one to { $most } plain addresses, one a line, such as dr.durand@practice.example.
console-roads-flaw-url = It needs an address that begins with https://, without user or password, such as https://alerts.example/hygie.

console-roads-done-kept = The road is kept. Send a try to learn whether it leads to somebody.
console-roads-done-dropped = The road is removed, and its secret with it.
console-roads-taken = The server accepted the try.
    .do = Look now whether it arrived: a server that accepts has told nobody yet.
console-roads-taken-but = { $count ->
    [one] The server accepted the try, but for one address that it does not want.
   *[other] The server accepted the try, but for { $count } addresses that it does not want.
}
    .do = Read the addresses again, then look whether the try reached the others.
console-roads-no-road = The try did not go out: no road is set here.
    .do = Set an e-mail or a webhook below.
console-roads-name-unknown = The try did not go out: nobody knows this server's name.
    .do = Read the name again, and look whether this device has access to the Internet.
console-roads-not-reached = The try did not go out: the server does not take the connection.
    .do = Read the port again, and look whether the practice's firewall lets this device out.
console-roads-tls-refused = The try did not go out: the server does not encrypt the connection in this way. Nothing was said to it.
    .do = Try the other encryption: TLS with port 465, STARTTLS with port 587.
console-roads-certificate-refused = The try did not go out: the server's certificate is another name's, is over, or comes from an authority that this device does not know. Nothing was said to it.
    .do = Read the server's name again, and look at this device's clock. If both are right, ask your IT provider: somebody may stand between you and the server.
console-roads-login-refused = The try did not go out: the server refuses user or password.
    .do = Type both again. Some mail services want a password for apps, others take no password at all any more: then use another sending server.
console-roads-address-refused = The try did not go out: the server refuses the sender, or everybody it was for.
    .do = Read the addresses again; the sender must be an address of this account.
console-roads-refused = The try did not go out: the server refuses it, with the code { $code }.
    .do = Give this code to your IT provider, or to whoever runs that server.
console-roads-later = The try did not go out: the server does not want it for now, with the code { $code }.
    .do = Try again in some minutes. An alert would be tried again by itself.
console-roads-too-slow = The server does not answer in time. It may have taken the try.
    .do = Look whether it arrived, then try again in some minutes.
console-roads-broken-off = The connection broke before the server said that it has the try. It may have taken it.
    .do = Look whether it arrived, then try again in some minutes.
console-roads-full = The try did not go out: too many went out just now. Hygie lets { $minute } a minute and { $day } a day pass.
    .do = Wait a minute, then try again.

console-roads-try-subject = Hygie: this is a try
console-roads-try-text = { $who } tries whether this road leads to you. Nothing is happening: there is nothing for you to do.
    The practice's alerts will come this way. The console is at { $url }
