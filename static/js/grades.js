/* The grid of grades by keyboard: digits or letters set a grade, arrows and Enter move, Ctrl+Z takes back.
   Without this file the same selects and the same button do the work. The server counts and judges. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-grades]");
  if (!form) return;
  var selects = Array.prototype.slice.call(form.querySelectorAll("select[data-grade]"));
  var undoButton = form.querySelector("[data-undo]");
  var before = new Map(selects.map(function (select) { return [select, select.value]; }));
  var done = [];
  var isSent = false;

  function keyed(select, key) {
    if (key === "0" || key === "Delete" || key === "Backspace") return "";
    var option = Array.prototype.find.call(select.options, function (each) {
      return each.dataset.keys && each.dataset.keys.indexOf(key.toLowerCase()) >= 0;
    });
    return option ? option.value : null;
  }
  function mark(select) {
    select.closest("tr").classList.toggle("sel", select.value !== select.dataset.saved);
    before.set(select, select.value);
    if (undoButton) undoButton.disabled = done.length === 0;
  }
  function set(select, value) {
    if (select.value === value) return;
    done.push([select, select.value]);
    select.value = value;
    mark(select);
    form.dispatchEvent(new CustomEvent("grades-changed"));
  }
  function undo() {
    var last = done.pop();
    if (!last) return;
    last[0].value = last[1];
    mark(last[0]);
    last[0].focus();
    form.dispatchEvent(new CustomEvent("grades-changed"));
  }
  function move(select, step) {
    var next = selects[selects.indexOf(select) + step];
    if (next) next.focus();
  }
  function shift(select, step) {
    var at = Math.min(Math.max(select.selectedIndex + step, 0), select.options.length - 1);
    set(select, select.options[at].value);
  }

  form.addEventListener("keydown", function (event) {
    var select = event.target.closest("select[data-grade]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      undo();
      return;
    }
    if (!select || event.ctrlKey || event.metaKey || event.altKey) return;
    var steps = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 };
    var shifts = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key in steps) { move(select, steps[event.key]); }
    else if (event.key in shifts) { shift(select, shifts[event.key]); }
    else {
      var value = event.key.length === 1 || event.key === "Delete" || event.key === "Backspace" ? keyed(select, event.key) : null;
      if (value === null) return;
      set(select, value);
    }
    event.preventDefault();
  });
  form.addEventListener("change", function (event) {
    var select = event.target.closest("select[data-grade]");
    if (!select || before.get(select) === select.value) return;
    done.push([select, before.get(select)]);
    mark(select);
  });
  if (undoButton) undoButton.addEventListener("click", undo);

  /* Work that is not saved is not lost by a slip. */
  form.addEventListener("submit", function () { isSent = true; });
  addEventListener("beforeunload", function (event) {
    var isDirty = selects.some(function (select) { return select.value !== select.dataset.saved; });
    if (isDirty && !isSent) event.preventDefault();
  });
})();
