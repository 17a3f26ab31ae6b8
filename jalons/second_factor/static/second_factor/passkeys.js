// A passkey: asks the browser what the page wants, writes the answer in the form, sends it like any other.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const asked = (options) => {
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) publicKey.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) publicKey.allowCredentials = named(options.allowCredentials);
  return { publicKey };
};

const answered = (credential) => {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
};

const words = (error, home) =>
  ({
    NotAllowedError: "La demande a été refusée, ou a attendu trop longtemps. Recommencez.",
    AbortError: "La demande a été interrompue. Recommencez.",
    InvalidStateError: "Cette clé est déjà enregistrée pour votre compte.",
    SecurityError: `Une clé ne sert qu’à l’adresse ${home} : ouvrez Jalons à cette adresse.`,
    NotSupportedError: "Cet appareil ne sait pas faire de clé d’accès. Ajoutez plutôt une application sur téléphone.",
  })[error.name] ?? "La clé n’a pas répondu. Recommencez, ou employez un code.";

for (const place of document.querySelectorAll("[data-passkey]")) {
  const button = place.querySelector("button");
  const alert = place.querySelector("[role=alert]");
  const say = (text) => {
    alert.textContent = text;
    alert.hidden = !text;
  };
  if (!window.PublicKeyCredential) {
    say("Ce navigateur ne connaît pas les clés d’accès. Employez un code.");
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    say("");
    button.disabled = true;
    try {
      const credential = await navigator.credentials[place.dataset.passkey](asked(JSON.parse(place.dataset.options)));
      const form = place.closest("form");
      form.elements.answer.value = JSON.stringify(answered(credential));
      form.requestSubmit();
    } catch (error) {
      say(words(error, place.dataset.home));
    } finally {
      button.disabled = false;
    }
  });
}
