# The configuration.

config-written = A commented configuration is written to { $file }.
config-unreadable = Hygie could not read the configuration { $file }: { $reason }.
    .do = Check that this file exists and that you may read it.
config-unwritable = Hygie could not write the configuration { $file }: { $reason }.
    .do = Check the folder and your rights, or start again with sudo.
config-syntax = { $file }, line { $line }: this line is not TOML ({ $reason }).
    .do = See whether a quotation mark, a bracket or an = sign is missing.
config-unknown-key = { $file }, line { $line }: “{ $key }” is not a known setting.
    .do = The settings possible here are: { $known }.
config-unknown-key-near = { $file }, line { $line }: “{ $key }” is not a known setting.
    .do = Did you mean “{ $near }”?
config-wrong-type = { $file }, line { $line }: the value of “{ $key }” is not written as it should be.
    .do = Write for example: { $example }
config-out-of-range = { $file }, line { $line }: the value of “{ $key }” is out of bounds.
    .do = Choose a value from { $least } to { $most }.
config-folder-relative = { $file }, line { $line }: “{ $path }” is not a full path.
    .do = Write the path from the root on, such as “/srv/patients”.
config-folder-root = { $file }, line { $line }: “{ $path }” holds the whole system, and Hygie does not guard all of it.
    .do = Name the folders that hold your patients' data.
config-folder-twice = { $file }, line { $line }: “{ $path }” is already covered by “{ $outer }”.
    .do = Remove one of the two lines.
