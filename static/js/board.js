/* The pool editor: a side panel for people and for whom one could add, and keys on somebody's row.
   Without this file everything is a link or a form; what is proposed stands in the address. */
(function () {
  "use strict";

  var BOARD = "ban";
  var wanted = "";

  function drawer() { return document.getElementById("ngan-keo"); }
  function openDrawer(link) {
    var dialog = drawer();
    if (!dialog || !dialog.showModal) return false;
    var place = dialog.querySelector("[data-drawer-body]");
    place.textContent = "";
    dialog.querySelector("[data-drawer-page]").href = link.href;
    dialog.querySelector("[data-drawer-title]").textContent = link.dataset.title || "";
    if (!dialog.open) dialog.showModal();
    dialog.setAttribute("aria-busy", "true");
    htmx.ajax("GET", link.dataset.drawer, { target: place, swap: "innerHTML" }).then(function () {
      dialog.removeAttribute("aria-busy");
      var box = place.querySelector("input[type=search]");
      if (box) box.focus();
    });
    return true;
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-drawer]");
    if (link && link.dataset.drawer && !event.ctrlKey && !event.metaKey && !event.shiftKey && openDrawer(link)) event.preventDefault();
    if (event.target === drawer()) drawer().close();
    var way = event.target.closest("#" + BOARD + " a[hx-boost]");
    if (way) wanted = way.id;
    /* Whom one adds from the side panel: the board changes, the page stays. */
    var added = event.target.closest("#ngan-keo a[data-then]");
    if (added && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      wanted = added.dataset.then;
      htmx.ajax("GET", added.href, { source: document.getElementById(BOARD), target: "#" + BOARD, select: "#" + BOARD, swap: "outerHTML show:none" });
      history.pushState({ htmx: true }, "", added.href);
    }
  });

  /* ---- Keys on the row of somebody: Alt ↑ ↓ move, Delete takes out ---- */
  document.addEventListener("keydown", function (event) {
    var row = event.target.closest && event.target.closest("[data-nominee]");
    if (!row || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    var move = event.altKey ? { ArrowUp: "up", ArrowDown: "down" }[event.key] : event.key === "Delete" ? "out" : "";
    var way = move && row.querySelector('[data-move="' + move + '"]');
    if (!way) return;
    event.preventDefault();
    way.click();
    wanted = move === "out" ? row.id + "-doi" : row.id + "-ten";
  });

  /* ---- After a change: the panel closes, the place one was at is found again ---- */
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id !== BOARD && !event.target.querySelector("#" + BOARD)) return;
    if (drawer() && drawer().open) drawer().close();
    var place = wanted && document.getElementById(wanted);
    wanted = "";
    if (!place) return;
    var focused = place.matches("a, button, select, input") ? place : place.querySelector("a");
    if (focused) focused.focus({ preventScroll: false });
  });
})();
