/* The evidence beside findings: [ and ] go to the one before and after, Escape closes. Without this file
   the same links open pages. */
(function () {
  "use strict";

  function place() { return document.querySelector("[data-evidence]"); }
  function shown() { var drawer = place(); return drawer && drawer.firstElementChild ? drawer : null; }
  function isTyping(target) { return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName); }

  function mark() {
    var drawer = shown();
    document.querySelectorAll(".insp-cols").forEach(function (cols) { cols.classList.toggle("is-open", Boolean(drawer)); });
  }
  function close(event) {
    var drawer = shown();
    var link = drawer && drawer.querySelector("[data-evidence-close]");
    if (!link) return;
    event.preventDefault();
    history.pushState(null, "", link.getAttribute("href"));
    drawer.textContent = "";
    mark();
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    if (event.key === "Escape") { close(event); return; }
    var drawer = shown();
    var link = drawer && drawer.querySelector('[data-evidence-key="' + CSS.escape(event.key) + '"]');
    if (link) { event.preventDefault(); link.click(); }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-evidence-close]")) close(event);
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target === place()) { mark(); event.target.scrollTop = 0; }
  });
})();
