// What the pages gain with scripts on. Everything works without: each part only adds to what the server wrote.
"use strict";

const each = (selector, run) => document.querySelectorAll(selector).forEach(run);

// Submit once: a second click does nothing until the page answers or is shown again (back button, stopped load).
function submitOnce(form) {
  let timer;
  const release = () => {
    clearTimeout(timer);
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    });
  };
  form.addEventListener("submit", (event) => {
    if ("sent" in form.dataset) return event.preventDefault();
    const button = event.submitter;
    if (button && button.getAttribute("aria-disabled") === "true") return event.preventDefault();
    form.dataset.sent = "";
    if (button) {
      button.setAttribute("aria-busy", "true");
      button.setAttribute("aria-disabled", "true");
    }
    timer = setTimeout(release, 15000);
  });
  window.addEventListener("pageshow", release);
}

// Show or hide what is typed; hidden again before the form leaves, so that password managers know the field.
function offerToShow(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  button.hidden = false;
  button.parentElement.classList.add("ciam-can-show");
  button.addEventListener("click", () => {
    set(input.type === "password");
    input.focus();
  });
  if (input.form) input.form.addEventListener("submit", () => set(false));
}

const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop"];
const COMMON = /pass?w[o0]rd|letme?in|welcome|iloveyou|admin|football|monkey|dragon|sunshine|princess|baseball|passwort|motdepasse/gi;

// How many characters count: repeats and runs of neighbours count once, the commonest words as two.
function weight(value) {
  const text = value.toLowerCase().replace(COMMON, "**");
  const joined = RUNS.concat(RUNS.map((run) => [...run].reverse().join("")));
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const pair = text.slice(at - 1, at + 1);
    const follows = at > 0 && (pair[0] === pair[1] || joined.some((run) => run.includes(pair)));
    count += follows ? 0.25 : 1;
  }
  return Math.min(count, new Set(text).size * 2);
}

function verdict(value, least, address) {
  const length = [...value].length;
  const parts = address.toLowerCase().split(/[@.+_-]/).filter((part) => part.length > 3);
  if (length < least) return [length * 2 < least ? 1 : 2, "short"];
  if (parts.some((part) => value.toLowerCase().includes(part))) return [2, "address"];
  const counted = weight(value);
  if (counted < Math.min(least, 8)) return [2, "plain"];
  return counted < Math.max(least, 12) ? [3, "good"] : [4, "strong"];
}

// Strength while typing: a quiet sentence that says what to do next. It never stops anyone.
function showStrength(box) {
  const input = document.getElementById(box.dataset.for);
  const sentence = box.querySelector("[role=status]");
  const meter = box.querySelector(".ciam-meter");
  const steps = box.dataset.short.split("|");
  let timer;
  const update = () => {
    const email = input.form && input.form.querySelector("input[autocomplete~=username]");
    const [level, reason] = verdict(input.value, steps.length, email ? email.value : "");
    const missing = steps.length - [...input.value].length;
    meter.hidden = !input.value;
    box.dataset.level = input.value ? level : 0;
    box.dataset.reason = reason;
    clearTimeout(timer);
    timer = setTimeout(() => {
      sentence.textContent = !input.value ? "" : reason === "short" ? steps[missing - 1] : box.dataset[reason];
    }, sentence.textContent ? 250 : 0);
  };
  input.addEventListener("input", update);
  if (input.value) update();
}

// A code pasted as "482 913" or "482-913" goes in whole, whatever the field's length.
function tidyCode(input) {
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData && event.clipboardData.getData("text").replace(/[\s\u2010-\u2015-]/g, "");
    if (!text) return;
    event.preventDefault();
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Resend: the button tells how long to wait, then comes back. The server decides in any case.
function countDown(button) {
  const words = button.textContent;
  const until = Date.now() + Number(button.dataset.resendAfter) * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.textContent = left > 0 ? button.dataset.wait.replace("{n}", left) : words;
    if (left > 0) return setTimeout(tick, 250);
    button.removeAttribute("aria-disabled");
  };
  if (until <= Date.now()) return;
  button.setAttribute("aria-disabled", "true");
  tick();
}

// The person's menu closes on Escape and on a click elsewhere.
function closeMenu(menu) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// The first wrong field; without one, the first field of a page with a single task, where no keyboard covers it.
function placeCursor() {
  if (document.querySelector("[autofocus]")) return; // the browser does it
  const wrong = document.querySelector(".ciam [aria-invalid=true]");
  const calm = window.matchMedia("(pointer: fine)").matches;
  const first = calm && document.querySelector("form[data-focus] :is(input, select, textarea):not([type=hidden], [hidden])");
  const field = wrong || first;
  if (field && [document.body, null, field].includes(document.activeElement)) field.focus();
}

each("form[method=post]", submitOnce);
each("[data-show]", offerToShow);
each(".ciam-strength", showStrength);
each("input[autocomplete=one-time-code]", tidyCode);
each("[data-resend-after]", countDown);
each(".ciam-menu", closeMenu);
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
each(".ciam-places [aria-current]", (link) => link.scrollIntoView({ block: "nearest", inline: "center" }));
placeCursor();
