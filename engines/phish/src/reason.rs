//! Why a message is believed or not: a closed list with what each needs to be said, and no sentence of any language.
//! Each reason has a clue, by which it is weighed; what it holds is shown to people and never logged.

use serde::{Deserialize, Serialize};

/// One list: a reason, what it holds, its word in files and catalogues, and the weight that no learning takes from it.
macro_rules! reasons {
    ($($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $type:ty),* } = $word:literal $side:ident,)*) => {
        /// Why.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason {
            $($(#[$about])* $name { $($(#[$field_about])* $field: $type),* },)*
        }

        /// The kind of a [`Reason`], without what it holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Clue {
            $($(#[$about])* $name,)*
        }

        impl Clue {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its word in files, in `--json` and in the catalogues.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Whether it speaks against the message or for it.
            #[must_use]
            pub fn side(self) -> Side {
                match self { $(Self::$name => Side::$side,)* }
            }
        }

        impl Reason {
            /// What it holds, by the names that the catalogues use.
            #[must_use]
            pub fn facts(&self) -> Vec<(&'static str, Fact)> {
                match self { $(Self::$name { $($field),* } => vec![$((stringify!($field), Fact::from($field))),*],)* }
            }

            /// Its kind.
            #[must_use]
            pub fn clue(&self) -> Clue {
                match self { $(Self::$name { .. } => Clue::$name,)* }
            }
        }
    };
}

/// Something that a reason holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Words, as they stand in the message: hostile, to be shown as text alone.
    Words(String),
    /// A number.
    Number(u32),
}

impl From<&String> for Fact {
    fn from(words: &String) -> Self {
        Self::Words(words.clone())
    }
}

impl From<&u32> for Fact {
    fn from(number: &u32) -> Self {
        Self::Number(*number)
    }
}

/// What a reason speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A trap.
    Against,
    /// An ordinary message.
    For,
}

reasons! {
    // -- who sent it
    /// The name of an institution stands before an address that is not its own.
    Impersonates {
        /// Whom.
        institution: String,
        /// Where it really comes from.
        domain: String
    } = "impersonates" Against,
    /// The subject names an institution that did not send it.
    SubjectNames {
        /// Whom.
        institution: String,
        /// Where it really comes from.
        domain: String
    } = "subject-names" Against,
    /// The sender's domain is drawn like another's.
    SenderLooksLike {
        /// The domain.
        domain: String,
        /// Whose it looks like.
        like: String
    } = "sender-looks-like" Against,
    /// The sender's domain carries the name of an institution that has another.
    SenderBorrows {
        /// The domain.
        domain: String,
        /// Whose name.
        institution: String
    } = "sender-borrows" Against,
    /// An institution does not write from a mailbox that anybody opens.
    FreeMailbox {
        /// The mailbox's domain.
        domain: String
    } = "free-mailbox" Against,
    /// The name shows one address, and another stands behind it.
    NameShowsAddress {
        /// What is shown.
        shown: String,
        /// What is true.
        real: String
    } = "name-shows-address" Against,
    /// An answer would go to somebody else.
    AnswersElsewhere {
        /// Where it would go.
        to: String
    } = "answers-elsewhere" Against,
    /// It says it is from several at once, or the address is none.
    BrokenSender {
        /// What stands there.
        address: String
    } = "broken-sender" Against,
    /// The address looks drawn by chance.
    RandomSender {
        /// The address.
        address: String
    } = "random-sender" Against,
    /// No word of the name stands in the address.
    NameUnlikeAddress {
        /// The name.
        name: String,
        /// The address.
        address: String
    } = "name-unlike-address" Against,
    /// It was sent under a name where names are cheap.
    CheapSender {
        /// The domain.
        domain: String
    } = "cheap-sender" Against,
    /// It comes from the very address that received it.
    FromYourself {} = "from-yourself" Against,
    /// The recipient's address stands in the name or the subject.
    NamesYourAddress {} = "names-your-address" Against,
    /// The sender's name is written to catch the eye: pictures, strange letters.
    LoudName {
        /// The name.
        name: String
    } = "loud-name" Against,
    /// It pretends to answer what nobody wrote.
    FalseAnswer {} = "false-answer" Against,
    /// The server says the sender is not who it says.
    NotProven {
        /// The domain that should have proven it.
        domain: String
    } = "not-proven" Against,
    /// The server looked, and nobody signed for it: honest firms of today do.
    Unsigned {
        /// The domain that should have signed.
        domain: String
    } = "unsigned" Against,
    /// The address is one that a service gives to whoever opens an account, not a firm's own.
    NamelessSender {
        /// The address.
        address: String
    } = "nameless-sender" Against,
    /// It does not say to whom it is sent.
    HidesRecipients {} = "hides-recipients" Against,
    /// The name of somebody of the practice before a strange address.
    PretendsColleague {
        /// Who.
        name: String,
        /// The address.
        address: String
    } = "pretends-colleague" Against,
    /// A correspondent's name before a new address.
    KnownNameNewAddress {
        /// Who.
        name: String,
        /// The new address.
        address: String,
        /// The known one.
        known: String
    } = "known-name-new-address" Against,
    /// Nobody here has heard of this sender.
    FirstTime {
        /// The address.
        address: String
    } = "first-time" Against,

    // -- where it leads
    /// A link shows one address and leads to another.
    LinkDiffers {
        /// What is shown.
        shown: String,
        /// Where it leads.
        real: String
    } = "link-differs" Against,
    /// The host carries the name of an institution that has another.
    LinkBorrows {
        /// The host.
        host: String,
        /// Whose name.
        institution: String
    } = "link-borrows" Against,
    /// The host is drawn like an institution's or a partner's.
    LinkLooksLike {
        /// The host.
        host: String,
        /// Whose it looks like.
        like: String
    } = "link-looks-like" Against,
    /// It names an institution and leads elsewhere.
    LeadsElsewhere {
        /// Whom it names.
        institution: String,
        /// Where it leads.
        host: String
    } = "leads-elsewhere" Against,
    /// A number instead of a name.
    LinkNumber {
        /// The host.
        host: String
    } = "link-number" Against,
    /// An unusual port, or a name before the host.
    LinkOdd {
        /// The target's host.
        host: String
    } = "link-odd" Against,
    /// A short address hides the real one.
    LinkShort {
        /// The host.
        host: String
    } = "link-short" Against,
    /// A known site sends on to another.
    LinkForwards {
        /// The known site.
        through: String,
        /// Where it goes on.
        to: String
    } = "link-forwards" Against,
    /// A page that anybody makes.
    LinkFreePage {
        /// The host.
        host: String
    } = "link-free-page" Against,
    /// A name where names are cheap.
    LinkCheap {
        /// The host.
        host: String
    } = "link-cheap" Against,
    /// A host drawn by chance.
    LinkRandom {
        /// The host.
        host: String
    } = "link-random" Against,
    /// Letters of other scripts in the host.
    LinkForeignLetters {
        /// The host as seen.
        host: String
    } = "link-foreign-letters" Against,
    /// The link runs something instead of leading somewhere.
    LinkRuns {
        /// Its scheme.
        scheme: String
    } = "link-runs" Against,
    /// The recipient's address stands in the link.
    LinkHasYourAddress {
        /// The host.
        host: String
    } = "link-has-your-address" Against,
    /// A link of hundreds of letters.
    LinkLong {
        /// The host.
        host: String
    } = "link-long" Against,
    /// Everything leads to one place that is not the sender's.
    OneForeignPlace {
        /// The host.
        host: String
    } = "one-foreign-place" Against,
    /// Some link leads away from the sender.
    SomeForeignPlace {
        /// The host.
        host: String
    } = "some-foreign-place" Against,
    /// A site that is neither the sender's nor one that many people deal with.
    StrangePlace {
        /// The host.
        host: String
    } = "strange-place" Against,
    /// Whatever is clicked leads to the same address.
    OneTarget {
        /// Its host.
        host: String
    } = "one-target" Against,
    /// Next to nothing but a link.
    BareLink {
        /// Its host.
        host: String
    } = "bare-link" Against,
    /// An unprotected address.
    LinkUnprotected {
        /// The host.
        host: String
    } = "link-unprotected" Against,
    /// A code to scan.
    CodeToScan {
        /// Where it leads.
        host: String
    } = "code-to-scan" Against,
    /// There is a link at all.
    HasLink {
        /// The first host.
        host: String
    } = "has-link" Against,

    // -- how it is made
    /// It hides words.
    HiddenWords {} = "hidden-words" Against,
    /// It hides more than it shows.
    MostlyHidden {} = "mostly-hidden" Against,
    /// Invisible signs within words.
    InvisibleSigns {} = "invisible-signs" Against,
    /// Letters of other scripts within words.
    DisguisedLetters {} = "disguised-letters" Against,
    /// The page is stretched so far that nobody sees its end.
    FarBelow {} = "far-below" Against,
    /// It asks for a password on the spot.
    AsksPassword {} = "asks-password" Against,
    /// It has fields to fill in.
    HasForm {} = "has-form" Against,
    /// A script unpacks a file.
    Smuggles {} = "smuggles" Against,
    /// It goes elsewhere by itself, or bends its links.
    BendsLinks {} = "bends-links" Against,
    /// It has scripts.
    HasScript {} = "has-script" Against,
    /// All words are in a picture that is a link.
    PictureForText {} = "picture-for-text" Against,
    /// It is a page alone, without the plain text that honest senders put beside.
    PageAlone {} = "page-alone" Against,
    /// A header stands twice, so programs show different things.
    SaidTwice {} = "said-twice" Against,
    /// Programs disagree on its parts.
    Ambiguous {} = "ambiguous" Against,
    /// More than could be read.
    TooMuch {} = "too-much" Against,
    /// The page and the plain text say different things.
    TwoTexts {} = "two-texts" Against,

    // -- what is attached
    /// A program, or what a system runs.
    FileRuns {
        /// Its name.
        name: String
    } = "file-runs" Against,
    /// An archive holds one.
    ArchiveRuns {
        /// The archive's name.
        name: String,
        /// What it holds.
        holds: String
    } = "archive-runs" Against,
    /// The name promises another kind.
    FileLies {
        /// Its name.
        name: String
    } = "file-lies" Against,
    /// Macros that start by themselves.
    MacrosStart {
        /// Its name.
        name: String
    } = "macros-start" Against,
    /// Macros.
    HasMacros {
        /// Its name.
        name: String
    } = "has-macros" Against,
    /// An image of a disk.
    FileDisk {
        /// Its name.
        name: String
    } = "file-disk" Against,
    /// A web page as an attachment.
    FilePage {
        /// Its name.
        name: String
    } = "file-page" Against,
    /// A locked archive whose key stands in the text.
    LockedWithKey {
        /// Its name.
        name: String
    } = "locked-with-key" Against,
    /// The key of a file that a link brings: nothing can look inside before a person does.
    KeyWithLink {} = "key-with-link" Against,
    /// A locked archive.
    Locked {
        /// Its name.
        name: String
    } = "locked" Against,
    /// A document that leads to a strange place.
    FileLeads {
        /// Its name.
        name: String,
        /// Where it leads.
        host: String
    } = "file-leads" Against,
    /// An appointment that leads somewhere.
    CalendarLeads {
        /// Where it leads.
        host: String
    } = "calendar-leads" Against,
    /// A message in it is a trap itself.
    AttachedTrap {} = "attached-trap" Against,

    // -- what it wants
    /// It hurries.
    Hurries {} = "hurries" Against,
    /// It threatens.
    Threatens {} = "threatens" Against,
    /// It wants an account confirmed.
    WantsAccount {} = "wants-account" Against,
    /// It asks for secrets.
    AsksSecrets {} = "asks-secrets" Against,
    /// It promises a gift.
    PromisesGift {} = "promises-gift" Against,
    /// It asks to keep quiet.
    AsksSecrecy {} = "asks-secrecy" Against,
    /// It changes where money goes.
    ChangesBank {} = "changes-bank" Against,
    /// It promises a fortune.
    PromisesFortune {} = "promises-fortune" Against,
    /// It blackmails.
    Blackmails {} = "blackmails" Against,
    /// It speaks of a parcel.
    SpeaksOfParcel {} = "speaks-of-parcel" Against,
    /// It speaks of money back.
    SpeaksOfRefund {} = "speaks-of-refund" Against,
    /// It speaks of a fine.
    SpeaksOfFine {} = "speaks-of-fine" Against,
    /// It speaks of an invoice or a document.
    SpeaksOfInvoice {} = "speaks-of-invoice" Against,
    /// It wants to be called.
    WantsCall {
        /// The number.
        number: String
    } = "wants-call" Against,
    /// It does not know whom it writes to.
    KnowsNoName {} = "knows-no-name" Against,
    /// It wants a click.
    WantsClick {} = "wants-click" Against,
    /// It wants an errand.
    WantsErrand {} = "wants-errand" Against,
    /// It speaks of health papers.
    SpeaksOfHealthPapers {} = "speaks-of-health-papers" Against,
    /// It speaks of digital coins.
    SpeaksOfCoins {} = "speaks-of-coins" Against,
    /// It promises wonders.
    PromisesWonders {} = "promises-wonders" Against,
    /// Somebody close with a new number.
    NewNumber {} = "new-number" Against,
    /// A very small sum.
    SmallSum {
        /// As written.
        sum: String
    } = "small-sum" Against,
    /// An account number.
    HasIban {} = "has-iban" Against,
    /// It wants several of these at once.
    WantsMuch {} = "wants-much" Against,
    /// A code in the subject that stands for nothing, or words held together by signs.
    CodedSubject {} = "coded-subject" Against,
    /// Shouted or decorated subject.
    LoudSubject {} = "loud-subject" Against,

    /// An offer, a demand or a file that leads away, from a mailbox that anybody opens in a minute.
    FreeOffer {
        /// The mailbox's domain.
        domain: String
    } = "free-offer" Against,

    // -- SMS
    /// It costs by the message or the minute, or wants a word sent to a short number.
    CostlyText {} = "costly-text" Against,
    /// A private number speaks for a firm.
    PrivateNumber {
        /// The number.
        number: String
    } = "private-number" Against,
    /// A number that costs.
    DearNumber {
        /// The number.
        number: String
    } = "dear-number" Against,

    // -- how it reads
    /// It reads like known traps.
    ReadsLikeTraps {} = "reads-like-traps" Against,

    // -- what speaks for it
    /// It reads like ordinary messages.
    ReadsOrdinary {} = "reads-ordinary" For,
    /// A correspondent of long standing.
    KnownSender {
        /// How many messages came.
        received: u32
    } = "known-sender" For,
    /// Somebody here has answered them.
    AnsweredBefore {
        /// How often.
        answers: u32
    } = "answered-before" For,
    /// The sender's domain vouches for it.
    Vouched {
        /// The domain.
        domain: String
    } = "vouched" For,
    /// All links lead to the sender's own site.
    AllAtHome {
        /// The site.
        host: String
    } = "all-at-home" For,
    /// A firm or office that many people deal with, and proven.
    KnownFirm {
        /// Its domain.
        domain: String
    } = "known-firm" For,
    /// All links lead to sites that many people deal with.
    LeadsToKnown {
        /// The first of them.
        host: String
    } = "leads-to-known" For,
    /// One leaves its list with one click (RFC 8058), and the sender is proven.
    EasyToLeave {
        /// The sender's domain.
        domain: String
    } = "easy-to-leave" For,
    /// The institution's own domain, and proven.
    OwnDomain {
        /// Whose.
        institution: String
    } = "own-domain" For,
}
