# hygie vault check, hygie vault forget.

vault-checking = Reading the vault back: { $done } of { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}, { $left } left
vault-good = Vault verified: { $versions ->
    [one] { $versions } version read back
   *[other] { $versions } versions read back
}, { $bytes }, in { $spent }.
vault-missing = { $versions ->
    [one] The content of { $versions } version is missing.
   *[other] The content of { $versions } versions is missing.
}
    .do = Delete nothing and tell your IT provider: a backup may still have what is missing.
vault-changed = { $versions ->
    [one] { $versions } version is no longer as it was kept.
   *[other] { $versions } versions are no longer as they were kept.
}
    .do = Delete nothing and have the disk checked: it may be losing data.
vault-damaged-line = “{ $path }”, version of { $since }
vault-orphans = Without a name in the index: { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $bytes }. Hygie does not touch them.
forget-plan = Hygie will forget “{ $path }”: { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}, { $bytes }. None of it can ever be restored again.
forget-ask = Forget for ever? Type “forget” to confirm:
forget-done = “{ $path }” is forgotten: { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}, { $bytes }. This is noted in the journal.
forget-still-held = A copy still exists: { $where }.
forget-held-by-backup = the backups, until they are next cleaned
forget-held-by-incident = incident { $incident }, as long as it is open
forget-held-by-link = “{ $path }”, a second name of the same file
forget-unknown = The vault holds nothing about “{ $path }”.
    .do = Check the path with “hygie versions”.
forget-refused = “{ $path }” is kept for incident { $incident }, which is still open.
    .do = End this incident first, then try again.
