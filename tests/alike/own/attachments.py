"""Takes the attachments out of all messages and saves the messages without them."""
import email, email.policy, pathlib, sys

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.eml")):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    for part in message.iter_attachments():
        name = (part.get_filename() or "jointe.bin").replace("/", "_")
        path.with_name(path.stem + " - " + name).write_bytes(part.get_payload(decode=True) or b"")
        part.set_content("(enlevé)")
    path.write_bytes(message.as_bytes())
