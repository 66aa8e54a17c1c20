// Passkeys: the browser asks its person, and the form carries what was signed. Without a script there is the code app.

async function asked(form) {
  const answer = await fetch(form.dataset.from, { method: "POST" });
  const told = await answer.json();
  if (answer.status === 401 && form.dataset.confirm) {
    location.assign(form.dataset.confirm);
    return null;
  }
  if (!answer.ok) throw new Error(told.title);
  return told;
}

async function fill(form) {
  const told = await asked(form);
  if (!told) return;
  const made = form.dataset.passkey === "create";
  const credential = made
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told.options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told.options) });
  const prefix = form.dataset.prefix ?? "";
  form.elements[`${prefix}challenge`].value = told.challenge;
  form.elements[`${prefix}credential`].value = JSON.stringify(credential.toJSON());
  form.submit();
}

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-failed]");
      failed.hidden = true;
      await fill(form).catch(() => (failed.hidden = false));
    });
  }
}
