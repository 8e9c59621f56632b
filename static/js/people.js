/* The list of people: a short file beside the list, what is ticked, and the place one came back to.
   Without this file rows are links to the files, and everything else is forms. */
(function () {
  "use strict";

  var PLACE = "ho-so:" + location.pathname;

  var TICKED = "ho-so-chon:";

  function kept(name) { try { return sessionStorage.getItem(name || PLACE) || ""; } catch (error) { return ""; } }
  function keep(value, name) { try { sessionStorage.setItem(name || PLACE, value); } catch (error) { /* private window */ } }

  function panel() { return document.getElementById("xem-nhanh"); }
  function rowOf(code) { return document.querySelector('tr[data-code="' + CSS.escape(code) + '"]'); }
  function isWide() { return matchMedia("(min-width: 960px)").matches; }

  /* ---- The short file beside the list ---- */
  function say(code) {
    var url = new URL(location.href);
    if (code) { url.searchParams.set("xem", code); } else { url.searchParams.delete("xem"); }
    history.replaceState(history.state, "", url);
  }
  function tellPlace(row) {
    var label = document.querySelector("[data-panel-place]");
    var form = document.querySelector("form[data-people]");
    if (!label || !form || !row) return;
    var first = parseInt(form.dataset.first || "1", 10);
    var rows = Array.prototype.slice.call(form.querySelectorAll("tr[data-code]"));
    label.textContent = (first + rows.indexOf(row)) + "/" + form.dataset.people;
  }
  function mark(row) {
    document.querySelectorAll("tr.at").forEach(function (other) {
      if (other !== row) { other.classList.remove("at"); other.removeAttribute("tabindex"); }
    });
    row.classList.add("at");
    row.tabIndex = -1;
    keep(row.dataset.code);
    tellPlace(row);
  }
  var waiting = 0;
  function open(row) {
    var place = panel();
    if (!place || !row.dataset.panel || !isWide()) return false;
    mark(row);
    place.hidden = false;
    document.getElementById("cho-danh-sach").classList.add("open");
    say(row.dataset.code);
    clearTimeout(waiting);
    /* Whoever holds j down passes many people; only the one they stop at is read. */
    waiting = setTimeout(function () {
      htmx.ajax("GET", row.dataset.panel, { target: "#xem-nhanh-noi-dung", swap: "innerHTML" });
    }, place.dataset.read ? 120 : 0);
    place.dataset.read = "1";
    return true;
  }
  function close() {
    var place = panel();
    if (!place || place.hidden) return false;
    place.hidden = true;
    document.getElementById("cho-danh-sach").classList.remove("open");
    document.getElementById("xem-nhanh-noi-dung").textContent = "";
    clearTimeout(waiting);
    say("");
    var row = document.querySelector("tr.at");
    if (row) row.focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("row:open", function (event) {
    if (open(event.target)) event.preventDefault();
  });
  document.addEventListener("row:at", function (event) {
    keep(event.target.dataset.code || "");
    tellPlace(event.target);
    if (panel() && !panel().hidden) open(event.target);
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-panel-close]") && close()) event.preventDefault();
    var link = event.target.closest("tr[data-code] a");
    if (link) keep(link.closest("tr").dataset.code);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    if (event.target.id === "tim-trong") { event.target.blur(); return; }
    close();
  });

  /* ---- What is ticked ---- */
  function tellChosen(form) {
    var boxes = Array.prototype.slice.call(form.querySelectorAll("[data-select-row]"));
    var whole = form.querySelector("[data-select-whole]");
    var isWhole = Boolean(whole && whole.checked);
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    var shown = isWhole ? Number(form.dataset.people) : chosen;
    var words = shown.toLocaleString("vi-VN");
    boxes.forEach(function (box) {
      box.disabled = isWhole;
      box.closest("tr").classList.toggle("sel", isWhole || box.checked);
    });
    form.querySelectorAll("[data-selected-count], [data-export]").forEach(function (place) {
      place.textContent = place.dataset.words.replace("%", words);
    });
    form.querySelectorAll("[data-compare]").forEach(function (button) {
      button.disabled = isWhole || chosen < 2;
    });
    form.querySelectorAll("[data-only-chosen]").forEach(function (button) { button.disabled = isWhole; });
    form.querySelectorAll(".bulk").forEach(function (bar) { bar.hidden = shown === 0; });
    var all = form.querySelector("[data-select-all]");
    if (all) {
      all.checked = boxes.length > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  }
  /* After the general script has ticked the rows of "select all", or the form was reset. */
  function chosenChanged(form) {
    setTimeout(function () {
      var codes = Array.prototype.slice.call(form.querySelectorAll("[data-select-row]:checked"));
      keep(codes.map(function (box) { return box.value; }).join("\n"), ticks());
      tellChosen(form);
    }, 0);
  }
  function ticks() {
    var url = new URL(location.href);
    url.searchParams.delete("xem");
    return TICKED + url.search;
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-people]");
    if (form) chosenChanged(form);
  });
  document.addEventListener("reset", function (event) {
    if (event.target.matches("form[data-people]")) chosenChanged(event.target);
  });
  /* A tick on the row under the cursor. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("tr.at")) return;
    var box = event.target.querySelector("[data-select-row]");
    if (box && !box.disabled) { box.click(); event.preventDefault(); }
  });

  /* ---- The place one came back to ---- */
  function settle() {
    document.querySelectorAll("form[data-people]").forEach(tellChosen);
    var code = new URL(location.href).searchParams.get("xem") || kept();
    var row = code && rowOf(code);
    if (row) { row.classList.add("at"); row.tabIndex = -1; tellPlace(row); }
  }
  /* Who comes back, or loads the page anew, finds ticked whom they ticked. */
  function tickAgain() {
    var how = performance.getEntriesByType("navigation")[0];
    if (!how || how.type === "navigate") { keep("", ticks()); return; }
    kept(ticks()).split("\n").forEach(function (code) {
      var row = code && rowOf(code);
      if (row) row.querySelector("[data-select-row]").checked = true;
    });
  }
  document.addEventListener("DOMContentLoaded", function () { tickAgain(); settle(); });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id === "danh-sach" || document.getElementById("danh-sach") === event.target) settle();
  });
  addEventListener("pageshow", function (event) { if (event.persisted) settle(); });
})();
