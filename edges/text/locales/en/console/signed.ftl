# The pages on which a passkey signs for what weakens the protection.

console-signed-keys-title = Passkeys that the guard trusts
console-signed-keys-some =
    { $keys ->
        [one] This device's guard trusts one passkey.
       *[other] This device's guard trusts { $keys } passkeys.
    }
console-signed-keys-none = This device's guard does not trust any passkey yet.
console-signed-keys-silent = The guard does not answer: which passkeys it trusts is not known.
console-signed-keys-about = What weakens the protection is done only if one of these passkeys has signed it: letting a program go on, forgetting a file, protecting a folder no more. The console cannot decide it alone.
console-signed-keys-trusted-title = The guard trusts them
console-signed-keys-proposed-title = They wait for a signature
console-signed-keys-line = “{ $key }” of { $person }
console-signed-keys-since-root = Since { $since }, by the device's administration
console-signed-keys-since-person = Since { $since }, signed by { $by }
console-signed-keys-proposed-since = It has been waiting since { $since }
console-signed-keys-withdrawn = The console took it back on { $at }: it signs nothing any more
console-signed-keys-left = This person is no practitioner of the practice any more: stop trusting this passkey.
console-signed-keys-trust = Trust it
console-signed-keys-distrust = Stop trusting it
console-signed-keys-first = The first one is decided on the device: somebody with the administration rights types “sudo hygie keys” there, checks whose passkey it is, then types “sudo hygie keys trust” and its number.
console-signed-keys-back = Back to the people
console-signed-keys-see = See which passkeys the guard trusts
console-signed-done-trusted = It is signed: the guard now trusts this passkey.
console-signed-done-distrusted = It is signed: the guard no longer trusts this passkey.
console-signed-done-forgotten = It is signed: Hygie has forgotten this file. What is left of it elsewhere was not touched.
console-signed-done-unprotected = It is signed: this folder is protected no more. The guard goes on without it.
console-signed-trust-title = Trust a passkey
console-signed-trust-sentence = Trust the passkey “{ $key }” of { $person }?
console-signed-trust-about = Do this only if that person told you herself, face to face, that she has just added this passkey.
console-signed-trust-can = This passkey will be able to sign all that weakens this device's protection: let a program go on, forget a file, protect a folder no more, trust other passkeys
console-signed-trust-console = It signs at the address “{ $host }”, and nowhere else
console-signed-trust-go = Sign and trust it
console-signed-distrust-title = Stop trusting a passkey
console-signed-distrust-sentence = Stop trusting the passkey “{ $key }” of { $person }?
console-signed-distrust-about = Do this for a passkey that is lost or stolen, or when the person has left.
console-signed-distrust-cannot = This passkey will sign nothing on this device any more
console-signed-distrust-sign-in = It still opens the console for as long as it stays in that person's access
console-signed-distrust-last = It is the last one: after that only the device's administration can have another one accepted
console-signed-distrust-go = Sign and stop trusting it
console-signed-key-rest = You will be able to go back on this by another signature.
console-signed-forget-title = Forget a file
console-signed-forget-sentence = Forget “{ $name }” for good?
console-signed-forget-about = Do this when this content must not exist any more, for example because a patient asked. Neither Hygie nor anybody else will be able to give it back.
console-signed-forget-versions =
    { $versions ->
        [one] One version, { $bytes }, is erased from the vault
       *[other] { $versions } versions, { $bytes }, are erased from the vault
    }
console-signed-forget-present = The file is still there: “{ $path }”. Hygie does not delete it, and will copy it again
console-signed-forget-held = The same content stays in “{ $path }”
console-signed-forget-others =
    { $places ->
        [one] And in one other place
       *[other] And in { $places } other places
    }
console-signed-forget-elsewhere = Copies made before, messages that were sent and USB sticks keep what they have; the disk may keep remains until the room is used again
console-signed-forget-rest = There is no going back on this.
console-signed-forget-go = Sign and forget
console-signed-forget-see = Forget this file for good
console-signed-unprotect-title = Protect a folder no more
console-signed-unprotect-sentence = Protect “{ $path }” no more?
console-signed-unprotect-about = A malicious program will be able to change or delete files there without Hygie holding it back.
console-signed-unprotect-holds = Hygie copies nothing and stops nothing any more in this folder and those in it
console-signed-unprotect-kept = The versions kept so far stay in the vault until room runs short
console-signed-unprotect-restart = The guard starts again without this folder: the others are unguarded for some seconds
console-signed-unprotect-rest = You will be able to go back on this: protecting a folder needs no signature.
console-signed-unprotect-go = Sign and protect no more
console-signed-unprotect-see = Protect no more
console-signed-unprotect-last = It is the last protected folder: without it Hygie would protect nothing. Nothing has changed; to stop Hygie, ask whoever has this device's administration rights.
console-signed-unprotect-named = This folder is named where Hygie is started, not in its configuration. Nothing has changed: whoever has this device's administration rights can take it out of the command.
console-signed-unprotect-configuration = Hygie's configuration cannot be read or changed. Nothing has changed: whoever has this device's administration rights looks at the file hygie.toml.
console-signed-there = On the device “{ $device }”: its guard asks the question, and it alone checks your signature.
console-signed-there-some =
    { $keys ->
        [one] The guard of “{ $device }” believes one passkey.
       *[other] The guard of “{ $device }” believes { $keys } passkeys.
    }
console-signed-there-none = The guard of “{ $device }” believes no passkey yet.
console-signed-there-about = What you sign here goes to that device, and it alone decides whether to believe it. The console asked it for this list just now, and keeps none of it.
console-signed-there-folders = Folders protected on that device
console-signed-there-failed = The device could not do it, and said so on { $at }. Nothing has changed: try again, or turn to whoever has that device's administration rights.
console-signed-there-see = That device's keys and folders
console-signed-there-back = Back to the devices
console-signed-changes = What this changes
console-signed-signs = Your passkey signs this, and nothing else. The device's guard checks the signature itself; the console cannot decide for you.
console-signed-refused = The passkey did not sign. Nothing has changed: try again, or leave everything as it is.
console-signed-no-script = Signing with a passkey needs JavaScript, which is off in this browser.
console-signed-elsewhere = Your passkey signs at the console's address:
console-signed-no-key = This device's guard does not trust any of your passkeys. A colleague whose passkey it trusts can sign for yours; else somebody with the administration rights of this device types “sudo hygie keys”, checks that the passkey is yours, then “sudo hygie keys trust” and its number.
console-signed-no-key-own = Have you no passkey yet? Add one in “Your access”.
console-signed-damaged = The guard's list of passkeys is damaged: it trusts none any more. Somebody with the administration rights of this device types “sudo hygie keys” and follows what is shown.
console-signed-gone = The guard's question is older than five minutes, or was answered before. Nothing has changed: try again.
console-signed-copied = There may be a second copy of this passkey: the guard did not believe it, and nothing has changed. Remove it in “Your access” and tell your IT provider.
console-signed-otherwise = Things have changed since you read this page. Nothing was done: read again what this changes, then sign again.
console-signed-unknown = The guard does not know this, or not any more. Nothing has changed.
console-signed-silent = The guard does not answer. Nothing has changed: check that Hygie runs on the console's device, then try again.
console-signed-busy = The guard has too much to do at the moment. Nothing has changed: try again in a minute.
console-signed-by-hand = Without a passkey, somebody with the administration rights of this device can type:
console-signed-back = Change nothing and go back
