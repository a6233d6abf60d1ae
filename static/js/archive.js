// Small helpers; every page works without them, except drawing a signature.
(() => {
  "use strict";
  const ready = (run) => (document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run());

  ready(() => {
    htmx.config.includeIndicatorStyles = false;
    htmx.config.allowEval = false;

    const button = document.querySelector("[data-menu]");
    const ways = document.querySelector("[data-ways]");
    button?.addEventListener("click", () => {
      const open = ways.classList.toggle("is-open");
      button.setAttribute("aria-expanded", String(open));
    });

    document.querySelector("[data-focus]")?.focus();

    // A form is sent once: a second click does not repeat the act.
    document.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-once]");
      if (form) setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((b) => (b.disabled = true)), 0);
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) document.querySelectorAll("form[data-once] button:disabled").forEach((b) => (b.disabled = false));
    });

    for (const box of document.querySelectorAll("[data-check-all]")) {
      box.addEventListener("change", () => {
        document.querySelectorAll(`input[name="${box.dataset.checkAll}"]:not(:disabled)`).forEach((i) => (i.checked = box.checked));
      });
    }

    // A long list is shortened by typing a part of a name or code.
    const searchable = (select) => {
      const all = [...select.children].map((child) => child.cloneNode(true));
      const input = document.createElement("input");
      input.type = "search";
      input.className = "form-control mb-2";
      input.placeholder = input.ariaLabel = select.dataset.search;
      select.before(input);
      input.addEventListener("input", () => {
        const chosen = select.value, words = input.value.trim().toLowerCase();
        const fits = (option) => !option.value || option.value === chosen || option.text.toLowerCase().includes(words);
        select.replaceChildren(...all.map((child) => child.cloneNode(true)));
        for (const option of [...select.options]) if (!fits(option)) option.remove();
        for (const group of [...select.querySelectorAll("optgroup")]) if (!group.children.length) group.remove();
        select.value = chosen;
        const left = [...select.options].filter((option) => option.value && option.value !== chosen);
        if (words && !chosen && left.length === 1) select.value = left[0].value;
      });
    };

    // A form with a file shows how much of it is sent; without it the browser sends the form as ever.
    const sendWithProgress = (form) => {
      form.addEventListener("submit", (event) => {
        if (![...form.querySelectorAll("input[type=file]")].some((input) => input.files.length)) return;
        event.preventDefault();
        const box = form.querySelector("[data-progress-bar]"), bar = box.querySelector("progress");
        const request = new XMLHttpRequest();
        box.hidden = false;
        request.upload.addEventListener("progress", (e) => {
          if (e.loaded < e.total) bar.value = (100 * e.loaded) / e.total;
          else bar.removeAttribute("value");
        });
        request.addEventListener("load", () => {
          const page = new DOMParser().parseFromString(request.responseText, "text/html");
          document.querySelector("main").replaceWith(page.querySelector("main"));
          document.title = page.title;
          if (request.responseURL !== location.href && request.status === 200) {
            history.replaceState({ sent: true }, "");
            history.pushState({ sent: true }, "", request.responseURL);
          }
          enhance(document.querySelector("main"));
          window.scrollTo(0, 0);
          document.querySelector("main [data-focus]")?.focus();
        });
        request.addEventListener("error", () => HTMLFormElement.prototype.submit.call(form));
        request.open("POST", form.action);
        request.send(new FormData(form, event.submitter));
      });
    };
    window.addEventListener("popstate", (event) => { if (event.state?.sent) location.reload(); });

    const enhance = (part) => {
      part.querySelectorAll("select[data-search]").forEach(searchable);
      part.querySelectorAll("form[data-progress]").forEach(sendWithProgress);
    };
    enhance(document);

    for (const link of document.querySelectorAll("[data-print]")) {
      link.addEventListener("click", () => window.print());
    }

    // Lists: "/" to the filter, j and k along the rows, x chooses one, "?" tells of it.
    const help = document.querySelector("dialog.help");
    document.querySelector("[data-help]")?.addEventListener("click", () => help?.showModal());
    const list = document.querySelector("[data-keys]");
    if (list) {
      document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
        const rows = [...list.querySelectorAll("tbody tr")];
        const at = rows.findIndex((row) => row.contains(document.activeElement));
        const step = { j: 1, k: -1 }[event.key];
        if (step) rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.querySelector("a")?.focus();
        else if (event.key === "/") list.querySelector(".filter-bar input:not([type=hidden]), .filter-bar select")?.focus();
        else if (event.key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]")?.click();
        else if (event.key === "?") help?.showModal();
        else return;
        event.preventDefault();
      });
    }

    const canvas = document.querySelector("[data-sign-pad]");
    if (canvas && window.SignaturePad) {
      const pad = new SignaturePad(canvas, { penColor: "#1a1e23", minWidth: 1.2, maxWidth: 3.2 });
      const field = document.getElementById(canvas.dataset.signPad);
      const fit = () => {
        const strokes = pad.toData();
        const ratio = Math.max(window.devicePixelRatio || 1, 1);
        canvas.width = canvas.offsetWidth * ratio;
        canvas.height = canvas.offsetHeight * ratio;
        canvas.getContext("2d").scale(ratio, ratio);
        pad.fromData(strokes);
      };
      window.addEventListener("resize", fit);
      fit();
      pad.addEventListener("endStroke", () => { field.value = pad.toDataURL("image/svg+xml"); });
      document.querySelector("[data-sign-clear]")?.addEventListener("click", () => { pad.clear(); field.value = ""; });
      document.querySelector("[data-sign-type]")?.addEventListener("click", (event) => {
        // For those who cannot draw: the name is set in type instead, with the same effect.
        const { width, height } = canvas.getBoundingClientRect();
        const name = event.currentTarget.dataset.signType.replace(/[<>&"']/g, "");
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.round(width)} ${Math.round(height)}"><text x="50%" y="60%" text-anchor="middle" font-size="48" font-family="serif">${name}</text></svg>`;
        const bytes = new TextEncoder().encode(svg);
        field.value = "data:image/svg+xml;base64," + btoa(String.fromCharCode(...bytes));
        pad.clear();
        const context = canvas.getContext("2d");
        context.font = "48px serif";
        context.textAlign = "center";
        context.fillText(name, width / 2, height * 0.6);
      });
    }
  });
})();
