# hygie check: whether messages are traps. What is said of each stands in console/phish.ftl.

check-progress = { $messages } { $messages ->
        [one] message looked at
       *[other] messages looked at
    }
check-one = { $file }: { $level }
check-one-of = { $file }, message number { $number }: { $level }
check-in = Message that came in
check-summary = { $messages } { $messages ->
        [one] message looked at
       *[other] messages looked at
    }, { $safe } of them with nothing to worry about.
check-dangerous = { $messages } { $messages ->
        [one] message is probably a scam.
       *[other] messages are probably scams.
    }
check-doubtful = { $messages } { $messages ->
        [one] message is to be checked.
       *[other] messages are to be checked.
    }
check-nothing = There is no message where you asked to look.
    .do = Give a message (.eml, .msg), a mailbox file (mbox) or a folder that holds some; for the text of an SMS, add “--sms”.
check-unread = Hygie could not read this message whole: it is too damaged, or made so that it cannot be read.
    .do = Open no link and no attachment before you have called the sender at a number that you know.
check-nothing-seen = Hygie saw nothing in it of what scams do.
check-quoted = The sender and the subject are those that the forwarded message quotes: Hygie cannot verify them.
check-not-a-message = “{ $file }” is no message that Hygie can read.
    .do = Save it from your mail program as .eml or .msg; for the text of an SMS, add “--sms”.
check-outlook = “{ $file }” is in Outlook's own format (.msg), but Hygie finds no message in it.
    .do = In Outlook, save the message once more, as .msg or .eml, then try again.
check-file = “{ $file }” could not be read: { $reason }.
    .do = Check that the file exists and that you may open it.
check-no-sandbox = Hygie reads messages in a shut-in process alone, and could not start one: { $reason }.
    .do = Type “hygie doctor” to see what this machine allows. Nothing was read.
check-no-memory = The memory of senders “{ $path }” belongs to somebody else: Hygie judges without it.
    .do = With “sudo” Hygie uses it, and is wrong less often.
check-memory-damaged = The memory of senders “{ $path }” is damaged.
    .do = Remove it, then type “hygie check --learn” with your mailboxes to make it again.
check-own = “{ $text }” is neither an address nor a domain.
    .do = Give for example “--own desk@practice.example” or “--own practice.example”.
check-server = “{ $text }” is no name of a mail server.
    .do = Give the name with which the “Authentication-Results” lines of your mails begin, for example “--trusted-server mx.practice.example”.
check-no-names = Nobody answered what Hygie asked about the senders' domains: their signatures could not be verified, and count neither for nor against them.
    .do = Without a connection, add “--offline”: Hygie then asks nothing and does not wait.
check-learnt = Remembered: { $received } { $received ->
        [one] message that came in
       *[other] messages that came in
    }, { $sent } { $sent ->
        [one] message that was sent.
       *[other] messages that were sent.
    }
check-learnt-already = { $messages } { $messages ->
        [one] message was known already: it does not count twice.
       *[other] messages were known already: they do not count twice.
    }
check-learnt-left-out = { $messages } { $messages ->
        [one] message is not remembered: it is probably a scam, or lies among the junk.
       *[other] messages are not remembered: they are probably scams, or lie among the junk.
    }
check-learnt-people = Hygie now knows { $people ->
        [one] { $people } address
       *[other] { $people } addresses
    }. No text is kept, and nothing leaves this device.
check-learnt-no-own = Hygie does not know which addresses are the practice's own, and so does not recognise your answers.
    .do = Add “--own” with your address or your domain, once for each.
