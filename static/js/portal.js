/* Small conveniences over pages that work without script: keys, dialogs, menus that close, row movement,
   density and the folded column kept by the browser, and a guard against sending a form twice. */
(function () {
  "use strict";

  var root = document.documentElement;
  root.classList.add("js");

  function kept(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }
  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* private window: nothing is kept */ }
  }

  /* Before the first paint, so that nothing jumps. */
  if (kept("dense") === "1") root.classList.add("dense");
  if (kept("folded") === "1") root.classList.add("folded");

  function toggle(name) {
    keep(name, root.classList.toggle(name) ? "1" : "0");
    tellState();
  }
  function tellState() {
    document.querySelectorAll("[data-dense]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(root.classList.contains("dense")));
    });
    document.querySelectorAll("[data-fold]").forEach(function (button) {
      button.setAttribute("aria-expanded", String(!root.classList.contains("folded")));
    });
  }

  function openDialog(id) {
    var dialog = document.getElementById(id);
    if (!dialog || !dialog.showModal) return false;
    if (!dialog.open) dialog.showModal();
    return true;
  }

  /* ---- Rows of a table: j, k, Enter ---- */
  function rows() {
    var table = document.querySelector("table[data-rows]");
    return table ? Array.prototype.slice.call(table.querySelectorAll("tbody tr[data-href]")) : [];
  }
  function move(step) {
    var all = rows();
    if (!all.length) return false;
    var at = all.findIndex(function (row) { return row.classList.contains("at"); });
    var next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    if (at >= 0) { all[at].classList.remove("at"); all[at].removeAttribute("tabindex"); }
    next.classList.add("at");
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    tell(next, "row:at");
    return true;
  }
  /* Pages with a place beside the list listen; whoever opens the row there cancels the event. */
  function tell(row, name) {
    return row.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true }));
  }
  function openRow(row) {
    if (!tell(row, "row:open")) return;
    var link = row.querySelector("a[href]");
    if (link && link.getAttribute("href") === row.dataset.href) { link.click(); } else { location.href = row.dataset.href; }
  }

  /* ---- Keys ---- */
  var afterG = 0;
  function goTo(key) {
    var link = document.querySelector('.side a[data-key="' + CSS.escape(key) + '"]');
    if (link) location.href = link.href;
    return Boolean(link);
  }
  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }
  var keys = {
    "/": function () { var box = document.querySelector("[data-key-search]"); if (box) { box.focus(); box.select(); } return Boolean(box); },
    "?": function () { return openDialog("phim-tat"); },
    g: function () { afterG = Date.now(); return true; },
    j: function () { return move(1); },
    k: function () { return move(-1); },
    d: function () { toggle("dense"); return true; },
    p: function () { var link = document.querySelector("a[data-print]"); if (link) link.click(); return Boolean(link); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { closeMenus(null); return; }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.matches("tr.at")) { openRow(event.target); event.preventDefault(); return; }
    var wasG = Date.now() - afterG < 1500;
    afterG = 0;
    var done = wasG && event.key !== "g" ? goTo(event.key) : keys[event.key] && keys[event.key]();
    if (done) event.preventDefault();
  });

  /* ---- Menus close when one looks elsewhere ---- */
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu === except || (except && menu.contains(except))) return;
      var held = menu.contains(document.activeElement);
      menu.open = false;
      if (held && !except) menu.querySelector("summary").focus();
    });
  }

  /* Rows of a tree: what is below a closed row is hidden. The first opening may load it (htmx). */
  function turn(twist) {
    var opens = twist.getAttribute("aria-expanded") !== "true";
    var row = twist.closest("tr");
    var depth = Number(row.dataset.depth);
    var shut = Infinity;
    twist.setAttribute("aria-expanded", String(opens));
    for (var next = row.nextElementSibling; next && Number(next.dataset.depth) > depth; next = next.nextElementSibling) {
      var deep = Number(next.dataset.depth);
      if (deep <= shut) shut = Infinity;
      next.hidden = !opens || deep > shut;
      var inner = next.querySelector("[data-tree]");
      if (opens && deep < shut && inner && inner.getAttribute("aria-expanded") === "false") shut = deep;
    }
  }

  /* ---- The browser's calendar beside a day written as text ---- */
  function pickDay(button) {
    var text = button.parentNode.querySelector("input"), day = button.parentNode.querySelector(".day-pick");
    if (!day) {
      day = document.createElement("input");
      day.type = "date"; day.className = "day-pick"; day.tabIndex = -1; day.setAttribute("aria-hidden", "true");
      button.after(day);
      day.addEventListener("change", function () {
        if (!day.value) return;
        text.value = day.value.split("-").reverse().join("/");
        ["input", "change"].forEach(function (name) { text.dispatchEvent(new Event(name, { bubbles: true })); });
        text.focus();
      });
    }
    var parts = /^(\d{1,2})[\/.-](\d{1,2})[\/.-](\d{4})$/.exec(text.value.trim());
    day.value = parts ? [parts[3], parts[2].padStart(2, "0"), parts[1].padStart(2, "0")].join("-") : "";
    if (day.showPicker) day.showPicker(); else day.focus();
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    closeMenus(target);
    var opener = target.closest("[data-dialog]");
    if (opener && openDialog(opener.dataset.dialog)) {
      event.preventDefault();
      closeMenus(document.body);
      return;
    }
    var closer = target.closest("[data-close]");
    if (closer) { closer.closest("dialog").close(); return; }
    var twist = target.closest("[data-tree]");
    if (twist) { event.preventDefault(); turn(twist); return; }
    var calendar = target.closest(".day-open");
    if (calendar) { pickDay(calendar); return; }
    if (target.closest("[data-dense]")) toggle("dense");
    if (target.closest("[data-fold]")) toggle("folded");
    var row = target.closest("tr[data-href]");
    if (row && !target.closest("a, button, input, label, select, summary") && !String(getSelection())) openRow(row);
  });

  /* ---- A form is sent once ---- */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-guard]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    /* After the browser has read the form, or the pressed button's own value would be lost. */
    setTimeout(function () {
      form.querySelectorAll("button:not([type=button])").forEach(function (button) { button.disabled = true; });
    }, 0);
  });
  addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-guard]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.disabled = false; });
    });
  });

  /* ---- Selecting rows ---- */
  function rowsOf(place) { return Array.prototype.slice.call(place.querySelectorAll("[data-select-row]")); }
  function tickHead(box, rows) {
    var chosen = rows.filter(function (row) { return row.checked; }).length;
    box.checked = rows.length > 0 && chosen === rows.length;
    box.indeterminate = chosen > 0 && chosen < rows.length;
  }
  /* Rows under one heading; and where all pages are chosen at once (data-whole), no single rows. */
  function tellWhole(form) {
    var whole = form.querySelector("[data-select-whole]");
    var isWhole = Boolean(whole && whole.checked);
    form.querySelectorAll("[data-select-row], [data-select-all], [data-select-group]").forEach(function (box) { box.disabled = isWhole; });
    form.querySelectorAll("[data-select-group]").forEach(function (box) { tickHead(box, rowsOf(box.closest("tbody"))); });
    form.querySelectorAll("[data-select-all]").forEach(function (box) { tickHead(box, rowsOf(form)); });
    return isWhole ? Number(form.dataset.whole) : null;
  }
  function tellSelected(form) {
    var boxes = rowsOf(form);
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    var whole = form.dataset.whole ? tellWhole(form) : null;
    var shown = whole === null ? chosen : whole;
    boxes.forEach(function (box) { box.closest("tr").classList.toggle("sel", box.checked || whole !== null); });
    form.querySelectorAll("[data-selected-count]").forEach(function (label) { label.textContent = (label.dataset.words || "Đã chọn %").replace("%", shown.toLocaleString("vi-VN")); });
    form.querySelectorAll(".bulk").forEach(function (bar) { bar.hidden = shown === 0; });
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-select]");
    if (!form) return;
    var head = event.target.closest("[data-select-all], [data-select-group]");
    if (head) rowsOf(head.matches("[data-select-all]") ? form : head.closest("tbody")).forEach(function (box) { box.checked = head.checked; });
    tellSelected(form);
  });
  document.addEventListener("DOMContentLoaded", function () { document.querySelectorAll("form[data-whole]").forEach(tellSelected); });

  /* ---- What was typed and not sent outlives a lost connection ----
     Kept by the tab alone (sessionStorage): an office computer has many users. A form with data-keep="who:what"
     is noted while one types; the next time it opens with other values, the text is offered back. */
  var draftTimers = new Map();
  function draftName(form) { return "draft:" + form.dataset.keep; }
  function draftValues(form) {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || /^(hidden|submit|button|file|password)$/.test(field.type)) return;
      if (field.type === "radio" || field.type === "checkbox") { if (field.checked) values[field.name + "=" + field.value] = true; return; }
      values[field.name] = field.value;
    });
    return values;
  }
  function draftKeep(form, sent) {
    /* With what the form started from, so that the server can tell what others changed meanwhile. */
    var base = form.elements.goc;
    var draft = { values: draftValues(form), base: base ? base.value : "", at: Date.now(), sent: sent };
    try { sessionStorage.setItem(draftName(form), JSON.stringify(draft)); } catch (error) { /* full or forbidden: only comfort is lost */ }
  }
  function draftRead(form) {
    try { return JSON.parse(sessionStorage.getItem(draftName(form)) || "null"); } catch (error) { return null; }
  }
  function draftForget(name) { try { sessionStorage.removeItem(name); } catch (error) { /* as above */ } }
  function draftsArrived() {
    try {
      Object.keys(sessionStorage).forEach(function (name) {
        if (name.indexOf("draft:") === 0 && JSON.parse(sessionStorage.getItem(name)).sent) draftForget(name);
      });
    } catch (error) { /* as above */ }
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  function draftFill(form, values) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.type === "radio" || field.type === "checkbox") { if (field.name) field.checked = Boolean(values[field.name + "=" + field.value]); return; }
      if (Object.prototype.hasOwnProperty.call(values, field.name)) field.value = values[field.name];
    });
  }
  function draftOffer(form) {
    /* The answer to what was just sent shows all of it again: that is now the text to keep. */
    if ("answered" in form.dataset) { draftKeep(form, false); return; }
    var draft = draftRead(form);
    var words = document.getElementById("chu-go-do");
    if (!draft || !words || JSON.stringify(draft.values) === JSON.stringify(draftValues(form))) return;
    var bar = words.content.firstElementChild.cloneNode(true);
    var at = new Date(draft.at);
    bar.querySelector("[data-at]").textContent = at.getHours() + ":" + String(at.getMinutes()).padStart(2, "0");
    bar.querySelector("[data-restore]").addEventListener("click", function () { draftFill(form, draft.values); if (form.elements.goc && draft.base) form.elements.goc.value = draft.base; bar.remove(); var first = form.querySelector("input:not([type=hidden]), select, textarea"); if (first) first.focus(); });
    bar.querySelector("[data-forget]").addEventListener("click", function () { draftForget(draftName(form)); bar.remove(); });
    form.prepend(bar);
  }
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !form.dataset.keep) return;
    clearTimeout(draftTimers.get(form));
    draftTimers.set(form, setTimeout(function () { draftKeep(form, false); }, 300));
  });
  document.addEventListener("submit", function (event) {
    if (!event.target.dataset.keep || event.defaultPrevented) return;
    clearTimeout(draftTimers.get(event.target));
    draftKeep(event.target, true);
  });

  // A time line that is wider than its place begins with the day of view in sight.
  function showNow(line) {
    var plot = line.querySelector(".tl-plot"), names = line.querySelector(".tl-labels").clientWidth;
    var now = names + plot.getBoundingClientRect().width * parseFloat(line.dataset.now) / 100;
    line.scrollLeft = now - names - (line.clientWidth - names) * 0.6;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".tl-scroll[data-now]").forEach(showNow);
    if (location.hash === "#da-luu") draftsArrived();
    document.querySelectorAll("form[data-keep]").forEach(draftOffer);
    tellState();
    var errors = document.querySelector("form[method=post] .errors");
    if (errors) errors.focus();
  });
})();
