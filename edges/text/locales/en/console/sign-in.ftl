# What the sign-in page says.

sign-in-title = Hello.
sign-in-again = Once more, to be sure that it is you.
sign-in-with-key = Sign in with my passkey
sign-in-key-refused = This key does not open the console. Try again, or sign in without a key.
sign-in-no-script = A passkey needs JavaScript. Without it, sign in below.
sign-in-keys-elsewhere = Passkeys work at the address of the practice:
sign-in-trust-first = trust the console
sign-in-or = or, without a passkey
sign-in-login = Sign-in name
sign-in-password = Password
sign-in-readable = See what I type
sign-in-code = Code of 6 digits
sign-in-code-hint = In the app for codes on your phone.
sign-in-with-password = Sign in without a passkey
sign-in-wrong = Sign-in name, password or code: one of the three is not right. Wait for the next code, then try again.
sign-in-wait = Too many tries in a row. Wait { $time }, then try again.
sign-in-typed-title = What you had typed is kept.
sign-in-typed-about = You had signed in too long ago for that. Nothing is done yet: send what you had typed, or go back without changing anything.
sign-in-typed-secret = To be typed again, for it is never kept
sign-in-typed-go = Send what I had typed
sign-in-typed-back = Go back without changing anything
sign-in-set-up-waits = The set-up is not finished.
sign-in-set-up-go = Go on with it
