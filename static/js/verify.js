// Checks the signed line of a QR code in the browser alone (Ed25519 by Web Crypto), and reads QR codes by the camera where it can.
(() => {
  "use strict";
  const bytes = (word) => Uint8Array.from(atob(word.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  async function read(word, key) {
    const data = bytes(word);
    const imported = await crypto.subtle.importKey("raw", bytes(key), { name: "Ed25519" }, false, ["verify"]);
    const line = data.slice(64);
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, imported, data.slice(0, 64), line))) return null;
    const [, kind, number, issued, until, counts] = new TextDecoder().decode(line).split("|");
    return { kind, number, issued, until, counts };
  }

  const wordOf = (text) => (text.match(/(?:#s=|^)([A-Za-z0-9_-]{90,})\s*$/) || [])[1];

  async function tell(box, text, number) {
    const word = wordOf(text);
    const say = (name) => box.querySelectorAll("[data-says]").forEach((part) => { part.hidden = part.dataset.says !== name; });
    box.hidden = false;
    if (!word) return say("nothing");
    let said;
    try {
      said = await read(word, box.dataset.key);
    } catch (error) {
      return say(error.name === "NotSupportedError" ? "unable" : "forged");
    }
    if (!said || (number && said.number !== number)) return say("forged");
    const found = /^a(\d+)p(\d+)$/.exec(said.counts) || [];
    const values = { ...said, adverse: found[1] ?? "—", positive: found[2] ?? "—", until: said.until || "—" };
    box.querySelectorAll("[data-value]").forEach((part) => { part.textContent = values[part.dataset.value]; });
    return say("genuine");
  }

  const box = document.querySelector("[data-statement]");
  if (box) {
    if (location.hash.startsWith("#s=")) tell(box, location.href, box.dataset.number);
    const form = document.querySelector("[data-statement-form]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      tell(box, form.querySelector("textarea").value.trim(), "");
    });
  }

  for (const form of document.querySelectorAll("form[data-drop]")) {
    const field = form.querySelector("input[type=file]");
    const over = (event) => { event.preventDefault(); form.classList.toggle("is-over", event.type === "dragover"); };
    form.addEventListener("dragover", over);
    form.addEventListener("dragleave", over);
    form.addEventListener("drop", (event) => {
      over(event);
      field.files = event.dataTransfer.files;
      if (field.files.length) form.requestSubmit();
    });
  }

  const scan = document.querySelector("[data-scan]");
  if (scan && "BarcodeDetector" in window && navigator.mediaDevices) {
    scan.hidden = false;
    const video = scan.querySelector("video");
    scan.querySelector("button").addEventListener("click", async () => {
      const reader = new BarcodeDetector({ formats: ["qr_code"] });
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch {
        scan.querySelector("[data-refused]").hidden = false;
        return;
      }
      video.hidden = false;
      await video.play();
      const look = async () => {
        const [code] = await reader.detect(video);
        const found = code && /\/verify\/([0-9A-Za-z-]{16,19})\/(#s=[\w-]+)?$/.exec(code.rawValue);
        if (!found) return requestAnimationFrame(look);
        video.srcObject.getTracks().forEach((track) => track.stop());
        location.href = `${scan.dataset.scan}${found[1]}/${found[2] || ""}`;
      };
      look();
    });
  }
})();
