-- What format 2 adds: contents that are assembled from parts of others.

-- A content without a file of its own. Bytes that no extent covers are zeros. What it is
-- taken from is kept and has a file, and need not be the content of a version.
CREATE TABLE assembled (object INTEGER PRIMARY KEY REFERENCES object(id) ON DELETE CASCADE);
-- The files that it takes from.
CREATE TABLE uses (
    object INTEGER NOT NULL REFERENCES assembled(object) ON DELETE CASCADE,
    file INTEGER NOT NULL REFERENCES object(id),
    PRIMARY KEY (object, file)
) WITHOUT ROWID;
CREATE INDEX uses_of_file ON uses(file);
-- What it takes from where; source is one of the above.
CREATE TABLE extent (
    object INTEGER NOT NULL REFERENCES assembled(object) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    len INTEGER NOT NULL,
    source INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    PRIMARY KEY (object, at)
) WITHOUT ROWID;

-- The digest of the newest content of a large file, by pieces: each one's chaining value.
CREATE TABLE pieces (
    file INTEGER PRIMARY KEY REFERENCES node(id),
    object INTEGER NOT NULL REFERENCES object(id) ON DELETE CASCADE,
    links BLOB NOT NULL
);
CREATE INDEX pieces_of_object ON pieces(object);
