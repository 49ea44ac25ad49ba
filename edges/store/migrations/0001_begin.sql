-- The hub's database, as SQLite and PostgreSQL both read it.
-- Times are nanoseconds since 1970 (UTC). UUID and BYTEA hold bytes in both: SQLite keeps a blob as it comes.
-- JSON is TEXT: the hub never searches in it. `practice` leads every key; only what is before all practices has none.

CREATE TABLE practice (
    practice UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE UNIQUE INDEX practice_host ON practice (host);

-- Set-up happens before there is a practice: one row at most.
CREATE TABLE setup (
    one BIGINT PRIMARY KEY NOT NULL CHECK (one = 1),
    code BYTEA NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    used BIGINT,
    done BIGINT
);

-- The order in which a practice's signals came in. Apart from `practice`: each batch changes and locks it.
CREATE TABLE stream (
    practice UUID PRIMARY KEY NOT NULL REFERENCES practice (practice),
    arrived BIGINT NOT NULL
);

CREATE TABLE person (
    practice UUID NOT NULL REFERENCES practice (practice),
    person UUID NOT NULL,
    name TEXT NOT NULL,
    login TEXT NOT NULL,
    role TEXT NOT NULL,
    address TEXT,
    created BIGINT NOT NULL,
    until BIGINT,
    closed BIGINT,
    PRIMARY KEY (practice, person)
);
-- Somebody who left keeps the row, not the name to sign in with.
CREATE UNIQUE INDEX person_login ON person (practice, login) WHERE closed IS NULL;

CREATE TABLE credential (
    practice UUID NOT NULL,
    credential UUID NOT NULL,
    person UUID NOT NULL,
    kind TEXT NOT NULL,
    handle TEXT,
    label TEXT NOT NULL,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT,
    PRIMARY KEY (practice, credential),
    FOREIGN KEY (practice, person) REFERENCES person (practice, person)
);
CREATE INDEX credential_person ON credential (practice, person, kind);
CREATE UNIQUE INDEX credential_handle ON credential (practice, handle) WHERE handle IS NOT NULL;
CREATE UNIQUE INDEX credential_single ON credential (practice, person, kind) WHERE kind IN ('password', 'totp');

CREATE TABLE recovery (
    practice UUID NOT NULL,
    person UUID NOT NULL,
    code BYTEA NOT NULL,
    made BIGINT NOT NULL,
    used BIGINT,
    PRIMARY KEY (practice, person, code),
    FOREIGN KEY (practice, person) REFERENCES person (practice, person)
);

CREATE TABLE session (
    practice UUID NOT NULL,
    token BYTEA NOT NULL,
    person UUID NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    body TEXT NOT NULL,
    revoked BIGINT,
    PRIMARY KEY (practice, token),
    FOREIGN KEY (practice, person) REFERENCES person (practice, person)
);
CREATE INDEX session_person ON session (practice, person, created);
CREATE INDEX session_used ON session (practice, used);

CREATE TABLE invitation (
    practice UUID NOT NULL REFERENCES practice (practice),
    code BYTEA NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    made BIGINT NOT NULL,
    by_person UUID NOT NULL,
    expires BIGINT NOT NULL,
    until BIGINT,
    used BIGINT,
    person UUID,
    PRIMARY KEY (practice, code),
    FOREIGN KEY (practice, by_person) REFERENCES person (practice, person)
);
CREATE INDEX invitation_open ON invitation (practice, made) WHERE used IS NULL;
CREATE INDEX invitation_by ON invitation (practice, by_person);

CREATE TABLE passing (
    practice UUID NOT NULL REFERENCES practice (practice),
    what TEXT NOT NULL,
    state BYTEA NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (practice, what)
);
CREATE INDEX passing_expires ON passing (practice, expires);

-- `seq` is the highest number up to which every signal of the device is kept, or told as lost.
CREATE TABLE device (
    practice UUID NOT NULL REFERENCES practice (practice),
    device UUID NOT NULL,
    name TEXT NOT NULL,
    enrolled BIGINT NOT NULL,
    seen BIGINT,
    retired BIGINT,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (practice, device)
);

-- Two may be good at once: a device that dies while it changes to a new one still comes in with the old.
CREATE TABLE certificate (
    practice UUID NOT NULL,
    fingerprint BYTEA NOT NULL,
    device UUID NOT NULL,
    issued BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT,
    PRIMARY KEY (practice, fingerprint),
    FOREIGN KEY (practice, device) REFERENCES device (practice, device)
);
CREATE INDEX certificate_device ON certificate (practice, device);

CREATE TABLE enrolment (
    practice UUID NOT NULL REFERENCES practice (practice),
    code BYTEA NOT NULL,
    name TEXT NOT NULL,
    made BIGINT NOT NULL,
    by_person UUID,
    expires BIGINT NOT NULL,
    used BIGINT,
    device UUID,
    PRIMARY KEY (practice, code)
);
CREATE INDEX enrolment_open ON enrolment (practice, made) WHERE used IS NULL;

-- No foreign key: the append has just read the device's row, and a thousand look-ups a batch would buy nothing.
CREATE TABLE signal (
    practice UUID NOT NULL,
    device UUID NOT NULL,
    seq BIGINT NOT NULL,
    arrival BIGINT NOT NULL,
    at BIGINT NOT NULL,
    received BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (practice, device, seq)
);
CREATE UNIQUE INDEX signal_arrival ON signal (practice, arrival);

-- Signals that a device says it no longer has: told on the screen, never silently skipped.
CREATE TABLE lost (
    practice UUID NOT NULL,
    device UUID NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (practice, device, first),
    FOREIGN KEY (practice, device) REFERENCES device (practice, device)
);

-- Counted while signals come in: a chart over a year must not read a million rows. Hours, so that days can be local.
CREATE TABLE signal_hour (
    practice UUID NOT NULL,
    hour BIGINT NOT NULL,
    kind TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (practice, hour, kind)
);

-- The newest value of a day: files, versions, bytes that a device holds.
CREATE TABLE gauge (
    practice UUID NOT NULL,
    name TEXT NOT NULL,
    day BIGINT NOT NULL,
    device UUID NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (practice, name, day, device)
);

CREATE TABLE incident (
    practice UUID NOT NULL,
    device UUID NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    began BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (practice, device, number),
    FOREIGN KEY (practice, device) REFERENCES device (practice, device)
);
CREATE INDEX incident_began ON incident (practice, began, device, number);
CREATE INDEX incident_state ON incident (practice, state, began, device, number);

CREATE TABLE duty (
    practice UUID NOT NULL REFERENCES practice (practice),
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    well BIGINT,
    heard BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (practice, who, what)
);

CREATE TABLE alert (
    practice UUID NOT NULL REFERENCES practice (practice),
    alert UUID NOT NULL,
    about TEXT NOT NULL,
    made BIGINT NOT NULL,
    body TEXT NOT NULL,
    given BIGINT,
    second BIGINT,
    trouble TEXT,
    read_at BIGINT,
    reader UUID,
    ended BIGINT,
    PRIMARY KEY (practice, alert)
);
-- One open alert about one thing: what goes on and off does not ring twice.
CREATE UNIQUE INDEX alert_about ON alert (practice, about) WHERE ended IS NULL;
CREATE INDEX alert_unread ON alert (practice, made) WHERE read_at IS NULL;
CREATE INDEX alert_made ON alert (practice, made, alert);

CREATE TABLE command (
    practice UUID NOT NULL,
    command UUID NOT NULL,
    device UUID NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    by_person UUID,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    done BIGINT,
    outcome TEXT,
    PRIMARY KEY (practice, command),
    FOREIGN KEY (practice, device) REFERENCES device (practice, device)
);
CREATE INDEX command_open ON command (practice, device, expires) WHERE done IS NULL;
CREATE INDEX command_device ON command (practice, device, made);
CREATE INDEX command_expires ON command (practice, expires) WHERE done IS NULL;

-- `line` is the chained record as edges/journal wrote it; the other columns are for finding it.
CREATE TABLE journal (
    practice UUID NOT NULL REFERENCES practice (practice),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person UUID,
    device UUID,
    line TEXT NOT NULL,
    PRIMARY KEY (practice, seq)
);
CREATE INDEX journal_at ON journal (practice, at, seq);
CREATE INDEX journal_kind ON journal (practice, kind, at, seq);
CREATE INDEX journal_person ON journal (practice, person, at, seq);

CREATE TABLE setting (
    practice UUID NOT NULL REFERENCES practice (practice),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    changed BIGINT NOT NULL,
    person UUID,
    PRIMARY KEY (practice, name)
);
