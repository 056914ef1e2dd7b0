// Passkeys on the bundled pages. A form with a hidden "credential" is sent on once the browser has filled it in; what it
// needs for that stands on the page the server answers "begin" with. Nothing else works, or fails, because of this file.

const able = Boolean(window.PublicKeyCredential && navigator.credentials);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// WebAuthn §5.1.8 and §5.1.9, for browsers that do not read JSON themselves.
function read(options) {
  const listed = (credentials) => (credentials || []).map((own) => ({ ...own, id: bytes(own.id) }));
  const plain = { ...options, challenge: bytes(options.challenge) };
  if (options.user) plain.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) plain.allowCredentials = listed(options.allowCredentials);
  if (options.excludeCredentials) plain.excludeCredentials = listed(options.excludeCredentials);
  return plain;
}

function written(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    told.attestationObject = text(response.attestationObject);
    told.transports = response.getTransports ? response.getTransports() : [];
  } else {
    told.authenticatorData = text(response.authenticatorData);
    told.signature = text(response.signature);
    told.userHandle = response.userHandle ? text(response.userHandle) : undefined;
  }
  const { credProps } = credential.getClientExtensionResults();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: credProps ? { credProps } : {},
  });
}

const target = (form) => form.getAttribute("action") || location.href;

// A challenge for this form: the server is asked as if the button were pressed without a script.
async function begin(form, signal, automatic) {
  const body = new URLSearchParams(new FormData(form));
  body.delete("credential");
  body.set("begin", "1");
  if (automatic) body.set("automatic", "1");
  const answer = await fetch(target(form), { method: "POST", body, signal, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-passkey-options]");
  return found && JSON.parse(found.dataset.passkeyOptions);
}

function fill(form, name, value) {
  let field = form.querySelector(`input[name=${name}]`);
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(field);
  }
  field.value = value;
}

function send(form, name, value) {
  fill(form, name, value);
  form.submit();
}

let waiting; // for a passkey chosen from the list under the address
let listen = () => {};

async function ask(options, more = {}) {
  if (waiting) waiting.abort();
  waiting = undefined;
  const publicKey = read(options);
  return options.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey, ...more });
}

// The button: begin, ask, send on. What the browser says no to is told in the words of the page.
function start(form, button) {
  const problem = document.querySelector("[data-passkey]");
  const tell = (words) => problem && Object.assign(problem, { hidden: !words, textContent: words || "" });
  const busy = (set) => ["aria-busy", "aria-disabled"].forEach((name) => (set ? button.setAttribute(name, "true") : button.removeAttribute(name)));
  const run = async () => {
    tell("");
    busy(true);
    if (waiting) waiting.abort();
    try {
      const options = await begin(form);
      if (!options) return send(form, "begin", "1"); // the server says why
      send(form, "credential", written(await ask(options)));
    } catch (error) {
      const names = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
      const name = names[error.name] || "failed";
      if (!problem && name !== "cancelled") return send(form, "begin", "1"); // the page behind has the words
      busy(false);
      tell(problem && problem.dataset[name]);
      listen();
    }
  };
  form.addEventListener(
    "submit",
    (event) => {
      if (event.submitter !== button) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (button.getAttribute("aria-busy") !== "true") run();
    },
    true,
  );
  button.hidden = false;
}

// Passkeys in the list under the address field, for as long as the page is open. A challenge lives five minutes.
async function offer(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  let asking = new AbortController();
  // A late answer must not touch the cookie of a session that has just begun.
  document.addEventListener("submit", () => asking.abort(), true);
  listen = async () => {
    asking = new AbortController();
    const options = await begin(form, asking.signal).catch(() => null);
    if (!options) return;
    if (waiting) waiting.abort();
    const mine = new AbortController();
    const asked = navigator.credentials.get({ publicKey: read(options), mediation: "conditional", signal: mine.signal });
    waiting = mine;
    asked.then((credential) => send(form, "credential", written(credential)), () => {});
  };
  setInterval(() => document.hidden || listen(), 240000);
  listen();
}

// The sign-in form brings word that this device can keep a passkey, so that one is offered afterwards.
async function tellAble(form) {
  if (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()) fill(form, "passkeys", "1");
}

// Where the browser has just filled in the password, it may make a passkey without asking (WebAuthn §5.1.3): it is tried
// once, before a button is pressed, and whatever comes of it but a passkey is not spoken of.
async function makeAutomatically(form) {
  const { conditionalCreate } = (await PublicKeyCredential.getClientCapabilities?.()) || {};
  if (!conditionalCreate) return;
  const { signal } = (waiting = new AbortController());
  const options = await begin(form, signal, true);
  if (!options || signal.aborted) return;
  const made = await navigator.credentials.create({ publicKey: read(options), mediation: "conditional", signal });
  if (!signal.aborted) send(form, "credential", written(made));
}

// What the server knows of this person's passkeys, for the list in their authenticators (WebAuthn §5.1.10).
function signal(name, data) {
  const told = able && PublicKeyCredential[name] && data && PublicKeyCredential[name](JSON.parse(data));
  if (told) told.catch(() => {});
}

if (able) {
  const input = document.querySelector("form input[name=credential]");
  const button = input && input.form.querySelector("button[name=begin]");
  if (button) {
    document.querySelectorAll("[data-passkey-absent]").forEach((words) => (words.hidden = true));
    start(input.form, button);
    if ("passkeyAutomatic" in input.form.dataset) makeAutomatically(input.form).catch(() => {});
  }
  const way = document.querySelector("[data-passkey-way]");
  if (way) {
    const form = way.closest("form");
    start(form, form.querySelector("button[type=submit]"));
    if (document.querySelector("input[autocomplete~=webauthn]")) offer(form);
    const password = document.querySelector("input[autocomplete=current-password]");
    if (password) tellAble(password.form).catch(() => {});
  }
  document.querySelectorAll("[data-passkey-unknown]").forEach((box) => signal("signalUnknownCredential", box.dataset.passkeyUnknown));
  document
    .querySelectorAll("[data-passkeys-accepted]")
    .forEach((box) => signal("signalAllAcceptedCredentials", box.dataset.passkeysAccepted));
}
