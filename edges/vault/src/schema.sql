-- Format 1; schema2.sql goes on. Times are nanoseconds since 1970; an end that has not come is 9223372036854775807.
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('node', 0), ('version', 0);

-- Files, folders and symbolic links, apart from their names.
CREATE TABLE node (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    fs INTEGER NOT NULL,
    handle BLOB NOT NULL,
    gone INTEGER NOT NULL DEFAULT 9223372036854775807,
    -- The stat under which the newest version is the present state; NULL: unknown.
    size INTEGER, mtime INTEGER, ctime INTEGER
);

CREATE TABLE root (
    id INTEGER PRIMARY KEY,
    dir INTEGER NOT NULL REFERENCES node(id),
    fs INTEGER NOT NULL,
    path BLOB NOT NULL,
    born INTEGER NOT NULL,
    gone INTEGER NOT NULL DEFAULT 9223372036854775807
);

-- A name in a folder and what it led to, from born until just before gone.
CREATE TABLE edge (
    id INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL REFERENCES node(id),
    name BLOB NOT NULL,
    child INTEGER NOT NULL REFERENCES node(id),
    born INTEGER NOT NULL,
    gone INTEGER NOT NULL DEFAULT 9223372036854775807
);
CREATE INDEX edge_of_parent ON edge(parent, name, gone);
CREATE INDEX edge_of_child ON edge(child, gone);

-- Contents; the file of one that is not kept was dropped, its row says which versions lost it.
CREATE TABLE object (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    len INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    kept INTEGER NOT NULL DEFAULT 1
);

-- Mode, owner, extended attributes: few sets, shared by many versions.
CREATE TABLE rights (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL UNIQUE);

CREATE TABLE version (
    seq INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES node(id),
    object INTEGER NOT NULL REFERENCES object(id),
    since INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    rights INTEGER NOT NULL REFERENCES rights(id),
    mtime INTEGER NOT NULL,
    atime INTEGER NOT NULL
);
CREATE INDEX version_of_file ON version(file, seq);
CREATE INDEX version_of_object ON version(object);
CREATE INDEX version_of_rights ON version(rights);

-- The history of folders.
CREATE TABLE folder (
    id INTEGER PRIMARY KEY,
    dir INTEGER NOT NULL REFERENCES node(id),
    at INTEGER NOT NULL,
    rights INTEGER NOT NULL REFERENCES rights(id),
    mtime INTEGER NOT NULL,
    atime INTEGER NOT NULL
);
CREATE INDEX folder_of_dir ON folder(dir, id);
CREATE INDEX folder_of_rights ON folder(rights);
