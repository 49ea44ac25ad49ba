# The settings of “Ask Hygie”.

console-messages-title = What Hygie knows of the practice when it judges a message
console-messages-about = The more it knows, the less often it is wrong. Nothing of it leaves this device.
console-messages-card-link = The practice's addresses, its mail servers, and what Hygie may ask
console-messages-done = Noted: the next message is judged so.

console-messages-practice-title = The practice and its mail
console-messages-own = The practice's addresses and domains
console-messages-own-hint = One a line, for example desk@practice.example or practice.example. A dangerous message from one of them means that a colleague's mailbox may be in somebody else's hands.
console-messages-own-wrong = “{ $text }” is neither an address nor a domain. Fifty at most.
console-messages-servers = Mail servers whose checks Hygie believes
console-messages-servers-hint = One a line: the name with which the “Authentication-Results” lines of your mails begin, for example mx.practice.example. Ask your IT provider for it, and add no others.
console-messages-servers-wrong = “{ $text }” is no name of a server. Fifty at most.
console-messages-asks = Ask the network whether an e-mail's signature is true
console-messages-asks-hint = Only for a signed e-mail that your servers did not check. Hygie then asks for the key of the sender's domain, for example labo.example: your internet provider and that domain see this question, and nothing of the message. Without an answer nothing is held against the sender.

console-messages-known-title = Who wrote to you before
console-messages-known-people = { $people ->
    [one] Hygie knows { $people } address that wrote to the practice, or that the practice wrote to.
   *[other] Hygie knows { $people } addresses that wrote to the practice, or that the practice wrote to.
}
console-messages-known-nobody = Hygie knows nobody yet.
console-messages-known-unread = Hygie cannot read what it remembered, and judges without it. Your IT provider can type “sudo hygie check --learn” with your mailboxes.
console-messages-known-about = It is learnt on this device, from your mailboxes: “sudo hygie check --learn FOLDER”. The console shows nothing but how many there are.
