// Forms that a passkey fills in. Each asks our server what to ask the browser for (data-options, with
// data-token where it is the second step), lets the person choose, puts the browser's answer into the
// field `passkey` and goes its way as any form does. Where the browser knows no passkeys, they stay
// hidden.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

  const read = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
    ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
  });
  const written = ({ id, type, response }) => {
    const out = { id, type, response: { clientDataJSON: text(response.clientDataJSON) } };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[name]) out.response[name] = text(response[name]);
    return JSON.stringify(out);
  };

  const options = async ({ options, token }) => {
    const answer = await fetch(options, {
      method: "POST",
      ...(token && { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }) }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    return read(said);
  };
  const why = (error) => {
    if (error.name === "NotAllowedError") return "No passkey was used. Try again, or take another way.";
    if (error.name === "InvalidStateError") return "This device has a passkey for the account already.";
    return error.message || "That did not work. Try again, or take another way.";
  };

  for (const form of document.querySelectorAll("form[data-options]")) {
    form.hidden = false;
    const said = form.querySelector("[role=status]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        const publicKey = await options(form.dataset);
        const credential = publicKey.user
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
        form.elements.passkey.value = written(credential);
        form.submit();
      } catch (error) {
        said.textContent = why(error);
      }
    });
  }
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
})();
