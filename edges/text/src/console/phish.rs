//! `console/phish.ftl`: what is said of a judged message, on the page and by `hygie check`.

use crate::ids::{Message as _, messages};

messages! {
    /// What is said of a judged message: how dangerous, why, what to do. Reasons and advice have the word of the
    /// engine after `phish-reason-` and `phish-advice-`.
    Phish {
        LevelSafe: "phish-level-safe" (),
        LevelDoubtful: "phish-level-doubtful" (),
        LevelDangerousProbable: "phish-level-dangerous-probable" (),
        LevelDangerousVeryProbable: "phish-level-dangerous-very-probable" (),
        //
        AdviceLeaveLinks: "phish-advice-leave-links" (),
        AdviceLeaveFiles: "phish-advice-leave-files" (),
        AdviceLeaveNumber: "phish-advice-leave-number" (),
        AdvicePayNothing: "phish-advice-pay-nothing" (),
        AdviceLeaveUnanswered: "phish-advice-leave-unanswered" (),
        AdviceIgnoreBlackmail: "phish-advice-ignore-blackmail" (),
        AdviceCallSender: "phish-advice-call-sender" (),
        AdviceGoYourself: "phish-advice-go-yourself" (),
        AdviceReport: "phish-advice-report" (),
        AdviceDelete: "phish-advice-delete" (),
        //
        ReasonImpersonates: "phish-reason-impersonates" (institution: Text, domain: Text),
        ReasonSubjectNames: "phish-reason-subject-names" (institution: Text, domain: Text),
        ReasonSenderLooksLike: "phish-reason-sender-looks-like" (domain: Text, like: Text),
        ReasonSenderBorrows: "phish-reason-sender-borrows" (domain: Text, institution: Text),
        ReasonFreeMailbox: "phish-reason-free-mailbox" (domain: Text),
        ReasonNameShowsAddress: "phish-reason-name-shows-address" (shown: Text, real: Text),
        ReasonAnswersElsewhere: "phish-reason-answers-elsewhere" (to: Text),
        ReasonBrokenSender: "phish-reason-broken-sender" (address: Text),
        ReasonRandomSender: "phish-reason-random-sender" (address: Text),
        ReasonNameUnlikeAddress: "phish-reason-name-unlike-address" (name: Text, address: Text),
        ReasonCheapSender: "phish-reason-cheap-sender" (domain: Text),
        ReasonFromYourself: "phish-reason-from-yourself" (),
        ReasonNamesYourAddress: "phish-reason-names-your-address" (),
        ReasonLoudName: "phish-reason-loud-name" (name: Text),
        ReasonFalseAnswer: "phish-reason-false-answer" (),
        ReasonNotProven: "phish-reason-not-proven" (domain: Text),
        ReasonUnsigned: "phish-reason-unsigned" (domain: Text),
        ReasonNamelessSender: "phish-reason-nameless-sender" (address: Text),
        ReasonHidesRecipients: "phish-reason-hides-recipients" (),
        ReasonPretendsColleague: "phish-reason-pretends-colleague" (name: Text, address: Text),
        ReasonKnownNameNewAddress: "phish-reason-known-name-new-address" (name: Text, address: Text, known: Text),
        ReasonFirstTime: "phish-reason-first-time" (address: Text),
        ReasonLinkDiffers: "phish-reason-link-differs" (shown: Text, real: Text),
        ReasonLinkBorrows: "phish-reason-link-borrows" (host: Text, institution: Text),
        ReasonLinkLooksLike: "phish-reason-link-looks-like" (host: Text, like: Text),
        ReasonLeadsElsewhere: "phish-reason-leads-elsewhere" (institution: Text, host: Text),
        ReasonLinkNumber: "phish-reason-link-number" (host: Text),
        ReasonLinkOdd: "phish-reason-link-odd" (host: Text),
        ReasonLinkShort: "phish-reason-link-short" (host: Text),
        ReasonLinkForwards: "phish-reason-link-forwards" (through: Text, to: Text),
        ReasonLinkFreePage: "phish-reason-link-free-page" (host: Text),
        ReasonLinkCheap: "phish-reason-link-cheap" (host: Text),
        ReasonLinkRandom: "phish-reason-link-random" (host: Text),
        ReasonLinkForeignLetters: "phish-reason-link-foreign-letters" (host: Text),
        ReasonLinkRuns: "phish-reason-link-runs" (scheme: Text),
        ReasonLinkHasYourAddress: "phish-reason-link-has-your-address" (host: Text),
        ReasonLinkLong: "phish-reason-link-long" (host: Text),
        ReasonOneForeignPlace: "phish-reason-one-foreign-place" (host: Text),
        ReasonSomeForeignPlace: "phish-reason-some-foreign-place" (host: Text),
        ReasonStrangePlace: "phish-reason-strange-place" (host: Text),
        ReasonOneTarget: "phish-reason-one-target" (host: Text),
        ReasonBareLink: "phish-reason-bare-link" (host: Text),
        ReasonLinkUnprotected: "phish-reason-link-unprotected" (host: Text),
        ReasonCodeToScan: "phish-reason-code-to-scan" (host: Text),
        ReasonHasLink: "phish-reason-has-link" (host: Text),
        ReasonHiddenWords: "phish-reason-hidden-words" (),
        ReasonMostlyHidden: "phish-reason-mostly-hidden" (),
        ReasonInvisibleSigns: "phish-reason-invisible-signs" (),
        ReasonDisguisedLetters: "phish-reason-disguised-letters" (),
        ReasonFarBelow: "phish-reason-far-below" (),
        ReasonAsksPassword: "phish-reason-asks-password" (),
        ReasonHasForm: "phish-reason-has-form" (),
        ReasonSmuggles: "phish-reason-smuggles" (),
        ReasonBendsLinks: "phish-reason-bends-links" (),
        ReasonHasScript: "phish-reason-has-script" (),
        ReasonPictureForText: "phish-reason-picture-for-text" (),
        ReasonPageAlone: "phish-reason-page-alone" (),
        ReasonSaidTwice: "phish-reason-said-twice" (),
        ReasonAmbiguous: "phish-reason-ambiguous" (),
        ReasonTooMuch: "phish-reason-too-much" (),
        ReasonTwoTexts: "phish-reason-two-texts" (),
        ReasonFileRuns: "phish-reason-file-runs" (name: Text),
        ReasonArchiveRuns: "phish-reason-archive-runs" (name: Text, holds: Text),
        ReasonFileLies: "phish-reason-file-lies" (name: Text),
        ReasonMacrosStart: "phish-reason-macros-start" (name: Text),
        ReasonHasMacros: "phish-reason-has-macros" (name: Text),
        ReasonFileDisk: "phish-reason-file-disk" (name: Text),
        ReasonFilePage: "phish-reason-file-page" (name: Text),
        ReasonLockedWithKey: "phish-reason-locked-with-key" (name: Text),
        ReasonKeyWithLink: "phish-reason-key-with-link" (),
        ReasonLocked: "phish-reason-locked" (name: Text),
        ReasonFileLeads: "phish-reason-file-leads" (name: Text, host: Text),
        ReasonCalendarLeads: "phish-reason-calendar-leads" (host: Text),
        ReasonAttachedTrap: "phish-reason-attached-trap" (),
        ReasonHurries: "phish-reason-hurries" (),
        ReasonThreatens: "phish-reason-threatens" (),
        ReasonWantsAccount: "phish-reason-wants-account" (),
        ReasonAsksSecrets: "phish-reason-asks-secrets" (),
        ReasonPromisesGift: "phish-reason-promises-gift" (),
        ReasonAsksSecrecy: "phish-reason-asks-secrecy" (),
        ReasonChangesBank: "phish-reason-changes-bank" (),
        ReasonPromisesFortune: "phish-reason-promises-fortune" (),
        ReasonBlackmails: "phish-reason-blackmails" (),
        ReasonSpeaksOfParcel: "phish-reason-speaks-of-parcel" (),
        ReasonSpeaksOfRefund: "phish-reason-speaks-of-refund" (),
        ReasonSpeaksOfFine: "phish-reason-speaks-of-fine" (),
        ReasonSpeaksOfInvoice: "phish-reason-speaks-of-invoice" (),
        ReasonWantsCall: "phish-reason-wants-call" (number: Text),
        ReasonKnowsNoName: "phish-reason-knows-no-name" (),
        ReasonWantsClick: "phish-reason-wants-click" (),
        ReasonWantsErrand: "phish-reason-wants-errand" (),
        ReasonSpeaksOfHealthPapers: "phish-reason-speaks-of-health-papers" (),
        ReasonSpeaksOfCoins: "phish-reason-speaks-of-coins" (),
        ReasonPromisesWonders: "phish-reason-promises-wonders" (),
        ReasonNewNumber: "phish-reason-new-number" (),
        ReasonSmallSum: "phish-reason-small-sum" (sum: Text),
        ReasonHasIban: "phish-reason-has-iban" (),
        ReasonWantsMuch: "phish-reason-wants-much" (),
        ReasonCodedSubject: "phish-reason-coded-subject" (),
        ReasonLoudSubject: "phish-reason-loud-subject" (),
        ReasonFreeOffer: "phish-reason-free-offer" (domain: Text),
        ReasonCostlyText: "phish-reason-costly-text" (),
        ReasonPrivateNumber: "phish-reason-private-number" (number: Text),
        ReasonDearNumber: "phish-reason-dear-number" (number: Text),
        ReasonReadsLikeTraps: "phish-reason-reads-like-traps" (),
        ReasonReadsOrdinary: "phish-reason-reads-ordinary" (),
        ReasonKnownSender: "phish-reason-known-sender" (received: Count),
        ReasonAnsweredBefore: "phish-reason-answered-before" (answers: Count),
        ReasonVouched: "phish-reason-vouched" (domain: Text),
        ReasonAllAtHome: "phish-reason-all-at-home" (host: Text),
        ReasonKnownFirm: "phish-reason-known-firm" (domain: Text),
        ReasonLeadsToKnown: "phish-reason-leads-to-known" (host: Text),
        ReasonEasyToLeave: "phish-reason-easy-to-leave" (domain: Text),
        ReasonOwnDomain: "phish-reason-own-domain" (institution: Text),
    }
}

impl Phish {
    /// The sentence of a reason, by the engine's word for it.
    #[must_use]
    pub fn of_reason(word: &str) -> Option<Self> {
        Self::of("phish-reason-", word)
    }

    /// The sentence of an advice, by the engine's word for it.
    #[must_use]
    pub fn of_advice(word: &str) -> Option<Self> {
        Self::of("phish-advice-", word)
    }

    fn of(before: &str, word: &str) -> Option<Self> {
        let is_it = |id: &&Self| id.key().strip_prefix(before) == Some(word);
        Self::ALL.iter().find(is_it).copied()
    }
}
