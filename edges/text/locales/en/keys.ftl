# hygie keys: the passkeys that this device's guard trusts.

keys-none = This device's guard trusts no passkey, and the console has handed none in.
    .do = A practitioner adds a passkey on the page “Your access” of the console; then it is shown here.
keys-trusted-title = This device's guard trusts these passkeys:
keys-proposed-title = The console has handed in these passkeys. The guard does not trust them yet:
keys-line = { $number }. { $person }: “{ $key }”, fingerprint { $mark }, for the console “{ $host }”, since { $since }
keys-how = Before you trust a passkey, ask that person whether she has just added it. Then type “sudo hygie keys trust” and its number.
keys-damaged = The list “{ $path }” is damaged: the guard trusts no passkey.
    .do = See who may have changed it, remove it, then type “sudo hygie keys” to trust the passkeys again.
keys-trust-ask = With this passkey that person can let a stopped program go on, from the console. Trust it? Type “yes” or “no”:
keys-distrust-ask = No longer trust this passkey? Type “yes” or “no”:
keys-trusted = The guard now trusts the passkey “{ $key }” of { $person }.
keys-distrusted = The guard no longer knows the passkey “{ $key }” of { $person }.
keys-already = The guard trusts passkey number { $number } already.
    .do = Type “sudo hygie keys” to see the list.
keys-unknown = There is no passkey number { $number }.
    .do = Type “sudo hygie keys” to see the list.
