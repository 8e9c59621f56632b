/* The search box of the shell: what is found shows while one types and is walked with the arrows.
   Without this file the box is a form that leads to the page of results. */
(function () {
  "use strict";

  var box = document.querySelector("[data-key-search]");
  var list = document.getElementById("tim-thay");
  if (!box || !list) return;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  function options() { return Array.prototype.slice.call(list.querySelectorAll("[role=option]")); }
  function show(isShown) {
    list.hidden = !isShown;
    box.setAttribute("aria-expanded", String(isShown));
    if (!isShown) choose(null);
  }
  function choose(option) {
    options().forEach(function (other) { other.setAttribute("aria-selected", String(other === option)); });
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }
  function chosen() { return list.querySelector('[role=option][aria-selected="true"]'); }
  function step(by) {
    var all = options();
    if (!all.length) return;
    if (list.hidden) show(true);
    var at = all.indexOf(chosen());
    choose(all[(at + by + (at < 0 && by < 0 ? 1 : 0) + all.length) % all.length]);
  }

  box.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      location.href = chosen().href;
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      show(false);
      event.preventDefault();
    }
  });
  box.addEventListener("input", function () { if (!box.value.trim()) show(false); });
  box.addEventListener("focus", function () { if (box.value.trim() && list.firstElementChild) show(true); });
  list.addEventListener("htmx:afterSwap", function () {
    show(document.activeElement === box && Boolean(list.firstElementChild));
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".find-box")) show(false);
  });
  box.form.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !box.form.contains(event.relatedTarget)) show(false);
  });
})();
