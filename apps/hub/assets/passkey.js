// Passkeys: asks the server for a challenge, the browser for a signature, and hands it back. A form that confirms sends its fields
// with the first question; an answer with a place to go leads there. Without this script the form below
// (name, password, code) does the same.
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON;
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const [button, refused] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  if (!able) continue;
  button.hidden = false;
  const send = async (path, body) => {
    const sent = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hygie-form": form.dataset.form },
      body: JSON.stringify(body),
    });
    // The last sign-in is too old for this: once more, then back to this page.
    if (sent.redirected) {
      location.assign("/signin/again?next=" + encodeURIComponent(location.pathname + location.search));
      return new Promise(() => {});
    }
    if (!sent.ok) throw new Error(String(sent.status));
    return sent.json();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refused.hidden = true;
    button.disabled = true;
    try {
      const asked = form.dataset.passkey === "confirm" ? Object.fromEntries(new FormData(form)) : {};
      const { id, options, go: elsewhere } = await send(form.dataset.start, asked);
      if (elsewhere) return location.assign(elsewhere);
      const answer = form.dataset.passkey !== "create"
        ? await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) })
        : await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey) });
      const named = form.querySelector("[name=name]")?.value ?? "";
      const { go } = await send(form.dataset.finish, { id, name: named, next: form.dataset.next ?? "", answer: answer.toJSON() });
      location.assign(go);
    } catch {
      refused.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}
