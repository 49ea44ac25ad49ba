"""A mail program at work: a hundred messages arrive, are read and filed, thrown away; the inbox is compacted."""
import mailbox, pathlib, sys

folder, letters = sys.argv[1], sorted(pathlib.Path(".").rglob("*.eml"))
maildir, mbox = mailbox.Maildir(folder + "/Maildir"), mailbox.mbox(folder + "/Inbox")
archive = maildir.add_folder("Archives")
for number in range(100):
    message = mailbox.MaildirMessage(letters[number % len(letters)].read_bytes())
    message["X-Number"] = str(number)
    maildir.add(message)
    mbox.add(message)
mbox.flush()
for number, (key, message) in enumerate(list(maildir.items())):
    message.set_subdir("cur")
    message.add_flag("S")
    maildir[key] = message
    if number % 3 == 0:
        archive.add(message)
        maildir.discard(key)
    elif number % 3 == 1:
        maildir.discard(key)
for round in range(5):
    for key in list(mbox.keys())[::4]:
        mbox.remove(key)
    mbox.flush()
