# hygie journal show, hygie journal verify.

journal-number = Line
journal-when = When
journal-kind = What
journal-facts = Details
journal-told-by-clock = the clock said { $told }
journal-empty = The journal is empty.
journal-verified = { $records ->
    [one] Chain verified, { $records } line, from { $first } to { $last }.
   *[other] Chain verified, { $records } lines, from { $first } to { $last }.
}
journal-last-digest = Digest of the last line: { $digest }
journal-broken = The chain is broken in { $segment }, line { $line }: { $what }.
    .do = Delete nothing. Copy the folder “{ $path }” to another medium and tell your IT provider.
journal-torn-repaired = A power cut interrupted the writing of the journal. The unfinished { $bytes } are kept in a line of their own.
journal-taken-up-again = The journal was broken. Hygie noted it and goes on writing.
    .do = Type “hygie journal verify” and pass the result on to your IT provider.
journal-held = The case “{ $case }” holds the journal from { $month } on.
    .do = End this case first, or keep these months.
journal-too-young = Only months before { $month } can be dropped.
    .do = Choose an earlier month.
journal-locked = Another program already writes to the journal “{ $path }”.
    .do = Type “hygie status”: Hygie is probably running already.
break-not-a-record = this line cannot be read
break-torn = this line has no end
break-wrong-seq = line { $expected } was expected, line { $found } is there
break-wrong-prev = the line before was changed
break-backwards = this line is older than the one before
break-no-header = the month does not begin with its title line
break-wrong-segment = this line belongs to another month
break-end-cut = the end was cut off or changed
break-head-missing = the mark of the last line is missing
break-head-unreadable = the mark of the last line was changed
break-start-cut = the beginning is missing, and nothing says that it was dropped
break-taken-up-again = Hygie had found the chain broken here and took it up again
